import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  mortalDatabase,
  startTestEngine,
} from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { ModelRequest } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import { cancelRun } from '../runs/cancel.ts';
import { retryRun } from '../runs/retry.ts';
import { stepsOf } from '../runs/steps.ts';
import { readJournal } from '../store/journal.ts';
import { getRun } from '../store/runs.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const price = { input: 1_000_000, output: 1_000_000 };

describe('cancel and retry', () => {
  test('cancel stops the call in flight, shuts the owner out, and is final', async () => {
    const { db } = database;
    const began = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const tools = [
      functionTool('slow', async (_, { signal }) => {
        began.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted.resolve();
      }),
    ];
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [callTurn('slow')] } },
      tools,
    });
    await engine.start();
    const { agentId, workspaceId } = await insertAgent(db);
    const id = await engine.dispatch(agentId);
    await began.promise;
    const request = { scope: [workspaceId], id, by: 'a test' };
    expect(await cancelRun(engine.deps, request)).toMatchObject({ status: 'cancelled' });
    await aborted.promise;
    const ended = await engine.ended(id);
    expect(ended).toMatchObject({
      status: 'cancelled',
      stopReason: 'cancelled',
      error: 'Cancelled by a test.',
    });
    const steps = stepsOf(id, await readJournal(db, id));
    expect(steps.at(-1)).toMatchObject({ name: 'slow', status: 'cancelled' });
    await expect(cancelRun(engine.deps, request)).rejects.toMatchObject({ problem: 'conflict' });
    await expect(cancelRun(engine.deps, { ...request, scope: ['ws'] })).rejects.toMatchObject({
      problem: 'not_found',
    });
  });

  test('retry starts a new run with the same payload, once the first has ended', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    const { agentId } = await insertAgent(db);
    const id = await engine.dispatch(agentId, '{"b":1,"a":2}');
    const request = { scope: 'all' as const, id, traceparent: null, idempotency: null };
    await expect(retryRun(engine.deps, request)).rejects.toMatchObject({ problem: 'conflict' });
    await engine.start();
    await engine.ended(id);
    const again = await retryRun(engine.deps, request);
    if (again.kind !== 'dispatched') throw new Error(again.kind);
    expect(await engine.ended(again.id)).toMatchObject({
      status: 'completed',
      retryOf: id,
      payloadJson: '{"b":1,"a":2}',
    });
  });
});

describe('a run whose owner died', () => {
  /** An engine that stops where the hook says, as if its process had been killed there. */
  async function crashAt(stage: 'model' | 'tool', idempotent: boolean) {
    const { db } = database;
    const reached = Promise.withResolvers<void>();
    const forever = new Promise<never>(() => {});
    const turns = [callTurn('pay'), finishTurn()];
    const requests: ModelRequest[] = [];
    const scripted = createModelClient({ scripts: { test: { turns, price } } });
    let hang = true;
    const models = {
      ...scripted,
      call: async (request: ModelRequest) => {
        requests.push(request);
        if (hang && stage === 'model' && requests.length === 2) {
          reached.resolve();
          await forever;
        }
        return await scripted.call(request);
      },
    };
    let paid = 0;
    const tools = [
      functionTool(
        'pay',
        async () => {
          paid += 1;
          if (hang && stage === 'tool') {
            reached.resolve();
            await forever;
          }
          return 'paid';
        },
        { idempotent },
      ),
    ];
    const processName = `crash ${stage} ${idempotent}`;
    const { agentId } = await insertAgent(db);
    const mortal = mortalDatabase(db);
    const first = await startTestEngine({ db: mortal.db, models, tools, processName });
    await first.start();
    const id = await first.dispatch(agentId);
    await reached.promise;
    hang = false;
    await mortal.kill();
    await using second = await startTestEngine({ db, models, tools, processName });
    await second.start();
    const ended = await second.ended(id);
    return { id, ended, requests, paid, steps: stepsOf(id, await readJournal(db, id)) };
  }

  test('is resumed without asking again for what is committed, and shows the lost model call', async () => {
    const { ended, requests, paid, steps } = await crashAt('model', false);
    expect(ended.status).toBe('completed');
    expect(paid).toBe(1);
    expect(requests.map((request) => request.messages.length)).toEqual([2, 4, 4]);
    expect(steps.map((step) => [step.type, step.status])).toEqual([
      ['model', 'done'],
      ['tool', 'done'],
      ['model', 'lost'],
      ['model', 'done'],
    ]);
    expect(steps[2]?.costUsd).toBeGreaterThan(0);
  });

  test('does not repeat a tool call that was in flight, and tells the model so', async () => {
    const { ended, requests, paid, steps } = await crashAt('tool', false);
    expect(ended.status).toBe('completed');
    expect(paid).toBe(1);
    expect(steps.map((step) => step.status)).toEqual(['done', 'interrupted', 'done']);
    expect(requests.at(-1)?.messages.at(-1)?.text).toContain('interrupted by a crash');
  });

  test('repeats a call of an idempotent tool, with the same key', async () => {
    const { ended, paid, steps } = await crashAt('tool', true);
    expect(ended.status).toBe('completed');
    expect(paid).toBe(2);
    expect(steps.map((step) => [step.status, step.attempts])).toEqual([
      ['done', 1],
      ['done', 2],
      ['done', 1],
    ]);
  });
});

describe('the engine', () => {
  test('takes what comes beyond its room from the database, and loses nothing', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
      maxRuns: 3,
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const ids = await Promise.all(Array.from({ length: 40 }, () => engine.dispatch(agentId)));
    const ended = await Promise.all(ids.map((id) => engine.ended(id)));
    expect(ended.every((one) => one.status === 'completed')).toBe(true);
  });

  test('hands its open runs back when it stops, and another goes on with them', async () => {
    const { db } = database;
    const began = Promise.withResolvers<void>();
    const slow = functionTool('slow', async (_, { signal }) => {
      began.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    const scripts = { test: { turns: [callTurn('slow'), finishTurn()] } };
    const { agentId } = await insertAgent(db);
    const first = await startTestEngine({ db, scripts, tools: [slow] });
    await first.start();
    const id = await first.dispatch(agentId);
    await began.promise;
    await first[Symbol.asyncDispose]();
    expect(await getRun(db, 'all', id)).toMatchObject({ status: 'running', owner: null });
    await using second = await startTestEngine({ db, scripts, tools: [slow] });
    await second.start();
    expect(await second.ended(id)).toMatchObject({ status: 'completed' });
  });
});
