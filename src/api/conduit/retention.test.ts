import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function patch(body: unknown, token = api.tokens.admin) {
  const path = `/v1/retention?workspace_id=${api.workspace.id}`;
  return await api.request('PATCH', path, { token, body });
}

test('rules are set by kind, stay when another kind is set, and are taken away by null', async () => {
  expect((await patch({ runs: { max_age_days: 90 }, logs: { max_count: 5 } })).status).toBe(200);
  const { json } = await patch({ runs: { max_count: 10 } });
  expect(json.data).toMatchObject({
    workspace_id: api.workspace.id,
    runs: { max_age_days: null, max_count: 10 },
    logs: { max_age_days: null, max_count: 5 },
    trigger_events: null,
    removed: { runs: 0 },
    last_pass_at: null,
  });
  await patch({ runs: null });
  const path = `/v1/retention?workspace_id=${api.workspace.id}`;
  const read = await api.request('GET', path, { token: api.tokens.read });
  expect(read.json.data).toMatchObject({ runs: null, logs: { max_count: 5 } });
});

test.each([
  [{ runs: {} }, 'runs needs max_age_days or max_count'],
  [{ runs: { max_age_days: 0 } }, 'runs.max_age_days must be at least 1'],
  [{ runs: { days: 3 } }, 'runs has unknown fields: days'],
  [{ steps: { max_age_days: 3 } }, 'has unknown fields: steps'],
  [{ logs: { max_count: 1.5 } }, 'logs.max_count must be an integer'],
])('%j is refused by the name of its field', async (body, problem) => {
  const answer = await patch(body);
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(problem)]);
});

test('only owners set them', async () => {
  expect((await patch({ runs: { max_count: 1 } }, api.tokens.write)).status).toBe(403);
});
