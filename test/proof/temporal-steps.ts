import { EventEmitter } from 'node:events';
import { newId } from '../../src/core/ids.ts';
import { createModelClient } from '../../src/models/client.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { loadRun } from '../../src/runs/load.ts';
import type { Database } from '../../src/store/connect.ts';
import { createJournalWriter } from '../../src/store/journal-writer.ts';
import { getRun } from '../../src/store/runs.ts';
import { askTurn, insertAgentPair } from '../support/agent-pair.ts';
import { openInspector, startCluster } from '../support/cluster.ts';
import { functionTool, silent } from '../support/engine.ts';
import { eventually, queueRuns } from '../support/engine-process.ts';
import { callTurn, finishTurn } from '../support/turns.ts';

// One run of very many steps on a real Temporal server. Some of them wait for another run, so that it is driven as
// often: what Temporal keeps of it must not grow with either.

/** The server of tests suggests to continue as a new one after 600 events; a turn adds about ten. */
const mostEvents = 700;
const callsAtOnce = 4;

export async function proveSteps(
  db: Database,
  given: { readonly address: string; readonly steps: number; readonly waits: number },
) {
  const { address, steps, waits } = given;
  await using undo = new AsyncDisposableStack();
  const limits = {
    ...{ max_steps: steps, max_tokens: 100_000_000 },
    ...{ max_cost_usd: null, timeout_ms: 86_400_000 },
  };
  const pair = await insertAgentPair(db, { parent: { limits } });
  const calls = new Map<string, number>();
  const note = functionTool('note', async (_, { key }) => {
    calls.set(key, (calls.get(key) ?? 0) + 1);
  });
  const helper = { turns: [cheap(finishTurn())] };
  const parent = { turns: turnsOf({ steps, waits, tool: pair.tool }) };
  const models = createModelClient({ scripts: { parent, helper } });
  const writer = undo.use(createJournalWriter(db));
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  const definitions = createDefinitions(db);
  const deps = { db, writer, definitions, models, defaultModel: null };
  undo.use(
    await startCluster({
      ...{ address, taskQueue: newId('process'), drainMs: 500 },
      driver: {
        ...{ db, commits, logger: silent, processName: 'many steps' },
        advance: { models, now: () => new Date() },
        load: (run) => loadRun({ ...deps, toolsFor: async () => [note] }, run),
      },
    }),
  );
  const startedAt = performance.now();
  const agent = { workspaceId: pair.workspaceId, agentId: pair.parentId };
  const model = 'scripted/parent';
  const [id = ''] = await queueRuns(db, { agent, n: 1, model, engine: 'temporal' });
  const ended = async () => (await getRun(db, 'all', id))?.completedAt != null;
  await eventually(ended, 30 * 60_000);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const run = await getRun(db, 'all', id);
  if (run === null) throw new Error('The run is gone.');
  const [made] = await db.query<{ steps: number; children: number }>({
    text: `SELECT count(DISTINCT step)::int AS steps, (SELECT count(*)::int FROM runs WHERE parent_run_id = $1) AS children
           FROM journal WHERE run_id = $1 AND type IN ('model', 'tool') AND state = 'done'`,
    values: [id],
  });
  const histories = await historiesOf(undo, { address, runId: run.runId });
  const most = (of: 'events' | 'bytes') => Math.max(...histories.map((history) => history[of]));
  return {
    steps: made?.steps ?? 0,
    waits: made?.children ?? 0,
    drives: run.epoch,
    executions: histories.length,
    mostEventsOfOne: most('events'),
    mostBytesOfOne: most('bytes'),
    events: histories.reduce((sum, { events }) => sum + events, 0),
    seconds,
    notCompleted: run.status === 'completed' ? 0 : 1,
    missingSteps: steps - (made?.steps ?? 0),
    repeatedCalls: [...calls.values()].filter((times) => times > 1).length,
    overgrown: histories.filter(({ events }) => events > mostEvents).length,
  };
}

/** As many steps as are asked for: turns of five, turns of two that wait for a run, and the decision. */
function turnsOf(given: { readonly steps: number; readonly waits: number; readonly tool: string }) {
  const { steps, waits, tool } = given;
  let left = steps - 1 - 2 * waits;
  const working: object[] = [];
  for (; left >= 2; left -= 1 + callsAtOnce) {
    const names = Array.from({ length: Math.min(callsAtOnce, left - 1) }, () => 'note');
    working.push(callTurn(...names));
  }
  const turns = Array.from({ length: waits }, (_, at) => [
    ...working.slice(share(at, waits, working), share(at + 1, waits, working)),
    askTurn(tool),
  ]).flat();
  return [...(waits === 0 ? working : turns), finishTurn()].map((turn) =>
    cheap(turn as { readonly answer: object }),
  );
}

const share = (at: number, of: number, items: readonly unknown[]) =>
  Math.floor((at * items.length) / of);

const cheap = <Answer extends object>({ answer }: { readonly answer: Answer }) => ({
  answer: { ...answer, usage: { input_tokens: 1, output_tokens: 1 } },
});

/** Of every execution, the latest first. */
async function historiesOf(
  undo: AsyncDisposableStack,
  { address, runId }: { readonly address: string; readonly runId: string },
) {
  const inspector = undo.use(await openInspector(address));
  const found: { readonly events: number; readonly bytes: number }[] = [];
  const isOver = async () => (await inspector.describe(runId)).status.name === 'COMPLETED';
  await eventually(isOver, 60_000);
  for (let execution: string | undefined; ; ) {
    const events = await inspector.history(runId, execution);
    const { historySize = 0 } = await inspector.describe(runId, execution);
    found.push({ events: events.length, bytes: historySize });
    const started = events[0]?.workflowExecutionStartedEventAttributes as Started | undefined;
    execution = started?.continuedExecutionRunId;
    if (execution === undefined || execution === '') return found;
  }
}

interface Started {
  readonly continuedExecutionRunId?: string;
}
