import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  mortalDatabase,
  startTestEngine,
} from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import { sweepChunks } from '../store/run-chunks.ts';
import { cancelRun } from './cancel.ts';
import { fromTheStart, type RunEvent, RunFeeds, type WatchPosition } from './watch.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** A model whose answers the test speaks, piece by piece. */
function spokenModel() {
  let called = Promise.withResolvers<ModelRequest & { answer(text: string): void }>();
  const client: ModelClient = {
    ...createModelClient(),
    whyUnusable: () => null,
    whyIncomplete: () => null,
    call: (request) => {
      const answered = Promise.withResolvers<ModelAnswer>();
      request.signal?.addEventListener('abort', () => answered.reject(request.signal?.reason));
      called.resolve({ ...request, answer: (text) => answered.resolve(answerOf(text)) });
      return answered.promise;
    },
  };
  return {
    client,
    /** The next call, once it is made. */
    async call() {
      const call = await called.promise;
      called = Promise.withResolvers();
      return call;
    },
  };
}

function answerOf(text: string): ModelAnswer {
  const usage = {
    inputTokens: 1,
    outputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
  };
  const rest = { reasoning: null, toolCalls: [], costUsd: 0, failedAttempts: [] };
  return { text, finishReason: 'stop', usage, ...rest };
}

/** Reads a stream one event after the other, and remembers where it stands. */
function reader(feeds: RunFeeds, id: string, after: WatchPosition = fromTheStart) {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(15_000)]);
  const events = feeds.watch({ id, after, signal });
  const next = async (): Promise<RunEvent> => {
    const { value, done } = await events.next();
    if (done === true) throw new Error('The stream has ended.');
    return value;
  };
  return {
    next,
    stop: () => stop.abort(),
    async rest(): Promise<RunEvent[]> {
      const seen: RunEvent[] = [];
      for await (const event of events) seen.push(event);
      return seen;
    },
  };
}

const brief = (event: RunEvent) => {
  switch (event.kind) {
    case 'entry':
      return `${event.entry.seq} ${event.entry.type} ${event.entry.state}`;
    case 'text':
      return `${event.seq}.${event.attempt}.${event.n} ${event.text}`;
    case 'reset':
      return `reset ${event.seq} of ${event.attempt}`;
    case 'end':
      return `${event.seq} ${event.run.status}`;
  }
};

describe('text of a model', () => {
  test('is shown while it comes, in this process and in others, and its step replaces it', async () => {
    const model = spokenModel();
    await using engine = await startTestEngine({ db: database.db, models: model.client });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    const call = await model.call();
    const here = reader(engine.feeds, id);
    const elsewhere = new RunFeeds({
      db: database.db,
      commits: new EventEmitter(),
      pollMs: 10,
    });
    call.onText?.('Good ', 1);
    call.onText?.('morning', 1);
    expect(brief(await here.next())).toBe('1.101.1 Good morning');
    const there = reader(elsewhere, id);
    expect(brief(await there.next())).toBe('1.101.1 Good morning');
    call.onText?.(', \uD83D', 1);
    expect(brief(await here.next())).toBe('1.101.2 , \uD83D');
    call.onText?.('\uDE00', 1);
    expect(brief(await here.next())).toBe('1.101.3 \uDE00');

    const resumed = reader(elsewhere, id, { seq: 0, text: { attempt: 101, n: 2 } });
    expect(brief(await resumed.next())).toBe('1.101.3 \uDE00');
    call.answer('Good morning, 😀');
    const end = ['1 model done', '2 completed'];
    expect((await here.rest()).map(brief)).toEqual(end);
    expect((await resumed.rest()).map(brief)).toEqual(end);
    expect((await there.rest()).map(brief).slice(-2)).toEqual(end);
    const late = reader(elsewhere, id, { seq: 0, text: { attempt: 101, n: 2 } });
    expect((await late.rest()).map(brief)).toEqual(end);
  });

  test('of an attempt that failed is taken back when the next one speaks', async () => {
    const model = spokenModel();
    await using engine = await startTestEngine({ db: database.db, models: model.client });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    const call = await model.call();
    const events = reader(engine.feeds, id);
    call.onText?.('Half an ans', 1);
    expect(brief(await events.next())).toBe('1.101.1 Half an ans');
    call.onText?.('All of it', 2);
    expect(brief(await events.next())).toBe('reset 0 of 101');
    expect(brief(await events.next())).toBe('1.102.1 All of it');
    const resumed = reader(engine.feeds, id, { seq: 0, text: { attempt: 101, n: 1 } });
    expect(brief(await resumed.next())).toBe('reset 0 of 101');
    expect(brief(await resumed.next())).toBe('1.102.1 All of it');
    call.answer('All of it');
    expect((await events.rest()).map(brief)).toEqual(['1 model done', '2 completed']);
    await resumed.rest();
  });

  test('of an owner that died is taken back when another takes over', async () => {
    const model = spokenModel();
    const mortal = mortalDatabase(database.db);
    const processName = 'the one that dies';
    const first = await startTestEngine({ db: mortal.db, models: model.client, processName });
    await first.start();
    const { agentId } = await insertAgent(database.db);
    const id = await first.dispatch(agentId);
    const lost = await model.call();
    const feeds = new RunFeeds({ db: database.db, commits: first.commits, pollMs: 10 });
    const events = reader(feeds, id);
    lost.onText?.('I was say', 1);
    expect(brief(await events.next())).toBe('1.101.1 I was say');
    await mortal.kill();
    await using second = await startTestEngine({
      db: database.db,
      models: model.client,
      processName,
    });
    await second.start();
    expect(brief(await events.next())).toBe('reset 0 of 101');
    const call = await model.call();
    call.onText?.('Hello', 1);
    expect(brief(await events.next())).toBe('1.201.1 Hello');
    call.answer('Hello');
    expect((await events.rest()).map(brief)).toEqual([
      '1 model lost',
      '2 model done',
      '3 completed',
    ]);
    await database.db.execute(
      `INSERT INTO run_chunks (run_id, seq, attempt, n, text) SELECT id, 1, 101, 9, 'left' FROM runs`,
    );
    expect(await sweepChunks(database.db)).toBeGreaterThan(0);
    expect(await database.db.query('SELECT * FROM run_chunks')).toEqual([]);
  });

  test('is taken back when the run is cancelled', async () => {
    const model = spokenModel();
    await using engine = await startTestEngine({ db: database.db, models: model.client });
    await engine.start();
    const { agentId } = await insertAgent(database.db);
    const id = await engine.dispatch(agentId);
    const call = await model.call();
    const events = reader(engine.feeds, id);
    call.onText?.('Well', 1);
    await events.next();
    await cancelRun(engine.deps, { scope: 'all', id, by: 'a test' });
    expect((await events.rest()).map(brief)).toEqual(['reset 0 of 101', '1 cancelled']);
  });
});

test('many readers of a run share one poll, which ends with the last of them', async () => {
  const { db } = database;
  let reads = 0;
  const counted = {
    ...db,
    query: <Row>(statement: Parameters<typeof db.query>[0]) => {
      reads += 1;
      return db.query<Row>(statement);
    },
  };
  const held = Promise.withResolvers<void>();
  await using engine = await startTestEngine({
    db,
    scripts: { test: { turns: [callTurn('slow'), finishTurn()] } },
    tools: [functionTool('slow', async () => await held.promise)],
  });
  await engine.start();
  const { agentId } = await insertAgent(db);
  const id = await engine.dispatch(agentId);
  const feeds = new RunFeeds({
    db: Object.assign(Object.create(db), counted),
    commits: engine.commits,
    pollMs: 60_000,
  });
  const gone = reader(feeds, id);
  await gone.next();
  const readers = Array.from({ length: 50 }, () => reader(feeds, id));
  const firsts = await Promise.all(readers.map(({ next }) => next()));
  expect(firsts.map(brief)).toEqual(Array.from({ length: 50 }, () => '1 model done'));
  expect([feeds.size, reads < 20]).toEqual([1, true]);
  gone.stop();
  held.resolve();
  for (const { rest } of readers) {
    expect((await rest()).map(brief)).toEqual([
      '2 tool started',
      '3 tool done',
      '4 model done',
      '5 completed',
    ]);
  }
  await gone.rest();
  expect([feeds.size, reads < 40]).toEqual([0, true]);
});
