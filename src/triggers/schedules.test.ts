import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi } from '../../test/support/api.ts';
import { scheduleBench, scheduledAt } from '../../test/support/schedules.ts';
import type { Database } from '../store/connect.ts';
import type { ScheduleDeps } from './due-schedules.ts';

const api = await createTestApi();
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.deps.db.execute('DELETE FROM scheduled_runs'));

const { addAgent, schedule, read, runAt } = scheduleBench(api);
const [at, later] = [scheduledAt, '2035-04-03T10:00:00.000Z'];

async function runsOf(id: string) {
  return await api.deps.db.query<{
    id: string;
    payload: string;
    entity_id: string | null;
    additional_instructions: string | null;
  }>({
    text: `SELECT r.id, r.payload, r.entity_id, r.additional_instructions
      FROM trigger_events e JOIN runs r ON r.trigger_event_id = e.id WHERE e.once_key = $1`,
    values: [`schedule:${id}`],
  });
}

describe('a scheduled run', () => {
  test('starts once, at its time, with all that it was given', async () => {
    const payload = '{"id": 12345678901234567890}';
    const made = await api.request('POST', '/v1/schedules', {
      body: `{"agent_id": "${await addAgent()}", "scheduled_for": "${at}", "payload": ${payload},
        "entity_id": "t1", "additional_instructions": "Call back."}`,
    });
    const { id } = made.json.data;
    expect(await runAt('2035-04-03T08:59:59.990Z')).toBe(10);
    expect(await runsOf(id)).toEqual([]);
    await Promise.all([runAt(at), runAt(at), runAt(at)]);
    await runAt(later);
    const runs = await runsOf(id);
    expect(runs).toEqual([
      { id: runs[0]?.id, payload, entity_id: 't1', additional_instructions: 'Call back.' },
    ]);
    const fired = await read(id);
    expect(fired).toMatchObject({ status: 'fired', reason: null, fired_at: expect.any(String) });
    const shown = await api.request('GET', `/public-api/executions/${fired.run_id}`);
    expect(shown.json.data.execution_id).toBe(fired.run_id);
  });

  test('starts late when nobody was there, as the agent is by then', async () => {
    const agentId = await addAgent();
    const { id } = await schedule({ agent_id: agentId });
    await api.request('PATCH', `/v1/agents/${agentId}`, { body: { instructions: 'Changed.' } });
    await runAt('2035-05-01T00:00:00Z');
    expect(await read(id)).toMatchObject({ status: 'fired' });
    const [run] = await api.deps.db.query<{ agent_version: number }>({
      text: 'SELECT agent_version FROM runs WHERE agent_id = $1',
      values: [agentId],
    });
    expect(run?.agent_version).toBe(2);
  });

  test.each(['claimed', 'fired'] as const)(
    'of a process that died when it was %s starts once, as it was when it was claimed',
    async (moment) => {
      const { id } = await schedule();
      const db = dyingDatabase(api.deps.db, moment);
      await expect(runAt(at, { db })).rejects.toThrow('died');
      for (const [method, path, body] of [
        ['POST', `/v1/schedules/${id}/cancel`, undefined],
        ['PATCH', `/v1/schedules/${id}`, { payload: { changed: true } }],
      ] as const) {
        const answer = await api.request(method, path, { body });
        expect(answer.status).toBe(409);
        expect(answer.json.error).toMatch(/is starting now/);
      }
      await runAt('2035-04-03T09:00:06Z');
      expect(await runsOf(id)).toMatchObject([{ payload: '{}' }]);
      expect(await read(id)).toMatchObject({ status: 'fired' });
    },
  );

  test('is tried again when nothing can be stored', async () => {
    const { id } = await schedule();
    const creator = {
      submit: () => Promise.reject(new Error('connection lost')),
    } as unknown as ScheduleDeps['creator'];
    expect(await runAt(at, { creator })).toBe(5_000);
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    await runAt('2035-04-03T09:00:05Z');
    expect(await runsOf(id)).toHaveLength(1);
  });

  test.each([
    ['deleted', 'DELETE', undefined, /was deleted/],
    ['disabled', 'PATCH', { enabled: false }, /is disabled/],
    ['inactive', 'PATCH', { operation_mode: 'inactive' }, /is inactive/],
  ])('fails with the reason when its agent is %s', async (_, method, body, reason) => {
    const agentId = await addAgent();
    const { id } = await schedule({ agent_id: agentId });
    await api.request(method, `/v1/agents/${agentId}`, { body });
    await runAt(at);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(reason),
      run_id: null,
    });
    expect(await runsOf(id)).toEqual([]);
  });

  test('fails with the reason when no model can be used, and holds up no other', async () => {
    const models = { ...api.deps.models, whyUnusable: () => 'it has no key' };
    const { id } = await schedule();
    await runAt(at, { models });
    expect(await read(id)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/it has no key/),
    });
  });

  test('comes before those that are due later, many at a time', async () => {
    const agent_id = await addAgent();
    await api.deps.db.execute({
      text: `INSERT INTO scheduled_runs (id, workspace_id, agent_id, scheduled_for, due_at, payload)
        SELECT 'sc' || lpad(n::text, 30, '0'), $1, $2, at, at, '{}'
        FROM generate_series(1, 450) n, LATERAL (SELECT $3::timestamptz + n * interval '1 ms' AS at) t`,
      values: [api.workspace.id, agent_id, at],
    });
    await Promise.all([runAt('2035-04-03T09:00:00.400Z'), runAt('2035-04-03T09:00:00.400Z')]);
    const counts = await api.deps.db.query(
      'SELECT status, count(*) AS n FROM scheduled_runs GROUP BY status ORDER BY status',
    );
    expect(counts).toEqual([
      { status: 'fired', n: 400 },
      { status: 'scheduled', n: 50 },
    ]);
    const [runs] = await api.deps.db.query<{ n: number }>({
      text: 'SELECT count(*) AS n FROM runs WHERE agent_id = $1',
      values: [agent_id],
    });
    expect(runs?.n).toBe(400);
  });
});

describe('what can still be done about it', () => {
  test('before it starts it is edited, and a payload made of the entity follows the entity', async () => {
    const { id, payload } = await schedule({ entity_id: 't1' });
    expect(payload).toEqual({ entity_id: 't1' });
    const edited = await api.request('PATCH', `/v1/schedules/${id}`, {
      body: { scheduled_for: later, entity_id: 't2', additional_instructions: 'Be short.' },
    });
    expect(edited.json.data).toMatchObject({
      scheduled_for: later,
      entity_id: 't2',
      payload: { entity_id: 't2' },
      additional_instructions: 'Be short.',
    });
    await runAt(at);
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    await runAt(later);
    expect(await read(id)).toMatchObject({ status: 'fired' });
  });

  test('cancelled, it never starts, and cannot be cancelled or edited again', async () => {
    const { id } = await schedule();
    const cancelled = await api.request('POST', `/v1/schedules/${id}/cancel`);
    expect(cancelled.json.data).toMatchObject({ status: 'cancelled' });
    await runAt(later);
    expect(await runsOf(id)).toEqual([]);
    const again = await api.request('POST', `/v1/schedules/${id}/cancel`);
    expect([again.status, again.json.error]).toEqual([
      409,
      'The scheduled run is cancelled, and cannot be cancelled any more.',
    ]);
    const edit = await api.request('PATCH', `/v1/schedules/${id}`, { body: { payload: {} } });
    expect(edit.status).toBe(409);
  });

  test('once it has started it is neither edited nor cancelled', async () => {
    const { id, number } = await schedule();
    await runAt(at);
    for (const [method, path] of [
      ['POST', `/v1/schedules/${id}/cancel`],
      ['PATCH', `/v1/schedules/${number}`],
      ['POST', `/public-api/scheduled-work/${number}/cancel`],
      ['PATCH', `/public-api/scheduled-work/${id}`],
    ] as const) {
      const answer = await api.request(method, path, { body: { scheduled_for: later } });
      expect(answer.status, path).toBe(409);
    }
  });
});

describe('what cannot be scheduled', () => {
  const post = (body: object, token = api.tokens.write) =>
    api.request('POST', '/v1/schedules', { body, token });

  test.each([
    [{ scheduled_for: '2020-01-01T00:00:00Z' }, 'scheduled_for must be in the future'],
    [{ scheduled_for: '2099-01-01T00:00:00Z' }, 'scheduled_for must be within ten years'],
    [{ scheduled_for: 'tomorrow' }, 'scheduled_for must be a time'],
    [{ scheduled_for: '2035-04-03T09:00:00' }, 'scheduled_for must be a time'],
    [{ entity_id: '' }, 'entity_id must not be empty'],
    [{ additional_instructions: 5 }, 'additional_instructions must be a string'],
  ])('%j is refused by name', async (fields, problem) => {
    const answer = await post({ agent_id: await addAgent(), scheduled_for: at, ...fields });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining(problem)]);
  });

  test('an agent that is unknown, another workspace’s, or only for messages', async () => {
    const own = await addAgent();
    const unknown = await post({ agent_id: `ag${'0'.repeat(30)}`, scheduled_for: at });
    expect(unknown.status).toBe(404);
    const foreign = await post({ agent_id: own, scheduled_for: at }, api.tokens.other);
    expect(foreign.status).toBe(404);
    const chatty = await addAgent({ triggers: [{ name: 'Inbox', type: 'message', config: {} }] });
    const refused = await post({ agent_id: chatty, scheduled_for: at });
    expect([refused.status, refused.json.error]).toEqual([
      400,
      expect.stringMatching(/conversational/),
    ]);
    const work = await api.request('POST', '/public-api/scheduled-work', {
      body: { workflow_id: chatty, scheduled_for: at },
    });
    expect([work.status, work.json.error.code]).toEqual([400, 'invalid_for_conversational']);
  });
});

test('a create with an Idempotency-Key is one scheduled run, however often it is sent', async () => {
  const body = { agent_id: await addAgent(), scheduled_for: at };
  const headers = { 'Idempotency-Key': 'once' };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => api.request('POST', '/v1/schedules', { body, headers })),
  );
  expect(new Set(answers.map((answer) => answer.json.data.id)).size).toBe(1);
  const list = await api.request('GET', `/v1/schedules?agent_id=${body.agent_id}`);
  expect(list.json.data).toHaveLength(1);
});

test('lists go page by page and by what is asked for', async () => {
  const agent_id = await addAgent();
  const made = [];
  for (let n = 0; n < 5; n++) made.push(await schedule({ agent_id, entity_id: `t${n}` }));
  await api.request('POST', `/v1/schedules/${made[4].id}/cancel`);
  const ids: string[] = [];
  let cursor = '';
  do {
    const page = await api.request('GET', `/v1/schedules?agent_id=${agent_id}&limit=2${cursor}`);
    ids.push(...page.json.data.map((one: { id: string }) => one.id));
    cursor = page.json.next_cursor === null ? '' : `&cursor=${page.json.next_cursor}`;
  } while (cursor !== '');
  expect(ids).toEqual(made.map((one) => one.id).reverse());
  const one = await api.request('GET', `/v1/schedules?agent_id=${agent_id}&status=cancelled`);
  expect(one.json.data.map((each: { id: string }) => each.id)).toEqual([made[4].id]);
  const entity = await api.request('GET', `/v1/schedules?agent_id=${agent_id}&entity_id=t2`);
  expect(entity.json.data).toHaveLength(1);
});

/** Fails for good after the runs were claimed, or right after they were fired. */
function dyingDatabase(db: Database, moment: 'claimed' | 'fired'): Database {
  const dies = (name: string | undefined) =>
    name === (moment === 'claimed' ? 'scheduled-claimed' : 'scheduled-fired');
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
