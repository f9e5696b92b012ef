import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { insertAgentRow, insertRunRow, modelEntry } from '../../test/support/runs.ts';
import { finishTurn } from '../../test/support/turns.ts';
import { type ModelClient, ModelError } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import { readJournal } from '../store/journal.ts';
import { commitUnits } from '../store/journal-writer.ts';
import { getRun } from '../store/runs.ts';
import { wakeRun } from '../store/wake.ts';
import { cancelRun } from './cancel.ts';
import { stepsOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** A model whose provider is away for the first calls, those of `models` only if they are named. */
function awayFor(calls: number, given: { afterMs?: number; models?: readonly string[] } = {}) {
  const client = createModelClient({
    scripts: { test: { turns: [finishTurn()] }, other: { turns: [finishTurn()] } },
  });
  const asked: string[] = [];
  const model: ModelClient = {
    ...client,
    call: async (request) => {
      const isAway = given.models?.includes(request.model) ?? true;
      asked.push(request.model);
      if (!isAway || asked.length > calls) return await client.call(request);
      throw new ModelError('overloaded', `${request.model}: HTTP 529: Overloaded.`, {
        retryLater: { afterMs: given.afterMs ?? null },
      });
    },
  };
  return { model, asked };
}

/** As if the time had passed. */
async function pass(id: string): Promise<number> {
  const run = await waiting(id);
  const waitedMs = (run.wakeAt?.getTime() ?? 0) - Date.now();
  await wakeRun(database.db, id);
  return waitedMs;
}

async function waiting(id: string) {
  for (;;) {
    const run = await getRun(database.db, 'all', id);
    if (run === null || run.completedAt !== null) throw new Error(`Run ${id} does not wait.`);
    if (run.status === 'waiting') return run;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a run whose model is not available', () => {
  test('waits as a row, longer each time, and goes on when it is', async () => {
    const { model } = awayFor(3);
    await using engine = await startTestEngine({ db: database.db, models: model });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    expect(await waiting(id)).toMatchObject({ owner: null, status: 'waiting' });
    while (engine.engine.size > 0) await new Promise((resolve) => setImmediate(resolve));
    const waits = [await pass(id)];
    for (let n = 0; n < 2; n++) {
      const before = (await getRun(database.db, 'all', id))?.lastSeq ?? 0;
      while (((await getRun(database.db, 'all', id))?.lastSeq ?? 0) < before + 2) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      waits.push(await pass(id));
    }
    expect(await engine.ended(id)).toMatchObject({ status: 'completed', disposition: 'resolved' });
    expect(waits[0]).toBeGreaterThan(4_000);
    expect(waits[1]).toBeGreaterThan(9_000);
    expect(waits[2]).toBeGreaterThan(19_000);
    expect(waits[2]).toBeLessThan(23_000);
    const steps = stepsOf(id, await readJournal(database.db, id));
    expect(steps.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'model failed',
      'delay done',
      'model failed',
      'delay done',
      'model failed',
      'delay done',
      'model done',
    ]);
    expect(steps[1]).toMatchObject({
      input: { reason: expect.stringContaining('Overloaded'), until: expect.any(String) },
    });
  });

  test('waits no shorter than the provider asks for', async () => {
    const { model } = awayFor(1, { afterMs: 120_000 });
    await using engine = await startTestEngine({ db: database.db, models: model });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    const waitedMs = await pass(id);
    expect(waitedMs).toBeGreaterThan(118_000);
    expect(waitedMs).toBeLessThan(125_000);
    expect((await engine.ended(id)).status).toBe('completed');
  });

  test('asks the fallback model first, and after a wait its own again', async () => {
    const { model, asked } = awayFor(2);
    await using engine = await startTestEngine({ db: database.db, models: model });
    await engine.start();
    const { agentId } = await insertAgent(database.db, { fallback_model: 'scripted/other' });
    const id = await engine.dispatch(agentId);
    await pass(id);
    expect((await engine.ended(id)).status).toBe('completed');
    expect(asked).toEqual(['scripted/test', 'scripted/other', 'scripted/test']);
  });

  test('fails at once when its time would be over before another try', async () => {
    const { model } = awayFor(1);
    await using engine = await startTestEngine({ db: database.db, models: model });
    await engine.start();
    const limits = { max_steps: null, max_tokens: null, max_cost_usd: null, timeout_ms: 4_000 };
    const { agentId } = await insertAgent(database.db, { limits });
    const id = await engine.dispatch(agentId);
    expect(await engine.ended(id)).toMatchObject({
      status: 'failed',
      stopReason: 'failed',
      error: expect.stringContaining('Overloaded'),
    });
  });

  test('can be cancelled while it waits', async () => {
    const { model } = awayFor(1);
    await using engine = await startTestEngine({ db: database.db, models: model });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    await waiting(id);
    await cancelRun(engine.deps, { scope: 'all', id, by: 'a test' });
    const steps = stepsOf(id, await readJournal(database.db, id));
    expect(steps.at(-1)).toMatchObject({
      type: 'delay',
      status: 'cancelled',
      error: 'Cancelled by a test.',
      input: { reason: expect.any(String) },
    });
  });

  test('gives up after eight waits in a row', async () => {
    const { model, asked } = awayFor(1_000);
    await using engine = await startTestEngine({ db: database.db, models: model });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    for (;;) {
      const run = await getRun(database.db, 'all', id);
      if (run?.completedAt !== null) break;
      if (run.status === 'waiting') await wakeRun(database.db, id);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await engine.ended(id)).toMatchObject({ status: 'failed', stopReason: 'failed' });
    expect(asked).toHaveLength(9);
  });
});

describe('a wake-up', () => {
  const owner = 'pr1';
  async function driven() {
    const agent = await insertAgentRow(database.db);
    return await insertRunRow(database.db, { ...agent, owner });
  }
  const wait = (runId: string, seq: number) =>
    commitUnits(database.db, [
      {
        runId,
        owner,
        epoch: 1,
        unitId: `${runId} ${seq}`,
        entries: [modelEntry(seq, 'x')],
        totals: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
        next: seq === 1 ? { kind: 'continue' } : { kind: 'wait', until: null },
      },
    ]);

  test('makes a run due that waits for it', async () => {
    const id = await driven();
    await wait(id, 1);
    await wait(id, 2);
    expect(await getRun(database.db, 'all', id)).toMatchObject({ status: 'waiting', wakeAt: null });
    expect(await wakeRun(database.db, id)).toBe(true);
    expect((await getRun(database.db, 'all', id))?.wakeAt).toBeInstanceOf(Date);
  });

  test('that comes before the run waits is not lost', async () => {
    const id = await driven();
    expect(await wakeRun(database.db, id)).toBe(true);
    await wait(id, 1);
    await wait(id, 2);
    const run = await getRun(database.db, 'all', id);
    expect([run?.status, run?.owner, run?.wakeAt !== null]).toEqual(['waiting', null, true]);
  });

  test('that commits while the run is about to wait is not lost', async () => {
    const id = await driven();
    await wait(id, 1);
    const waits = await database.db.transaction(async (tx) => {
      await wakeRun(tx, id);
      // Its statement begins before this transaction ends, and waits for the row.
      const committing = wait(id, 2);
      const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await database.db.query(isWaiting)).length === 0);
      return { committing };
    });
    await waits.committing;
    const run = await getRun(database.db, 'all', id);
    expect([run?.status, run?.wakeAt !== null]).toEqual(['waiting', true]);
  });

  test('does nothing to what has ended, has not begun, or does not exist', async () => {
    const agent = await insertAgentRow(database.db);
    const accepted = await insertRunRow(database.db, { ...agent, owner: null });
    await database.db.execute({
      text: 'UPDATE runs SET wake_at = NULL WHERE id = $1',
      values: [accepted],
    });
    for (const id of [accepted, 'nothing']) {
      expect(await wakeRun(database.db, id)).toBe(false);
    }
  });
});

test('ten thousand waiting runs are in no memory, and all go on when they are due', async () => {
  await using own = await createTestDatabase();
  const { db } = own;
  const { agentId, workspaceId } = await insertAgent(db);
  await db.execute({
    text: `INSERT INTO runs (id, run_id, workspace_id, agent_id, agent_version, lane, payload, model, trace_id, status, wake_at, started_at)
      SELECT 'ar' || lpad(n::text, 30, '0'), 'run_' || lpad(n::text, 32, '0'), $1, $2, 1, $2, '{}', 'scripted/test', 't',
        'waiting', clock_timestamp() + interval '1 hour', clock_timestamp()
      FROM generate_series(1, 10000) n`,
    values: [workspaceId, agentId],
  });
  await using engine = await startTestEngine({
    db,
    scripts: { test: { turns: [finishTurn()] } },
    maxRuns: 500,
  });
  await engine.start();
  await engine.ended(await engine.dispatch(agentId));
  await expect.poll(() => engine.engine.size).toBe(0);
  await db.execute(`UPDATE runs SET wake_at = clock_timestamp() WHERE status = 'waiting'`);
  for (;;) {
    const [row] = await db.query<{ open: number }>({
      text: `SELECT count(*)::int AS open FROM runs WHERE agent_id = $1 AND status <> 'completed'`,
      values: [agentId],
    });
    if (row?.open === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}, 60_000);
