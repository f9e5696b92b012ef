import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addAgent, cron, message, runNow, webhook } from '../../../test/support/neo.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const get = (path: string, token = api.tokens.write) =>
  api.request('GET', `/public-api${path}`, { token });

describe('an agent', () => {
  test.each([
    [[webhook, cron], 'TRIGGERED', 'AGENTIC'],
    [[cron, message], 'SCHEDULED', 'AGENTIC'],
    [[message], 'NONE', 'CONVERSATIONAL'],
    [[], 'NONE', 'CONVERSATIONAL'],
  ])('is of the kind that its triggers %j make it', async (triggers, triggerType, autonomy) => {
    const { number } = await addAgent(api, { triggers });
    expect((await get(`/agents/${number}`)).json.data).toMatchObject({
      trigger_type: triggerType,
      autonomy_type: autonomy,
    });
  });

  test('is shown by either id, with its number as a text', async () => {
    const agent = await addAgent(api, { triggers: [cron], tools: null });
    const [byNumber, byId] = [
      await get(`/agents/${agent.number}`),
      await get(`/agents/${agent.id}`),
    ];
    expect(byNumber.json.data).toEqual(byId.json.data);
    expect(byNumber.json.data).toMatchObject({
      id: expect.stringMatching(/^[1-9][0-9]*$/),
      uid: agent.id,
      name: 'Dispatcher',
      state: 'ENABLED',
      entity_type: 'none',
      agent_settings: { custom_instructions: 'Sort.' },
      toolbox: { tool_settings_by_type: {} },
      schedule: { expression: '0 8 * * *' },
      version: 1,
    });
  });

  test('does not show the key or secret of a webhook', async () => {
    const triggers = [{ ...webhook, config: { verify: 'token', secret: 'hidden-secret-value' } }];
    const { number } = await addAgent(api, { triggers });
    expect((await get(`/agents/${number}`)).text).not.toContain('hidden-secret-value');
  });

  test.each(['', '/versions', '/version-at?timestamp=2026-01-01', '/stats'])(
    'of another workspace, or none, is not found: %s',
    async (rest) => {
      const { number } = await addAgent(api);
      for (const [id, token] of [
        [number, api.tokens.other],
        ['999999999', api.tokens.write],
        ['nobody', api.tokens.write],
      ] as const) {
        const { status, json } = await get(`/agents/${id}${rest}`, token);
        expect([status, json.error.code]).toEqual([404, 'not_found']);
      }
    },
  );
});

describe('the list of agents', () => {
  test('goes page by page, newest first, by state', async () => {
    await using own = await createTestApi();
    const list = async (query: string) =>
      (await own.request('GET', `/public-api/agents?${query}`)).json;
    const agents = [];
    for (const enabled of [true, false, true]) agents.unshift(await addAgent(own, { enabled }));
    const numbers = agents.map(({ number }) => number);
    const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
    expect(idsOf(await list(''))).toEqual(numbers);
    expect(idsOf(await list('state=DISABLED'))).toEqual([numbers[1]]);
    expect(idsOf(await list('state=ENABLED'))).toEqual([numbers[0], numbers[2]]);
    const first = await list('page_size=2');
    expect([idsOf(first), first.meta.pagination.has_more]).toEqual([numbers.slice(0, 2), true]);
    const rest = await list(`page_size=2&cursor=${first.meta.pagination.next_cursor}`);
    expect([idsOf(rest), rest.meta.pagination.has_more]).toEqual([numbers.slice(2), false]);
  });

  test('refuses a state that there is not', async () => {
    const { status, json } = await get('/agents?state=on');
    expect([status, json.error.details]).toEqual([422, { state: expect.any(String) }]);
  });
});

describe('versions of an agent', () => {
  test('are listed newest first, and each is found again by its time', async () => {
    const agent = await addAgent(api, { instructions: 'First.' });
    for (const instructions of ['Second.', 'Third.']) {
      await api.request('PATCH', `/v1/agents/${agent.id}`, { body: { instructions } });
    }
    const { json } = await get(`/agents/${agent.number}/versions`);
    const versions = json.data.map((row: { version: number }) => row.version);
    expect(versions).toEqual([3, 2, 1]);
    expect(json.data.map((row: { is_current: boolean }) => row.is_current)).toEqual([
      true,
      false,
      false,
    ]);
    const at = (time: string) => get(`/agents/${agent.number}/version-at?timestamp=${time}`);
    const newest = await at(json.data[0].created_at);
    expect(newest.json.data).toMatchObject({
      agent_id: Number(agent.number),
      version: 3,
      agent_settings: { custom_instructions: 'Third.' },
    });
    const before = new Date(Date.parse(json.data[2].created_at) - 1).toISOString();
    expect((await at(before)).status).toBe(404);
    const second = await get(`/agents/${agent.number}/versions?page_size=1`);
    const { next_cursor } = second.json.meta.pagination;
    const next = await get(`/agents/${agent.number}/versions?page_size=1&cursor=${next_cursor}`);
    expect(next.json.data[0].version).toBe(2);
  });

  test('take a time with an offset, escaped or not, and a date', async () => {
    const agent = await addAgent(api);
    for (const time of [
      '2999-01-01T00:00:00%2B02:00',
      '2999-01-01T00:00:00+02:00',
      '2999-01-01T00:00:00.123Z',
      '2999-01-01',
    ]) {
      const { status, text } = await get(`/agents/${agent.number}/version-at?timestamp=${time}`);
      expect(status, text).toBe(200);
    }
  });

  test.each([
    '',
    '?timestamp=',
    '?timestamp=yesterday',
    '?timestamp=2026-02-31T00:00:00Z',
    '?timestamp=2026-01-01T00:00:00',
  ])('refuse version-at%s', async (query) => {
    const agent = await addAgent(api);
    const { status, json } = await get(`/agents/${agent.number}/version-at${query}`);
    expect([status, Object.keys(json.error.details)]).toEqual([422, ['timestamp']]);
  });
});

describe('statistics of an agent', () => {
  test('are of the executions in their window', async () => {
    const agent = await addAgent(api);
    const empty = (await get(`/agents/${agent.number}/stats`)).json.data;
    expect(empty).toMatchObject({
      executions: 0,
      success_rate: null,
      p50_total_duration_seconds: null,
      p95_total_duration_seconds: null,
      total_cost: 0,
      last_execution: null,
    });
    expect(Date.parse(empty.window.until) - Date.parse(empty.window.since)).toBe(86_400_000);
    const body = { target_entity_id: 'x' };
    const { json } = await runNow(api, agent.number, { body });
    const id = json.data.execution_id;
    await api.request('POST', `/public-api/executions/${id}/cancel`);
    await runNow(api, agent.number, { body });
    const range = (since: string, until: string) =>
      get(`/agents/${agent.number}/stats?since=${since}&until=${until}`);
    const now = (await range('2026-01-01', '2999-01-01')).json.data;
    expect(now).toMatchObject({
      executions: 2,
      executions_by_status: { cancelled: 1, queued: 1, success: 0, skipped: 0 },
      failures: 0,
      success_rate: null,
      last_execution: { status: 'queued' },
      window: { until: '2999-01-01T00:00:00.000Z' },
    });
    const past = (await range('2020-01-01', '2020-01-02')).json.data;
    expect(past).toMatchObject({ executions: 0, last_execution: { status: 'queued' } });
    const { created_at } = (await get(`/executions/${id}`)).json.data;
    expect((await range('2020-01-01', created_at)).json.data.executions).toBe(0);
    expect((await range(created_at, '2999-01-01')).json.data.executions).toBe(2);
  });

  test.each(['since=2026-01-02&until=2026-01-01', 'since=2999-01-01', 'until=soon'])(
    'refuse %s',
    async (query) => {
      const agent = await addAgent(api);
      const { status, json } = await get(`/agents/${agent.number}/stats?${query}`);
      expect([status, json.error.code]).toEqual([422, 'validation_error']);
    },
  );
});

test('tenant is the workspace of the token', async () => {
  const { status, json } = await get('/tenant');
  expect([status, json.data]).toMatchObject([200, { id: api.workspace.id, name: 'Own' }]);
  const { both } = api.tokens;
  expect((await get('/tenant', both)).status).toBe(422);
  const named = await api.request('GET', '/public-api/tenant', {
    token: both,
    headers: { 'X-Workspace-Id': api.otherWorkspace.id },
  });
  expect(named.json.data.name).toBe('Other');
});

test('health needs no token', async () => {
  const { status, json } = await api.request('GET', '/public-api/health', { token: null });
  expect([status, json.data]).toEqual([200, { status: 'ok', version: '0.0.0-test' }]);
});
