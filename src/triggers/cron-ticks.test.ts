import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import type { Database } from '../store/connect.ts';
import { type CronDeps, cronTicks } from './cron-ticks.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.deps.db.execute('DELETE FROM cron_cursors'));

/** An agent with one cron trigger whose cursor stands at the time. */
async function cronAgent(given: {
  readonly expression?: string;
  readonly at: string;
  readonly config?: object;
  readonly fields?: object;
}) {
  const config = { expression: given.expression ?? '0 * * * *', ...given.config };
  const made = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      name: 'A',
      description: 'd',
      instructions: 'i',
      triggers: [{ name: 'Tick', type: 'cron', config }],
      ...given.fields,
    },
  });
  expect(made.status, made.text).toBe(201);
  const { id, triggers } = made.json.data;
  await standAt(triggers[0].id, given.at);
  return { id: id as string, triggerId: triggers[0].id as string };
}

async function standAt(triggerId: string, at: string) {
  await api.deps.db.execute({
    text: 'UPDATE cron_cursors SET after_tick = $2, due_at = $2 WHERE trigger_id = $1',
    values: [triggerId, at],
  });
}

function deps(at: string, change: Partial<CronDeps> = {}): CronDeps {
  return { ...api.deps, now: async () => new Date(at), ...change };
}

/** Does everything that is due at the time; the ms until more is. */
async function runAt(at: string, change: Partial<CronDeps> = {}): Promise<number> {
  const work = cronTicks(deps(at, change));
  for (;;) {
    const waitMs = await work.run();
    if (waitMs > 0) return waitMs;
  }
}

async function firedTicks(triggerId: string): Promise<string[]> {
  const rows = await api.deps.db.query<{ occurred_at: Date }>({
    text: `SELECT e.occurred_at FROM trigger_events e JOIN runs r ON r.trigger_event_id = e.id
      WHERE e.trigger_id = $1 AND e.source = 'cron' ORDER BY e.occurred_at`,
    values: [triggerId],
  });
  return rows.map((row) => row.occurred_at.toISOString());
}

async function cursorOf(triggerId: string) {
  const rows = await api.deps.db.query<{ after_tick: Date; due_at: Date; overlap: string }>({
    text: 'SELECT after_tick, due_at, overlap FROM cron_cursors WHERE trigger_id = $1',
    values: [triggerId],
  });
  return rows[0] ?? null;
}

const [one, two] = ['2031-03-03T01:00:00.000Z', '2031-03-03T02:00:00.000Z'];

describe('cron ticks', () => {
  test('fire once each, at their time, and say how long to wait for the next', async () => {
    const { triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    expect(await runAt('2031-03-03T00:59:59.990Z')).toBe(10);
    expect(await firedTicks(triggerId)).toEqual([]);
    expect(await runAt(one)).toBe(3_600_000);
    await runAt(one);
    expect(await firedTicks(triggerId)).toEqual([one]);
    await runAt(two);
    expect(await firedTicks(triggerId)).toEqual([one, two]);
  });

  test('fire once each over several processes', async () => {
    const agents = await Promise.all(
      Array.from({ length: 30 }, () => cronAgent({ at: '2031-03-03T00:30:00Z' })),
    );
    await Promise.all([runAt(one), runAt(one), runAt(one)]);
    for (const { triggerId } of agents) expect(await firedTicks(triggerId)).toEqual([one]);
  });

  test.each(['fired', 'claimed'] as const)(
    'of a process that died when they were %s fire once, after its lease',
    async (moment) => {
      const { triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
      await expect(runAt(one, { db: dyingDatabase(api.deps.db, moment) })).rejects.toThrow('died');
      expect(await firedTicks(triggerId)).toHaveLength(moment === 'fired' ? 1 : 0);
      await runAt('2031-03-03T01:00:02.999Z');
      expect((await cursorOf(triggerId))?.after_tick.toISOString()).not.toBe(one);
      await runAt('2031-03-03T01:00:03Z');
      expect(await firedTicks(triggerId)).toEqual([one]);
      expect((await cursorOf(triggerId))?.after_tick.toISOString()).toBe(one);
    },
  );

  test('wait while nothing can be stored, and hold up no other', async () => {
    const { triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    const creator = {
      ...api.deps.creator,
      submit: () => Promise.reject(new Error('connection lost')),
    } as unknown as CronDeps['creator'];
    expect(await runAt(one, { creator })).toBe(1_000);
    expect(await runAt('2031-03-03T01:00:01Z')).toBeGreaterThan(3_000_000);
    expect(await firedTicks(triggerId)).toEqual([one]);
  });

  test('that were missed follow catch_up', async () => {
    const agents = await Promise.all(
      ['skip', 'latest', 'all'].map((catch_up) =>
        cronAgent({ at: '2031-03-03T00:30:00Z', config: { catch_up } }),
      ),
    );
    await runAt('2031-03-03T02:30:00Z');
    const fired = await Promise.all(agents.map(({ triggerId }) => firedTicks(triggerId)));
    expect(fired).toEqual([[], [two], [one, two]]);
  });

  test('do not overlap when their trigger says skip, and the event says so', async () => {
    const { triggerId } = await cronAgent({
      at: '2031-03-03T00:30:00Z',
      config: { overlap: 'skip' },
    });
    await runAt(one);
    await runAt(two);
    expect(await firedTicks(triggerId)).toEqual([one]);
    const verdicts = await api.deps.db.query({
      text: `SELECT v.verdict, v.reason FROM trigger_verdicts v JOIN trigger_events e ON e.id = v.event_id
        WHERE e.trigger_id = $1 ORDER BY e.occurred_at`,
      values: [triggerId],
    });
    expect(verdicts).toEqual([
      { verdict: 'ran', reason: null },
      { verdict: 'skipped', reason: 'overlap' },
    ]);
  });

  test('go one after the other when their trigger says queue', async () => {
    const { triggerId } = await cronAgent({
      at: '2031-03-03T00:30:00Z',
      config: { overlap: 'queue' },
    });
    await runAt(one);
    await runAt(two);
    const rows = await api.deps.db.query<{ concurrency_key: string }>({
      text: 'SELECT concurrency_key FROM runs WHERE trigger_id = $1',
      values: [triggerId],
    });
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map((row) => row.concurrency_key))).toEqual(new Set([triggerId]));
  });

  test('of a paused agent cause runs that wait', async () => {
    const { id, triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    expect((await api.request('POST', `/v1/agents/${id}/pause`)).status).toBe(200);
    await runAt(one);
    const [run] = await api.deps.db.query<{ status: string; wake_at: Date | null }>({
      text: 'SELECT status, wake_at FROM runs WHERE trigger_id = $1',
      values: [triggerId],
    });
    expect(run).toEqual({ status: 'accepted', wake_at: null });
  });
});

describe('a cron cursor', () => {
  const patch = (id: string, body: object) => api.request('PATCH', `/v1/agents/${id}`, { body });

  test.each([
    ['its agent is disabled', { enabled: false }],
    ['its agent is inactive', { operation_mode: 'inactive' }],
    ['its trigger is taken away', { triggers: [] }],
  ])('ends when %s', async (_, body) => {
    const { id, triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    expect((await patch(id, body)).status).toBe(200);
    expect(await cursorOf(triggerId)).toBeNull();
  });

  test('ends when its trigger is disabled or its agent deleted', async () => {
    const { id, triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    await patch(id, { triggers: [{ id: triggerId, enabled: false }] });
    expect(await cursorOf(triggerId)).toBeNull();
    await patch(id, { triggers: [{ id: triggerId, enabled: true }] });
    expect(await cursorOf(triggerId)).not.toBeNull();
    await api.request('DELETE', `/v1/agents/${id}`);
    expect(await cursorOf(triggerId)).toBeNull();
  });

  test('begins anew when its agent is enabled again: ticks in between are nobody’s', async () => {
    const { id, triggerId } = await cronAgent({ at: '2020-03-03T00:30:00Z' });
    await patch(id, { enabled: false });
    await patch(id, { enabled: true });
    const cursor = await cursorOf(triggerId);
    expect(cursor?.after_tick.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('begins anew when its ticks change, and stays when only their treatment does', async () => {
    const { id, triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    const change = (config: object) =>
      patch(id, { triggers: [{ id: triggerId, config: { expression: '0 * * * *', ...config } }] });
    await change({ overlap: 'skip' });
    expect(await cursorOf(triggerId)).toMatchObject({
      overlap: 'skip',
      after_tick: new Date('2031-03-03T00:30:00Z'),
    });
    await change({ overlap: 'skip', timezone: 'Asia/Tokyo' });
    const cursor = await cursorOf(triggerId);
    expect(cursor?.after_tick.getTime()).toBeLessThan(Date.parse('2031-01-01'));
  });

  test('that begins anew while its tick fires is not advanced by the old ticks', async () => {
    const { id, triggerId } = await cronAgent({ at: '2031-03-03T00:30:00Z' });
    const reads: CronDeps['reads'] = {
      agent: async (scope, key) => {
        const agent = await api.deps.reads.agent(scope, key);
        const config = { expression: '30 * * * *' };
        await patch(id, { triggers: [{ id: triggerId, config }] });
        return agent;
      },
    };
    await cronTicks(deps(one, { reads })).run();
    const cursor = await cursorOf(triggerId);
    expect(cursor?.after_tick.getTime()).toBeLessThan(Date.parse('2031-01-01'));
  });
});

/** Fails for good after the cursors were claimed, or right after their ticks were fired. */
function dyingDatabase(db: Database, moment: 'claimed' | 'fired'): Database {
  const dies = (name: string | undefined) =>
    moment === 'claimed' ? name === 'cron-cursors-claim' : name === 'cron-cursors-advance';
  return {
    ...db,
    query: async (statement) => {
      const rows = await db.query<never>(statement);
      if (typeof statement !== 'string' && dies(statement.name)) throw new Error('died');
      return rows;
    },
    execute: async (statement) => {
      if (typeof statement !== 'string' && dies(statement.name)) throw new Error('died');
      return await db.execute(statement);
    },
  };
}
