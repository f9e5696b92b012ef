import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../../test/support/api-objects.ts';

let api: TestApi;
let own: ApiObjects;
beforeAll(async () => {
  api = await createTestApi();
  own = await createApiObjects(api, api.workspace.id);
});
afterAll(() => api[Symbol.asyncDispose]());

test.each(['status=completed&status=failed', 'limit=1&limit=2', 'q=a&q=a'])(
  'refuses a parameter that is given twice, and says so: %s',
  async (query) => {
    const { status, json } = await api.request('GET', `/v1/runs?${query}`);
    const name = query.split('=')[0];
    expect([status, json.error]).toEqual([
      400,
      `Invalid request: ${name} must be given only once.`,
    ]);
  },
);

test('a parameter that is given twice is named in the details of /public-api', async () => {
  const path = '/public-api/executions?status=queued&status=failed';
  const { status, json } = await api.request('GET', path);
  expect([status, json.error.details]).toEqual([422, { status: 'must be given only once' }]);
});

test('ignores parameters that are unknown, however often they are given', async () => {
  expect((await api.request('GET', '/v1/runs?other=1&other=2')).status).toBe(200);
});

test('a time that is none is refused with one that would be right', async () => {
  const { status, json } = await api.request('GET', '/v1/runs?from=2026-01-01');
  expect([status, json.error]).toEqual([
    400,
    'Invalid request: from must be a time such as 2026-04-03T03:14:15Z.',
  ]);
});

test('an empty filter is a filter, and never the whole list', async () => {
  expect((await api.request('GET', '/v1/runs')).json.data).toHaveLength(1);
  expect((await api.request('GET', '/v1/runs?trigger_id=')).json.data).toEqual([]);
  expect((await api.request('GET', '/v1/runs?conversation_id=')).json.data).toEqual([]);
  expect((await api.request('GET', '/v1/runs?agent_id=')).status).toBe(404);
  expect((await api.request('GET', '/public-api/executions?agent_id=')).status).toBe(404);
});

test('runs of a deleted agent are still found by its id, in both dialects', async () => {
  const made = await createApiObjects(api, api.otherWorkspace.id);
  const asOther = { token: api.tokens.other };
  expect((await api.request('DELETE', `/v1/agents/${made.agent}`, asOther)).status).toBe(200);
  const { json } = await api.request('GET', `/v1/runs?agent_id=${made.agent}`, asOther);
  expect(json.data).toMatchObject([{ id: made.run }]);
  const neo = await api.request('GET', `/public-api/executions?agent_id=${made.agent}`, asOther);
  expect(neo.json.data).toMatchObject([{ id: made.run }]);
  expect((await api.request('GET', `/v1/runs?agent_id=${own.agent}`, asOther)).status).toBe(404);
});
