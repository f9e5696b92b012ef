import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { runCli } from '../../../test/support/run-cli.ts';
import { serveApi } from '../serve.ts';

let api: TestApi;
let agent: string;
let run: string;
const today = new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  api = await createTestApi();
  ({ agent, run } = await createApiObjects(api, api.workspace.id));
  await createApiObjects(api, api.otherWorkspace.id);
  await api.deps.db.execute({
    text: `UPDATE runs SET status = 'completed', completed_at = clock_timestamp(), wake_at = NULL,
      input_tokens = 120, output_tokens = 30, cost_usd = 0.25`,
  });
});
afterAll(() => api[Symbol.asyncDispose]());

test('usage is of the own workspace, by what is asked for', async () => {
  const { status, json } = await api.request('GET', '/v1/usage?group_by=agent,day');
  expect(status).toBe(200);
  const sums = { runs: 1, completed: 1, failed: 0, cancelled: 0, total_cost: 0.25 };
  expect(json.data).toMatchObject({
    to: today,
    group_by: ['day', 'agent'],
    totals: { ...sums, token_usage: { input: 120, output: 30 }, runs_of_unknown_cost: 0 },
    groups: [{ day: today, agent_id: agent, agent_name: 'Reservations', model: null, ...sums }],
    truncated: false,
  });
  const none = await api.request('GET', '/v1/usage?model=other/model');
  expect(none.json.data).toMatchObject({ totals: { runs: 0, total_cost: 0 }, groups: [] });
  const total = await api.request('GET', `/v1/usage?group_by=&agent_id=${agent}`);
  expect(total.json.data).toMatchObject({ totals: sums, groups: [] });
});

test.each([
  ['group_by=hour', 'group_by'],
  ['group_by=day,day', 'group_by'],
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['from=0000-01-01&to=0000-01-02', 'from'],
  ['from=2026-02-02&to=2026-02-01', 'from'],
  ['from=2020-01-01&to=2026-01-01', 'from'],
  ['limit=0', 'limit'],
])('%s is refused with the name of the field', async (query, field) => {
  const { status, json } = await api.request('GET', `/v1/usage?${query}`);
  expect(status).toBe(400);
  expect(JSON.stringify(json)).toContain(field);
});

test('another workspace’s agent is no filter', async () => {
  const foreign = await api.request('GET', `/v1/usage?agent_id=${agent}`, {
    token: api.tokens.other,
  });
  expect(foreign.status).toBe(404);
});

test('the command prints it', async () => {
  expect(run).toBeTruthy();
  await using server = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  const shown = await runCli(['usage', '--by', 'agent,model'], {
    env: { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: api.tokens.write },
  });
  expect(shown.stdout).toMatch(/Reservations +scripted\/none +1 +0 +150 +\$0\.2500/);
  expect(shown.stdout).toContain('1 run, 150 tokens, $0.2500');
});
