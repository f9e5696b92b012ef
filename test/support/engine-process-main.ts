import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import type { DriveDeps } from '../../src/engine/drive-run.ts';
import { LocalEngine } from '../../src/engine/local.ts';
import { serveAlone } from '../../src/engine/serve-alone.ts';
import { createModelClient } from '../../src/models/client.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { loadRun } from '../../src/runs/load.ts';
import { openDatabase } from '../../src/store/connect.ts';
import type { JournalUnit } from '../../src/store/journal-unit.ts';
import { createJournalWriter } from '../../src/store/journal-writer.ts';
import { getRun } from '../../src/store/runs.ts';
import type { ToolCall, ToolCallResult } from '../../src/tools/tool.ts';
import { askTurn } from './agent-pair.ts';
import { startCluster } from './cluster.ts';
import { dyingAround } from './dying-database.ts';
import { functionTool, silent } from './engine.ts';
import { callTurn, finishTurn } from './turns.ts';

// An engine as a process of its own, for tests that kill and freeze it. Its times are a tenth of the usual,
// unless it is `patient`. With TEMPORAL_ADDRESS its engine is that cluster's.
//   node test/support/engine-process-main.ts NAME [freeze|patient|die:PLACE]      with DATABASE_URL
// Its tools write who called them into the table `ledger`. With `freeze` it stops itself (SIGSTOP) once,
// when the intent of a tool call is committed and the step that starts it has begun. With `die:before:NAME` or
// `die:after:NAME` it kills itself (SIGKILL) around the statement of that name, with `die:child-end` once the end of
// a run that another asked for has been committed. SIGTERM ends it in order.

const [name = 'engine', what] = process.argv.slice(2);
const times = what === 'patient' ? {} : { beatMs: 100, lapseMs: 500, deadAfterMs: 1_000 };
const url = process.env.DATABASE_URL ?? '';
const dies = what?.startsWith('die:') ? what.slice('die:'.length) : undefined;
const db = dyingAround(openDatabase({ kind: 'url', url }, { max: 8 }), dies);
const writer = createJournalWriter(db);
const commits = new EventEmitter();
commits.setMaxListeners(0);

const note = async (tool: string, key: string) => {
  await db.execute({
    text: 'INSERT INTO ledger (tool, key, pid) VALUES ($1, $2, $3)',
    values: [tool, key, process.pid],
  });
};
const tools = [
  functionTool('note', (_, { key }) => note('note', key)),
  { ...functionTool('pay', (_, { key }) => note('pay', key)), requiresApproval: true },
  functionTool('hold', async (_, { key, signal }) => {
    await note('hold', key);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }),
  {
    ...functionTool('save', async () => null, { idempotent: true }),
    call: async ({ key }: ToolCall): Promise<ToolCallResult> => {
      await note('save', key);
      const bytes = Buffer.from(`made by ${process.pid}`);
      const files = [{ name: 'made.txt', mediaType: 'text/plain', bytes }];
      const outputJson = '{"message":"ok"}';
      return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs: 0, files };
    },
  },
  functionTool(
    'poison',
    async (_, { key }) => {
      await note('poison', key);
      process.kill(process.pid, 'SIGKILL');
    },
    { idempotent: true },
  ),
];

let freezesAt: 'intent' | 'next step' | null = what === 'freeze' ? 'intent' : null;
const watchedWriter = {
  async submit(unit: JournalUnit) {
    const outcome = await writer.submit(unit);
    const hasIntent = unit.entries.some((entry) => entry.type === 'tool');
    if (unit.next.kind === 'end' && outcome === 'committed') await dieAtChildEnd(unit.runId);
    if (hasIntent && freezesAt === 'intent') freezesAt = 'next step';
    return outcome;
  },
};
/** The loop asks for the time when it has begun a step and has not yet started its calls. */
const now = () => {
  if (freezesAt === 'next step') {
    freezesAt = null;
    process.kill(process.pid, 'SIGSTOP');
  }
  return new Date();
};

const turns = (tool: string) => ({ turns: [callTurn(tool), finishTurn()] });
const models = createModelClient({
  scripts: {
    note: { turns: [{ answer: { ...callTurn('note').answer, delay_ms: 50 } }, finishTurn()] },
    hold: turns('hold'),
    poison: turns('poison'),
    pay: turns('pay'),
    save: turns('save'),
    late: { turns: [{ answer: { ...finishTurn().answer, delay_ms: 600_000 } }] },
    ask: { turns: [askTurn('agent_2_helper', 'agent_2_helper'), finishTurn()] },
  },
});
const definitions = createDefinitions(db);
const deps: DriveDeps = {
  db,
  advance: { models, now },
  load: (run) =>
    loadRun(
      {
        db,
        writer: watchedWriter,
        definitions,
        toolsFor: async () => tools,
        models,
        defaultModel: null,
      },
      run,
    ),
  logger: { ...silent, error: (fields, text) => console.error(text, fields) },
  commits,
};

async function dieAtChildEnd(runId: string): Promise<void> {
  if (dies !== 'child-end') return;
  const run = await getRun(db, 'all', runId);
  if (run?.parentRunId !== null) process.kill(process.pid, 'SIGKILL');
}

if (what === 'drive-alone') {
  const membership = { db, processName: name, logger: silent, ...times };
  await serveAlone({ deps, membership, channel: process, drainMs: 500 });
  await writer[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
} else {
  const driving = {
    ...deps,
    ...times,
    processName: `${hostname()} ${name}`,
    commits,
    sweepMs: 200,
    alone: {
      spawn: () =>
        spawn(process.execPath, [process.argv[1] ?? '', name, 'drive-alone'], {
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        }),
      maxChildren: 2,
    },
  };
  const address = process.env.TEMPORAL_ADDRESS;
  const taskQueue = process.env.SIGNALBOX_TEMPORAL_TASK_QUEUE ?? 'signalbox';
  const engine =
    address === undefined
      ? new LocalEngine({ ...driving, maxRuns: 200, pollMs: 20, drainMs: 500 })
      : await startCluster({ address, taskQueue, driver: driving, drainMs: 500 });
  if (engine instanceof LocalEngine) await engine.start();
  process.stdout.write('ready\n');
  process.once('SIGTERM', async () => {
    await engine[Symbol.asyncDispose]();
    await writer[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  });
}
