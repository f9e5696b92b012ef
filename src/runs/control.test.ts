import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { pauseAgent, resumeAgent } from '../agents/pause-agent.ts';
import { getAgent } from '../store/agents.ts';
import { readJournal } from '../store/journal.ts';
import { parkRunsOfPaused, sweepParkedRuns } from '../store/pauses.ts';
import { getRun } from '../store/runs.ts';
import { dispatchRun } from './dispatch.ts';
import { retryFailedRuns } from './retry-failed.ts';
import { stepsOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function agentOf(id: string) {
  const agent = await getAgent(database.db, 'all', id);
  if (agent === null) throw new Error(id);
  return agent;
}

describe('a paused agent', () => {
  test('accepts runs, which begin when it is resumed; what has begun goes on', async () => {
    const { db } = database;
    const held = Promise.withResolvers<void>();
    const started: string[] = [];
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [callTurn('slow'), finishTurn()] } },
      tools: [
        functionTool('slow', async (_, { key }) => {
          started.push(key.split(':')[0] ?? '');
          if (started.length === 1) await held.promise;
        }),
      ],
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const begun = await engine.dispatch(agentId);
    while (started.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await pauseAgent(db, 'all', agentId)).pausedAt).toBeInstanceOf(Date);
    const waiting = await Promise.all([engine.dispatch(agentId), engine.dispatch(agentId)]);
    held.resolve();
    expect((await engine.ended(begun)).status).toBe('completed');
    expect(await sweepParkedRuns(db)).toBe(0);
    const states = await Promise.all(waiting.map((id) => getRun(db, 'all', id)));
    expect(states.map((run) => [run?.status, run?.owner, run?.wakeAt])).toEqual([
      ['accepted', null, null],
      ['accepted', null, null],
    ]);
    expect(started).toEqual([begun]);
    expect((await resumeAgent(db, 'all', agentId)).pausedAt).toBeNull();
    for (const id of waiting) expect((await engine.ended(id)).status).toBe('completed');
  });

  test('holds runs up that were queued before, and nothing stays parked after it', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    const { agentId } = await insertAgent(db);
    const queued = await engine.dispatch(agentId);
    await pauseAgent(db, 'all', agentId);
    expect((await getRun(db, 'all', queued))?.wakeAt).toBeNull();
    // As if the process that dispatched had died after the pause was over, before it looked again.
    await db.execute({
      text: 'UPDATE agents SET paused_at = NULL WHERE id = $1',
      values: [agentId],
    });
    expect(await sweepParkedRuns(db)).toBe(1);
    await engine.start();
    expect((await engine.ended(queued)).status).toBe('completed');
  });

  test('parks what was dispatched while it was being paused, and had not begun', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    const { agentId } = await insertAgent(db);
    const other = await engine.dispatch((await insertAgent(db)).agentId);
    // The dispatch has read the agent, and is committed after the pause.
    const queued = await engine.dispatch(agentId);
    const tested = await engine.dispatch(agentId);
    await db.execute({
      text: "UPDATE runs SET test_run_id = 'tn' WHERE id = $1",
      values: [tested],
    });
    await db.execute({
      text: 'UPDATE agents SET paused_at = clock_timestamp() WHERE id = $1',
      values: [agentId],
    });
    expect(await parkRunsOfPaused(db)).toBe(1);
    expect(await sweepParkedRuns(db)).toBe(0);
    expect((await getRun(db, 'all', queued))?.wakeAt).toBeNull();
    expect((await getRun(db, 'all', other))?.wakeAt).not.toBeNull();
    expect((await getRun(db, 'all', tested))?.wakeAt).not.toBeNull();
    await resumeAgent(db, 'all', agentId);
    await engine.start();
    expect((await engine.ended(queued)).status).toBe('completed');
    expect((await engine.ended(other)).status).toBe('completed');
  });

  test('that is resumed while a run is being dispatched leaves none behind', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const paused = await pauseAgent(db, 'all', agentId);
    await resumeAgent(db, 'all', agentId);
    const result = await dispatchRun(engine.deps, {
      agent: paused,
      trigger: null,
      source: 'manual',
      payloadJson: '{}',
      entityId: null,
      additionalInstructions: null,
      traceparent: null,
      idempotency: null,
    });
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    expect((await engine.ended(result.id)).status).toBe('completed');
  });
});

describe('the retry of failed runs', () => {
  test('retries each of them once, however often and at the same time it is asked for', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: {
        test: { turns: [{ answer: { error: { kind: 'bad_request', message: 'no' } } }] },
        good: { turns: [finishTurn()] },
      },
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const failed = await Promise.all(
      Array.from({ length: 12 }, (_, n) => engine.dispatch(agentId, `{"n":${n}}`)),
    );
    for (const id of failed) expect((await engine.ended(id)).status).toBe('failed');
    const [first] = await Promise.all(failed.map((id) => getRun(db, 'all', id)));
    const since = new Date(Date.now() - 3_600_000);
    const agent = await agentOf(agentId);
    const mended = { ...agent, definition: { ...agent.definition, model: 'scripted/good' } };
    const ask = (change: object = {}) =>
      retryFailedRuns(engine.deps, {
        agent: mended,
        since,
        until: null,
        stopReasons: null,
        limit: 1_000,
        traceparent: null,
        ...change,
      });
    expect(await ask({ stopReasons: ['timeout'] })).toEqual({ retried: [], more: false });
    expect(await ask({ until: since })).toEqual({ retried: [], more: false });
    const some = await ask({ limit: 2 });
    expect([some.retried.length, some.more]).toEqual([2, true]);
    const both = await Promise.all([ask(), ask(), ask()]);
    const all = [...some.retried, ...both.flatMap(({ retried }) => retried)];
    expect(all.map(({ retryOf }) => retryOf).toSorted()).toEqual(failed.toSorted());
    for (const { id, retryOf } of all) {
      const run = await engine.ended(id);
      expect(run).toMatchObject({ status: 'completed', retryOf });
      if (retryOf === first?.id) expect(run.payloadJson).toBe('{"n":0}');
    }
    expect(await ask()).toEqual({ retried: [], more: false });
    await expect(ask({ agent: { ...mended, enabled: false } })).rejects.toMatchObject({
      problem: 'agent_disabled',
    });
  });
});

describe('a dry run', () => {
  test('writes calls with outside effects down, makes the others, and tells the model', async () => {
    const { db } = database;
    const made: string[] = [];
    const tool = (name: string, hasEffects: boolean) =>
      functionTool(name, async () => void made.push(name), { hasEffects });
    await using engine = await startTestEngine({
      db,
      scripts: {
        test: {
          turns: [
            {
              expect: { contains: ['This run may change nothing outside'] },
              ...callTurn('send', 'look'),
            },
            { expect: { contains: ['written down and not made'] }, ...finishTurn() },
          ],
        },
      },
      tools: [tool('send', true), tool('look', false)],
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const result = await dispatchRun(engine.deps, {
      agent: await agentOf(agentId),
      trigger: null,
      source: 'manual',
      payloadJson: '{}',
      entityId: null,
      additionalInstructions: null,
      traceparent: null,
      idempotency: null,
      dryRun: true,
    });
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    expect(await engine.ended(result.id)).toMatchObject({ status: 'completed', dryRun: true });
    expect(made).toEqual(['look']);
    const steps = stepsOf(result.id, await readJournal(db, result.id));
    expect(steps.map(({ name, status, input }) => [name, status, input])).toEqual([
      ['scripted/test', 'done', null],
      ['send', 'planned', { of: 'send' }],
      ['look', 'done', { of: 'look' }],
      ['scripted/test', 'done', null],
    ]);
  });
});
