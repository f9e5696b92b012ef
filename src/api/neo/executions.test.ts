import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addAgent, runNow } from '../../../test/support/neo.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const get = (path: string, token = api.tokens.write) =>
  api.request('GET', `/public-api${path}`, { token });
const post = (path: string, token = api.tokens.write) =>
  api.request('POST', `/public-api${path}`, { token });

async function start(agent: { readonly number: string }, entityId = 'x'): Promise<string> {
  const body = { target_entity_id: entityId };
  return (await runNow(api, agent.number, { body })).json.data.execution_id;
}

const idsOf = (rows: readonly { execution_id: string }[]) => rows.map((row) => row.execution_id);

describe('the list of executions', () => {
  test('is newest first, by either id of the agent, and goes page by page', async () => {
    const agent = await addAgent(api);
    const ids: string[] = [];
    for (const _ of [1, 2, 3, 4, 5]) ids.unshift(await start(agent));
    for (const id of [agent.number, agent.id]) {
      const { json } = await get(`/executions?agent_id=${id}`);
      expect(idsOf(json.data)).toEqual(ids);
      expect(json.meta.pagination).toEqual({ next_cursor: null, has_more: false });
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await get(`/executions?agent_id=${agent.number}&page_size=2${from}`);
      seen.push(...idsOf(page.json.data));
      const { next_cursor, has_more } = page.json.meta.pagination;
      expect(has_more).toBe(next_cursor !== null);
      cursor = next_cursor;
    }
    expect(seen).toEqual(ids);
  });

  test('is filtered by entity and by several statuses', async () => {
    const agent = await addAgent(api);
    const [one, two] = [await start(agent, 'ticket-1'), await start(agent, 'ticket-2')];
    await post(`/executions/${one}/cancel`);
    const list = async (query: string) =>
      idsOf((await get(`/executions?agent_id=${agent.number}&${query}`)).json.data);
    expect(await list('entity_id=ticket-2')).toEqual([two]);
    expect(await list('status=queued')).toEqual([two]);
    expect(await list('status=queued,cancelled')).toEqual([two, one]);
    expect(await list('status=cancelled,%20running')).toEqual([one]);
    expect(await list('status=skipped')).toEqual([]);
    expect(await list('status=success,failed')).toEqual([]);
    expect(await list('entity_number=4711')).toEqual([]);
  });

  test('keeps the executions of a deleted agent, with its name', async () => {
    const agent = await addAgent(api);
    const id = await start(agent);
    await api.request('DELETE', `/v1/agents/${agent.id}`);
    const { json } = await get(`/executions?agent_id=${agent.number}`);
    expect(json.data).toMatchObject([{ execution_id: id, agent_name: 'Dispatcher' }]);
    expect((await get(`/agents/${agent.number}`)).status).toBe(404);
    const retried = await post(`/executions/${(await cancelled(id)).execution_id}/retry`);
    expect([retried.status, retried.json.error.code]).toEqual([409, 'conflict']);
  });

  test.each([
    ['page_size=0', 'page_size'],
    ['page_size=201', 'page_size'],
    ['page_size=ten', 'page_size'],
    ['page_size=1&page_size=2', 'page_size'],
    ['status=done', 'status'],
    ['status=', 'status'],
    ['cursor=nonsense', 'cursor'],
    [`entity_id=${'x'.repeat(256)}`, 'entity_id'],
  ])('refuses %s and names the field', async (query, field) => {
    const { status, json } = await get(`/executions?${query}`);
    expect([status, json.error.code]).toEqual([422, 'validation_error']);
    expect(Object.keys(json.error.details)).toEqual([field]);
  });

  test('refuses a cursor of other filters', async () => {
    const agent = await addAgent(api);
    await start(agent);
    await start(agent);
    const { json } = await get(`/executions?agent_id=${agent.number}&page_size=1`);
    const { next_cursor: cursor } = json.meta.pagination;
    const other = await get(`/executions?page_size=1&cursor=${cursor}`);
    expect([other.status, other.json.error.code]).toEqual([422, 'validation_error']);
  });

  test.each(['0', '999999999', 'nobody', 'ag00000000000000000000000000000x'])(
    'answers 404 for the unknown agent %s',
    async (id) => {
      const { status, json } = await get(`/executions?agent_id=${id}`);
      expect([status, json.error.details]).toEqual([404, { agent_id: expect.any(String) }]);
    },
  );

  test('asks a token of several workspaces for one', async () => {
    const { status, json } = await get('/executions', api.tokens.both);
    expect([status, json.error.message]).toEqual([422, expect.stringContaining('X-Workspace-Id')]);
  });
});

async function cancelled(id: string) {
  const { status, json } = await post(`/executions/${id}/cancel`);
  expect(status).toBe(200);
  return json.data;
}

describe('an execution', () => {
  test('is cancelled once, for good', async () => {
    const id = await start(await addAgent(api));
    const row = await cancelled(id);
    expect(row).toMatchObject({ execution_id: id, status: 'cancelled', stop_reason: 'cancelled' });
    expect(row.error).toMatch(/^Cancelled by /);
    expect(row.updated_at).toBe(row.completed_at);
    const again = await post(`/executions/${id}/cancel`);
    expect([again.status, again.json.error.code]).toEqual([409, 'conflict']);
  });

  test('is retried with its input once it has ended', async () => {
    const agent = await addAgent(api);
    const id = await start(agent, 'ticket-9');
    const early = await post(`/executions/${id}/retry`);
    expect([early.status, early.json.error.code]).toEqual([409, 'conflict']);
    const { id: runId } = await cancelled(id);
    const { status, json } = await post(`/executions/${id}/retry`);
    expect([status, json.data.status]).toEqual([202, 'queued']);
    const retried = await get(`/executions/${json.data.execution_id}`);
    expect(retried.json.data).toMatchObject({
      entity_id: 'ticket-9',
      retry_of: runId,
      status: 'queued',
    });
  });

  test('is retried once under one Idempotency-Key', async () => {
    const id = await start(await addAgent(api));
    await cancelled(id);
    const retry = () =>
      api.request('POST', `/public-api/executions/${id}/retry`, {
        headers: { 'Idempotency-Key': 'again' },
      });
    const [first, second] = [await retry(), await retry()];
    expect(second.json.data).toEqual(first.json.data);
  });

  test('cannot be retried when its agent is disabled', async () => {
    const agent = await addAgent(api);
    const id = await start(agent);
    await cancelled(id);
    await api.request('PATCH', `/v1/agents/${agent.id}`, { body: { enabled: false } });
    const { status, json } = await post(`/executions/${id}/retry`);
    expect([status, json.error.code]).toEqual([409, 'agent_disabled']);
  });

  test.each([
    ['GET', ''],
    ['GET', '/steps'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
  ])('of another workspace, or none, is not found: %s %s', async (method, rest) => {
    const id = await start(await addAgent(api));
    const token = api.tokens.other;
    for (const [executionId, caller] of [
      [id, token],
      ['run_0000000000000000000000000000000x', api.tokens.write],
      ['nonsense', api.tokens.write],
    ] as const) {
      const path = `/public-api/executions/${executionId}${rest}`;
      const { status, json } = await api.request(method, path, { token: caller });
      expect([status, json.error.code]).toEqual([404, 'not_found']);
    }
  });

  test.each(['cancel', 'retry'])(
    'cannot be changed by a token that only reads: %s',
    async (verb) => {
      const id = await start(await addAgent(api));
      const { status } = await post(`/executions/${id}/${verb}`, api.tokens.read);
      expect(status).toBe(403);
    },
  );
});
