import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { runCli } from '../../../test/support/run-cli.ts';
import { BudgetGate } from '../../runs/budget-gate.ts';
import { checkBudgets } from '../../store/budget-use.ts';
import { serveApi } from '../serve.ts';

let api: TestApi;
let gate: BudgetGate;
beforeAll(async () => {
  api = await createTestApi();
  gate = new BudgetGate(api.deps);
  Object.assign(api.deps, { budgets: gate });
});
afterAll(() => api[Symbol.asyncDispose]());

async function addAgent(triggers: readonly object[] = [webhook]): Promise<string> {
  const made = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      ...{ name: 'Spender', description: 'Spends.', instructions: 'Spend.', triggers },
    },
  });
  return made.json.data.id;
}

const webhook = { name: 'Called', type: 'webhook', config: {} };

async function addBudget(body: object) {
  const made = await api.request('POST', '/v1/budgets', { body });
  expect(made.status, made.text).toBe(201);
  return made.json.data;
}

const dispatch = (agent: string, options: object = {}) =>
  api.request('POST', `/v1/agents/${agent}/run`, { body: {}, ...options });

/** The agent's open runs end, having used so much each. */
async function end(agent: string, used: { tokens?: number; usd?: number | null }): Promise<void> {
  await api.deps.db.execute({
    text: `UPDATE runs SET status = 'completed', owner = NULL, wake_at = NULL, completed_at = clock_timestamp(),
      input_tokens = $2, cost_usd = $3 WHERE agent_id = $1 AND completed_at IS NULL`,
    values: [agent, used.tokens ?? 0, used.usd === undefined ? 0 : used.usd],
  });
}

/** What the loop does every second. */
async function check(id: string): Promise<void> {
  await checkBudgets(api.deps.db, { limit: 1, id });
  await gate.refresh();
}

test('a limit on runs holds exactly, however many are dispatched at once by two processes', async () => {
  const agent = await addAgent();
  const budget = await addBudget({ agent_id: agent, period: 'day', max_runs: 7 });
  const other = new BudgetGate(api.deps);
  const admitted = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      n % 2 === 0
        ? dispatch(agent).then(({ status }) => status === 200)
        : other
            .admit({ workspaceId: api.workspace.id, agentId: agent })
            .then(({ refused }) => refused === null),
    ),
  );
  expect(admitted.filter(Boolean)).toHaveLength(7);
  const refused = await dispatch(agent);
  expect(refused.status).toBe(422);
  expect(refused.json.error).toMatch(
    /^The budget of this agent for the day is used up: 7 runs of 7 runs\. It starts anew at .*Z/,
  );
  await check(budget.id);
  const shown = await api.request('GET', `/v1/budgets/${budget.id}`);
  expect(shown.json.data).toMatchObject({
    state: 'exceeded',
    reached: ['runs'],
    used: { runs: 7 },
  });
  expect((await dispatch(await addAgent())).status).toBe(200);
});

test('runs of before the budget count, and those that were not created do not', async () => {
  const agent = await addAgent();
  await dispatch(agent);
  await dispatch(agent);
  const { id } = await addBudget({ agent_id: agent, period: 'month', max_runs: 4 });
  const used = async () => (await api.request('GET', `/v1/budgets/${id}`)).json.data.used.runs;
  expect(await used()).toBe(2);
  const keyed = { headers: { 'Idempotency-Key': `once-${id}` } };
  const twice = await Promise.all([dispatch(agent, keyed), dispatch(agent, keyed)]);
  expect(twice.map(({ status }) => status)).toEqual([200, 200]);
  await expect.poll(used, { timeout: 20_000 }).toBe(3);
  const model = api.deps.models;
  Object.assign(api.deps, { models: { ...model, whyUnusable: () => 'it has no key' } });
  expect((await dispatch(agent)).status).toBe(422);
  Object.assign(api.deps, { models: model });
  await expect.poll(used, { timeout: 20_000 }).toBe(3);
});

test('tokens and money stop the next run, and what they are raised by lets runs start again', async () => {
  const agent = await addAgent();
  const { id } = await addBudget({
    agent_id: agent,
    period: 'day',
    max_tokens: 100,
    max_cost_usd: 1,
  });
  await dispatch(agent);
  await api.deps.db.execute({
    text: 'UPDATE runs SET input_tokens = 60, output_tokens = 40 WHERE agent_id = $1',
    values: [agent],
  });
  await check(id);
  // Of a run that has not ended, too.
  expect((await dispatch(agent)).json.error).toContain('100 tokens of 100 tokens');
  const raised = await api.request('PATCH', `/v1/budgets/${id}`, { body: { max_tokens: null } });
  expect(raised.json.data).toMatchObject({ state: 'ok', max_tokens: null, max_cost_usd: 1 });
  expect((await dispatch(agent)).status).toBe(200);
  await end(agent, { usd: 0.55 });
  await check(id);
  expect((await dispatch(agent)).json.error).toContain('1.1 USD of 1 USD');
  const gone = await api.request('DELETE', `/v1/budgets/${id}`);
  expect(gone.status).toBe(200);
  expect((await dispatch(agent)).status).toBe(200);
});

test('a firing is kept with a refused verdict, and a new period starts anew', async () => {
  const agent = await addAgent([
    { name: 'Paid', type: 'event', config: { event: 'invoice.paid' } },
  ]);
  const { id } = await addBudget({ agent_id: agent, period: 'day', max_runs: 1 });
  const fire = async () => {
    const sent = await api.request('POST', '/v1/events', { body: { type: 'invoice.paid' } });
    const event = await api.request(
      'GET',
      `/v1/trigger-events/${sent.json.data.trigger_event_ids[0]}`,
    );
    return event.json.data.verdicts.find((one: { agent_id: string }) => one.agent_id === agent);
  };
  expect(await fire()).toMatchObject({ verdict: 'ran' });
  expect(await fire()).toMatchObject({
    verdict: 'refused',
    reason: 'budget_exceeded',
    detail: expect.stringContaining('is used up: 1 runs of 1 runs'),
  });
  for (const table of [
    'budgets SET period_start = period_start - 1',
    "runs SET created_at = created_at - interval '1 day'",
  ]) {
    await api.deps.db.execute(`UPDATE ${table}`);
  }
  expect(await fire()).toMatchObject({ verdict: 'ran' });
  await check(id);
  const shown = await api.request('GET', `/v1/budgets/${id}`);
  expect(shown.json.data).toMatchObject({ used: { runs: 1 }, state: 'exceeded' });
});

test('warning and end are told once a period, and again after they were taken back', async () => {
  const { db } = api.deps;
  await api.request('POST', '/v1/webhooks', {
    body: { workspace_id: api.workspace.id, url: 'https://example.com', event_types: ['budget.*'] },
  });
  const agent = await addAgent();
  const { id } = await addBudget({ agent_id: agent, period: 'day', max_tokens: 100, stops: false });
  const told = async () => {
    await Promise.all([check(id), check(id), check(id)]);
    const rows = await db.query<{ type: string; payload: string }>({
      text: `SELECT type, payload FROM internal_events WHERE entity_id = $1 ORDER BY created_at`,
      values: [agent],
    });
    return rows.map(({ type, payload }) => [type, JSON.parse(payload).used.tokens]);
  };
  const use = (tokens: number) => dispatch(agent).then(() => end(agent, { tokens }));
  await use(79);
  expect(await told()).toEqual([]);
  await use(1);
  expect(await told()).toEqual([['budget.warning', 80]]);
  await use(30);
  expect(await told()).toEqual([
    ['budget.warning', 80],
    ['budget.exceeded', 110],
  ]);
  await use(1);
  expect(await told()).toHaveLength(2);
  await api.request('PATCH', `/v1/budgets/${id}`, { body: { max_tokens: 1_000 } });
  expect(await told()).toHaveLength(2);
  await api.request('PATCH', `/v1/budgets/${id}`, { body: { max_tokens: 50 } });
  expect((await told()).map(([type]) => type)).toEqual([
    'budget.warning',
    'budget.exceeded',
    'budget.exceeded',
  ]);
});

test('a workspace’s quota is the admin’s to set and holds for all its agents', async () => {
  await using fresh = await createTestApi();
  const quotaGate = new BudgetGate(fresh.deps);
  Object.assign(fresh.deps, { budgets: quotaGate });
  const { agent } = await createApiObjects(fresh, fresh.workspace.id);
  const path = `/v1/workspaces/${fresh.workspace.id}/quotas`;
  const admin = { token: fresh.tokens.admin };
  const set = (body: object) => fresh.request('PUT', path, { ...admin, body });
  expect((await fresh.request('PUT', path, { body: { day: null } })).status).toBe(403);
  const first = await set({ day: { max_runs: 1 } });
  expect(first.json.data).toMatchObject({
    day: { max_runs: 1, state: 'exceeded', agent_id: null, used: { runs: 1 } },
    month: null,
  });
  const refused = await fresh.request('POST', `/v1/agents/${agent}/run`, { body: {} });
  expect([refused.status, refused.json.error]).toEqual([
    422,
    expect.stringContaining('The quota of the workspace for the day is used up'),
  ]);
  const neo = await fresh.request('POST', `/public-api/agents/${agent}/run-now`, {
    body: { target_entity_id: 'e1' },
  });
  expect(neo.status).toBe(422);
  expect((await set({ day: null, month: { max_runs: 5 } })).json.data.day).toBeNull();
  expect((await fresh.request('POST', `/v1/agents/${agent}/run`, { body: {} })).status).toBe(200);
  const list = await fresh.request('GET', '/v1/budgets');
  expect(list.json.data.map((one: { agent_id: string }) => one.agent_id)).toEqual([agent]);
  expect((await fresh.request('GET', path, { token: fresh.tokens.other })).status).toBe(404);
});

test.each([
  [{ period: 'day' }, 'max_runs'],
  [{ period: 'week', max_runs: 1 }, 'period'],
  [{ period: 'day', max_runs: -1 }, 'max_runs'],
  [{ period: 'day', max_runs: 1.5 }, 'max_runs'],
  [{ period: 'day', max_runs: 1, warn_at: 0 }, 'warn_at'],
  [{ period: 'day', max_runs: 1, warn_at: 1.1 }, 'warn_at'],
  [{ period: 'day', max_cost_usd: '5' }, 'max_cost_usd'],
])('%o is refused with the name of the field', async (body, field) => {
  const { status, text } = await api.request('POST', '/v1/budgets', { body });
  expect([status, text]).toEqual([400, expect.stringContaining(field)]);
});

test('an agent of another workspace gets no budget', async () => {
  const foreign = await createApiObjects(api, api.otherWorkspace.id);
  const body = { agent_id: foreign.agent, period: 'day', max_runs: 1 };
  expect((await api.request('POST', '/v1/budgets', { body })).status).toBe(404);
  const named = { ...body, workspace_id: api.workspace.id };
  const both = await api.request('POST', '/v1/budgets', { body: named, token: api.tokens.both });
  expect(both.status).toBe(404);
});

test('the command makes, lists, edits and deletes them', async () => {
  const agent = await addAgent();
  await using server = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  const env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: api.tokens.write };
  const run = async (...args: string[]) => (await runCli(['budgets', ...args], { env })).stdout;
  const made = await run('create', '--agent', agent, '--period', 'month', '--usd', '12.5');
  const [id = ''] = made.split(':');
  expect(made).toBe(`${id}: ok for this month\n`);
  expect(await run('list', '--agent', agent)).toMatch(/month +ok +0 +0 +\$0 of \$12\.50/);
  await run('edit', id, '--runs', '0', '--usd', 'none');
  expect(await run('list', '--agent', agent)).toMatch(/month +exceeded +0 of 0 +0 +\$0/);
  expect(await run('delete', id)).toBe(`deleted ${id}\n`);
  expect(await run('list', '--agent', agent)).toContain('No budgets.');
});
