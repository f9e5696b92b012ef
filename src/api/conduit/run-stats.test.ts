import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../../../test/support/driven-run.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ engine: drivenByTest });
});
afterAll(() => api[Symbol.asyncDispose]());

const stats = async (query = '') => (await api.request('GET', `/v1/runs/stats${query}`)).json.data;

test('counts runs by time and by agent, in one workspace', async () => {
  const own = await createApiObjects(api, api.workspace.id);
  const other = await createApiObjects(api, api.workspace.id);
  await createApiObjects(api, api.otherWorkspace.id);
  const run = new DrivenRun(api, own.run);
  await run.model('Yes.');
  await run.ends();
  const to = new Date(Date.now() + 60_000).toISOString();
  const all = await stats(`?buckets=4&to=${to}`);
  expect(all.buckets).toHaveLength(4);
  expect(all.buckets.slice(0, 3).every((each: { open: number }) => each.open === 0)).toBe(true);
  expect(all.buckets[3]).toMatchObject({ completed: 1, failed: 0, open: 1, total_cost: 0.0125 });
  const byAgent = Object.fromEntries(
    all.agents.map((each: { agent_id: string }) => [each.agent_id, each]),
  );
  expect(byAgent[own.agent]).toMatchObject({ completed: 1, open: 0 });
  expect(byAgent[own.agent].p50_duration_ms).toBeGreaterThanOrEqual(0);
  expect(byAgent[other.agent]).toMatchObject({ completed: 0, open: 1, p50_duration_ms: null });
  expect(Object.keys(byAgent)).toHaveLength(2);
  const one = await stats(`?agent_id=${other.agent}&to=${to}`);
  expect(one.agents).toHaveLength(1);
});

test('nothing is before the first run', async () => {
  const none = await stats('?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z&buckets=2');
  expect(none).toMatchObject({ bucket_ms: 43_200_000, agents: [] });
  expect(none.buckets[1]).toMatchObject({ start: '2020-01-01T12:00:00.000Z', completed: 0 });
});

test.each([
  ['from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z', 400, 'from'],
  ['buckets=0', 400, 'buckets'],
  ['buckets=501', 400, 'buckets'],
  ['agent_id=ag0', 404, 'ag0'],
])('%s is %i', async (query, status, words) => {
  const answer = await api.request('GET', `/v1/runs/stats?${query}`);
  expect([answer.status, answer.json.error]).toEqual([status, expect.stringContaining(words)]);
});
