import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { eventually, queueRuns } from '../../test/support/engine-process.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { queueStats } from '../store/queue-stats.ts';
import type { LocalEngineOptions } from './local.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

/** An engine whose runs call one tool, which says who began and how many were at it at once. */
async function engineWith(options: Partial<LocalEngineOptions> & { maxRuns?: number } = {}) {
  const began: string[] = [];
  let now = 0;
  let most = 0;
  const work = functionTool('work', async (_, { key }) => {
    began.push(key.split(':')[0] ?? '');
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 3));
    now -= 1;
  });
  const engine = await startTestEngine({
    db: database.db,
    scripts: { test: { turns: [callTurn('work'), finishTurn()] } },
    tools: [work],
    ...(options.maxRuns === undefined ? {} : { maxRuns: options.maxRuns }),
    options,
  });
  return {
    began,
    most: () => most,
    forgetMost: () => {
      const before = most;
      most = 0;
      return before;
    },
    engine,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
const ended = (n: number) =>
  eventually(async () => {
    const rows = await database.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM runs WHERE status = 'completed'`,
    );
    return rows[0]?.n === n;
  });

describe('the queue', () => {
  test('lets one workspace’s flood hold up no other', async () => {
    const [flooding, other] = [await insertAgent(database.db), await insertAgent(database.db)];
    await queueRuns(database.db, { agent: flooding, n: 300 });
    const few = await queueRuns(database.db, { agent: other, n: 10 });
    await using running = await engineWith({ maxRuns: 4 });
    await running.engine.start();
    await ended(310);
    const lastOfFew = Math.max(...few.map((id) => running.began.indexOf(id)));
    expect(lastOfFew).toBeLessThan(40);
  });

  test('has a place for a workspace that comes while a flood fills the process', async () => {
    const [flooding, other] = [await insertAgent(database.db), await insertAgent(database.db)];
    const forever = new Promise(() => {});
    await using engine = await startTestEngine({
      db: database.db,
      scripts: {
        test: { turns: [callTurn('hold'), finishTurn()] },
        quick: { turns: [finishTurn()] },
      },
      tools: [functionTool('hold', () => forever)],
      maxRuns: 10,
      options: { drainMs: 0 },
    });
    await engine.start();
    for (let n = 0; n < 12; n++) await engine.dispatch(flooding.agentId);
    await eventually(() => engine.engine.size === 10);
    await queueRuns(database.db, { agent: other, n: 1, model: 'scripted/quick' });
    await ended(1);
    expect(engine.engine.size).toBe(10);
  });

  test('finds what is due behind a thousand lanes that wait for their time, in one go', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    const ids = await queueRuns(db, { agent, n: 1_000 });
    // Each in a lane of its own, as a conversation is; the last one is due.
    await db.execute({
      text: `UPDATE runs r SET lane = lpad(n.nth::text, 5, '0'),
          wake_at = CASE WHEN n.nth < 1000 THEN clock_timestamp() + interval '1 hour' ELSE r.wake_at END
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM runs) n WHERE n.id = r.id`,
    });
    // A look takes 64 lanes: one a poll would be longer than is waited for.
    await using running = await engineWith({ pollMs: 2_000 });
    await running.engine.start();
    await ended(1);
    expect(running.began).toEqual([ids.toSorted().at(-1)]);
  });

  test('keeps an agent’s limit over all processes, and lets others pass it', async () => {
    const limited = await insertAgent(database.db, { concurrency: 2 });
    await queueRuns(database.db, { agent: limited, n: 30 });
    await using one = await engineWith();
    await using two = await engineWith();
    await one.engine.start();
    await two.engine.start();
    await one.engine.dispatch(limited.agentId);
    let most = 0;
    await eventually(async () => {
      const { running, queued } = await queueStats(database.db);
      most = Math.max(most, running);
      return running === 0 && queued === 0;
    });
    expect(most).toBeLessThanOrEqual(2);
    expect(one.began.length + two.began.length).toBe(31);
  });

  test('lets runs with the same key go one at a time, and others beside them', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    await queueRuns(db, { agent, n: 8, concurrencyKey: 'contact 1' });
    await using alone = await engineWith();
    await alone.engine.start();
    await ended(8);
    expect(alone.most()).toBe(1);
    await queueRuns(db, { agent, n: 20 });
    await ended(28);
    expect(alone.most()).toBeGreaterThan(1);
  });

  test('keeps a workspace’s own limit, and the server’s for others', async () => {
    const { db } = database;
    const [own, other] = [await insertAgent(db), await insertAgent(db)];
    await db.execute({
      text: 'UPDATE workspaces SET max_running = 3 WHERE id = $1',
      values: [own.workspaceId],
    });
    await using running = await engineWith({ maxRunningPerWorkspace: 1 });
    await running.engine.start();
    for (let n = 0; n < 12; n++) await running.engine.dispatch(own.agentId);
    await ended(12);
    expect(running.most()).toBeLessThanOrEqual(3);
    expect(running.most()).toBeGreaterThan(1);
    const most = running.forgetMost();
    for (let n = 0; n < 5; n++) await running.engine.dispatch(other.agentId);
    await ended(17);
    expect([most > 1, running.most()]).toEqual([true, 1]);
  });

  test('lets a run with priority go ahead of older ones', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    await queueRuns(db, { agent, n: 20 });
    const [urgent = ''] = await queueRuns(db, { agent, n: 1, priority: 60 });
    await using running = await engineWith({ maxRuns: 1 });
    await running.engine.start();
    await ended(21);
    expect(running.began[0]).toBe(urgent);
  });

  test('comes before what is dispatched later, when a place comes free', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    const queued = await queueRuns(db, { agent, n: 30 });
    await using running = await engineWith({ maxRuns: 2 });
    await running.engine.start();
    await eventually(() => running.began.length > 0);
    const late = await running.engine.dispatch(agent.agentId);
    await ended(31);
    expect(running.began.indexOf(late)).toBeGreaterThan(queued.length - 4);
  });

  test('is looked at in whole, though only a part of its lanes is looked at at once', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    const many = Array.from({ length: 150 }, (_, n) =>
      queueRuns(db, { agent, n: 1, concurrencyKey: `key ${n}` }),
    );
    await Promise.all(many);
    await using running = await engineWith();
    await running.engine.start();
    await ended(150);
  });

  test('says how much waits, and for how long', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    await queueRuns(db, { agent, n: 3, priority: 600 });
    await db.execute(`UPDATE runs SET created_at = created_at - interval '90 seconds'`);
    const [sleeper = ''] = await queueRuns(db, { agent, n: 1 });
    await db.execute({
      text: `UPDATE runs SET wake_at = now() + interval '1 hour', status = 'waiting' WHERE id = $1`,
      values: [sleeper],
    });
    const stats = await queueStats(db);
    expect(stats).toMatchObject({ queued: 3, sleeping: 1, running: 0, processes: 0 });
    expect(stats.oldestMs).toBeGreaterThanOrEqual(90_000);
    expect(stats.oldestMs).toBeLessThan(120_000);
  });
});
