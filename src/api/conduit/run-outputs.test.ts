import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';

let api: TestApi;
let path: string;
beforeAll(async () => {
  api = await createTestApi();
  const { agent, run, output } = await createApiObjects(api, api.workspace.id);
  path = `/v1/agents/${agent}/runs/${run}/outputs/${output}`;
});
afterAll(() => api[Symbol.asyncDispose]());

test('a part of a large output is read by offset and limit', async () => {
  const first = await api.request('GET', `${path}?limit=7`);
  expect(first.json.data).toMatchObject({
    offset: 0,
    text: 'a large',
    next_offset: 7,
    size_bytes: 14,
  });
  const rest = await api.request('GET', `${path}?offset=7`);
  expect(rest.json.data).toMatchObject({ offset: 7, text: ' output', next_offset: null });
});

test.each(['offset=-1', 'offset=x', 'limit=0', 'limit=1048577'])(
  '%s is 400 and named',
  async (query) => {
    const { status, json } = await api.request('GET', `${path}?${query}`);
    expect([status, json.error]).toEqual([400, expect.stringContaining(query.split('=')[0] ?? '')]);
  },
);

test('an unknown output is 404', async () => {
  const unknown = path.replace(/sp[0-9a-z]+$/, `sp${'0'.repeat(30)}`);
  expect((await api.request('GET', unknown)).status).toBe(404);
});
