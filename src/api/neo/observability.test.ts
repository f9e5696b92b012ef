import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addAgent, documentFault, runNow, webhook } from '../../../test/support/neo.ts';
import { copyFigures } from '../../store/run-figures.ts';

let api: TestApi;
let number: number;
const day = (ms: number) => new Date(ms).toISOString();
const month = new Date().toISOString().slice(0, 7);
const now = Date.now();

beforeAll(async () => {
  api = await createTestApi();
  const agent = await addAgent(api, { triggers: [webhook] });
  number = Number(agent.number);
  for (const target_entity_id of ['ticket-1', 'ticket-1', 'ticket-2', 'ticket-2']) {
    await runNow(api, agent.number, { body: { target_entity_id } });
  }
  const { db } = api.deps;
  const runs = await db.query<{ id: string }>('SELECT id FROM runs ORDER BY created_at, id');
  for (const [n, { id }] of runs.slice(0, 3).entries()) {
    await db.execute({
      text: `UPDATE runs SET status = $2, completed_at = created_at + interval '2 seconds', wake_at = NULL, owner = NULL,
        started_at = created_at + interval '0.5 seconds', cost_usd = 0.25 WHERE id = $1`,
      values: [id, n === 0 ? 'failed' : 'completed'],
    });
    await db.execute({
      text: `INSERT INTO journal (run_id, seq, unit_id, step, type, state, data, created_at)
        SELECT id, 1, 'un', 1, 'model', 'done', '{"model":"a/one","durationMs":1000}', created_at + interval '1.5 seconds'
        FROM runs WHERE id = $1`,
      values: [id],
    });
  }
  await copyFigures(db, [runs[0]?.id ?? '']);
});
afterAll(() => api[Symbol.asyncDispose]());

async function get(path: string, token = api.tokens.read) {
  const answer = await api.request('GET', `/public-api${path}`, { token });
  const [plain] = path.split('?');
  expect(documentFault(`GET /public-api${plain}`, answer), answer.text).toBeNull();
  return answer;
}

const row = {
  executions: 4,
  failures: 1,
  p95_total_duration_seconds: 2,
  p95_actual_work_seconds: 1,
  p95_overhead_seconds: 1,
  psa_calls: 0,
  llm_calls_by_purpose: [{ purpose: 'agent', model: 'a/one', count: 3, p95_duration_seconds: 1 }],
};

test('the performance of agents splits time into work and overhead', async () => {
  const window = `from=${day(now - 60_000)}&to=${day(now + 600_000)}`;
  const expected = [{ agent_id: number, agent_name: 'Dispatcher', ...row }];
  for (const path of [
    '/observability/workflow-performance',
    `/observability/workflow-performance?agent_id=${number}`,
    `/performance/workflows?${window}`,
    `/performance/workflows?${window}&autonomy_type=AGENTIC`,
  ]) {
    const { status, json } = await get(
      path.startsWith('/obs')
        ? `${path}${path.includes('?') ? '&' : '?'}until=${day(now + 600_000)}`
        : path,
    );
    expect(status).toBe(200);
    expect(json.data.agents).toEqual(expected);
  }
  const chained = await get(`/performance/workflows?${window}&autonomy_type=CHAINED_ACTIONS`);
  expect(chained.json.data.agents).toEqual([]);
  const others = await get('/observability/workflow-performance', api.tokens.other);
  expect(others.json.data.agents).toEqual([]);
});

test('the funnel goes from events to what was done for them', async () => {
  const { json } = await get(`/observability/callback-funnel?until=${day(now + 600_000)}`);
  expect(json.data).toMatchObject({
    receipt: { count: 4 },
    event_processing: { matched: 4, matched_ratio: 1 },
    concurrency_cap: { queued: 4, started: 3, started_ratio: 0.75, p95_wait_seconds: 0.5 },
    workflow_execution: { ended: 3, succeeded: 2, failures: 1, p95_total_duration_seconds: 2 },
    psa_calls: { count: 0, per_execution: 0 },
  });
});

test('a month that the calendar of the database does not have is refused', async () => {
  expect((await get('/billing/usage?month=0000-01')).status).toBe(422);
});

test('credits of a month are cents of what models cost, by agent with the entities', async () => {
  const usage = await get('/billing/usage');
  expect(usage.json.data).toMatchObject({
    ...{ month, credits_used: 75, credits_limit: null, credits_remaining: null },
  });
  expect(usage.json.data.forecasted_credits).toBeGreaterThanOrEqual(75);
  const budget = { period: 'month', max_cost_usd: 2 };
  const made = await api.request('POST', '/v1/budgets', { body: budget });
  expect(made.status, made.text).toBe(201);
  expect((await get(`/billing/usage?month=${month}`)).json.data).toMatchObject({
    ...{ credits_limit: 200, credits_remaining: 125, reserve_balance: 0 },
  });
  expect((await get('/billing/usage?month=2020-01')).json.data).toEqual({
    ...{ month: '2020-01', credits_used: 0, forecasted_credits: 0 },
    ...{ credits_limit: null, credits_remaining: null, reserve_balance: null },
  });
  expect((await get('/billing/usage-by-agent')).json.data.agents).toEqual([
    { agent_id: number, agent_name: 'Dispatcher', credits_consumed: 75, unique_tickets: 2 },
  ]);
  expect((await get('/billing/usage-by-agent', api.tokens.other)).json.data.agents).toEqual([]);
});

test.each([
  ['/observability/workflow-performance?since=2026-02-02&until=2026-02-01', 'since'],
  ['/observability/workflow-performance?since=2020-02-02', 'since'],
  ['/observability/callback-funnel?since=2026-02-01&until=2026-02-09', 'since'],
  ['/performance/workflows?from=2026-02-01', 'to'],
  ['/performance/workflows?from=2026-02-01&to=2026-02-01', 'from'],
  ['/performance/workflows?from=2026-02-01&to=2026-02-02&autonomy_type=MAGIC', 'autonomy_type'],
  ['/billing/usage?month=2026-13', 'month'],
  ['/billing/usage?month=9999-01', 'month'],
])('%s is refused with the name of the field', async (path, field) => {
  const { status, json } = await get(path);
  expect(status).toBe(422);
  expect(JSON.stringify(json)).toContain(field);
});

test('another workspace’s agent is no filter', async () => {
  const path = `/observability/workflow-performance?agent_id=${number}`;
  expect((await get(path, api.tokens.other)).status).toBe(404);
});
