import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../engines/temporal/testing/inspector.ts';
import { newId } from '../../src/core/ids.ts';
import { type ModelClient, ModelError } from '../../src/core/model.ts';
import { createModelClient } from '../../src/models/client.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { loadRun } from '../../src/runs/load.ts';
import type { Database } from '../../src/store/connect.ts';
import { createJournalWriter } from '../../src/store/journal-writer.ts';
import { getRun } from '../../src/store/runs.ts';
import { approvalsIn, settings } from '../support/approvals.ts';
import { openInspector, startCluster } from '../support/cluster.ts';
import { createTestDatabase } from '../support/database.ts';
import { functionTool, insertAgent, silent } from '../support/engine.ts';
import { eventually, queueRuns } from '../support/engine-process.ts';
import { needsSkippedTime, startTimeSkippingServer } from '../support/time-skipping-server.ts';
import { callTurn, finishTurn } from '../support/turns.ts';

// Waits of a month, of real runs on a Temporal server whose time is skipped. The clock of Postgres cannot be moved:
// what it knows of runs becomes older instead.

const dayMs = 86_400_000;
const monthMs = 30 * dayMs;
/** A little longer, so that whatever ends after a month has ended. */
const skippedMs = monthMs + 60_000;

describe('a wait of thirty days', needsSkippedTime, () => {
  test('for a time, and for a person, ends as it should, with a short history', async () => {
    await using database = await createTestDatabase();
    await using server = await startTimeSkippingServer();
    const { db } = database;
    await using world = await drivenAt(db, server.address);
    const patient = { ...unlimited, timeout_ms: 31 * dayMs };
    const asking = settings({ expires_after_ms: 60 * dayMs });
    const agent = await insertAgent(db, { limits: patient, approvals: asking });
    const queue = async (model: string) =>
      (await queueRuns(db, { agent, n: 1, model, engine: 'temporal' }))[0] ?? '';
    const [timed, asked] = [await queue('scripted/away'), await queue('scripted/pay')];
    const becomes = (id: string, status: string) =>
      eventually(async () => (await getRun(db, 'all', id))?.status === status, 60_000);
    await becomes(timed, 'waiting');
    await becomes(asked, 'waiting');
    const [approval] = await approvalsIn(db).pending(asked);
    const hasTimer = ({ eventType }: HistoryEvent) => eventType === 'EVENT_TYPE_TIMER_STARTED';
    await eventually(async () => (await world.historyOf(timed)).some(hasTimer), 60_000);

    await world.skip(skippedMs);
    await becomes(timed, 'completed');
    await becomes(asked, 'waiting');
    await approvalsIn(db).decide(approval?.id, 'approve');
    await becomes(asked, 'completed');

    const waited = await world.historyOf(timed);
    expect(longestPause(waited)).toMatchObject({ endedBy: 'EVENT_TYPE_TIMER_FIRED' });
    const decided = await world.historyOf(asked);
    const signalled = 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED';
    expect(longestPause(decided)).toMatchObject({ endedBy: signalled });
    for (const history of [waited, decided]) {
      expect(longestPause(history).ms).toBeGreaterThanOrEqual(monthMs);
      expect(history.length).toBeLessThan(30);
    }
  }, 180_000);
});

const unlimited = { max_steps: null, max_tokens: null, max_cost_usd: null };

/** A process that drives runs there, and what is in the server's histories. */
async function drivenAt(db: Database, address: string) {
  await using undo = new AsyncDisposableStack();
  const writer = undo.use(createJournalWriter(db));
  const commits = new EventEmitter();
  const models = awayForAMonth();
  const deps = { db, writer, definitions: createDefinitions(db), models, defaultModel: null };
  const pay = { ...functionTool('pay', async () => 'paid'), requiresApproval: true };
  undo.use(
    await startCluster({
      ...{ address, taskQueue: newId('process'), drainMs: 500 },
      driver: {
        ...{ db, commits, logger: silent, processName: 'long waits' },
        advance: { models, now: () => new Date() },
        load: (run) => loadRun({ ...deps, toolsFor: async () => [pay] }, run),
      },
    }),
  );
  const inspector = undo.use(await openInspector(address));
  const owned = undo.move();
  return {
    async skip(ms: number) {
      await grow(db, ms);
      await inspector.skip(ms);
    },
    async historyOf(id: string): Promise<HistoryEvent[]> {
      const run = await getRun(db, 'all', id);
      return await inspector.history(run?.runId ?? '');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** All that Postgres knows of runs is so much older; nobody is told. */
async function grow(db: Database, ms: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute('SET LOCAL session_replication_role = replica');
    const by = `make_interval(secs => ${ms / 1_000})`;
    await tx.execute(`UPDATE runs SET wake_at = wake_at - ${by}, created_at = created_at - ${by}`);
    await tx.execute(`UPDATE approvals SET expires_at = expires_at - ${by}`);
  });
}

/** The provider of one model says once that it is back in a month. */
function awayForAMonth(): ModelClient {
  const client = createModelClient({
    scripts: { away: { turns: [finishTurn()] }, pay: { turns: [callTurn('pay'), finishTurn()] } },
  });
  let isAway = true;
  return {
    ...client,
    call: async (request) => {
      if (!isAway || request.model !== 'scripted/away') return await client.call(request);
      isAway = false;
      throw new ModelError('overloaded', 'The provider is on holiday.', {
        retryLater: { afterMs: monthMs },
      });
    },
  };
}

/** Between one event and the next. */
function longestPause(events: readonly HistoryEvent[]) {
  const times = events.map(({ eventTime }) => {
    const { seconds = '0', nanos = 0 } = eventTime as { seconds?: string; nanos?: number };
    return Number(seconds) * 1_000 + nanos / 1e6;
  });
  const pauses = times.map((time, at) => time - (times[at - 1] ?? time));
  const ms = Math.max(...pauses);
  return { ms, endedBy: events[pauses.indexOf(ms)]?.eventType };
}
