import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (body: unknown, token = api.tokens.admin) =>
  api.request('PUT', '/public-api/settings', {
    token,
    body,
    headers: { 'X-Workspace-Id': api.workspace.id },
  });
const read = async () => (await api.request('GET', '/public-api/settings')).json.data;

describe('settings of the tenant', () => {
  test('are those of the workspace, and change what both dialects show', async () => {
    const { status, json } = await put({
      human_friendly_client_name: ' Acme ',
      language: 'german',
    });
    expect([status, json.data.human_friendly_client_name]).toEqual([200, 'Acme']);
    expect(await read()).toEqual(json.data);
    const workspace = await api.request('GET', `/v1/workspaces/${api.workspace.id}`);
    expect(workspace.json.data.name).toBe('Acme');
    const knowledge = await api.request('GET', '/v1/kb/settings');
    expect(knowledge.json.data.language).toBe('german');
  });

  test('keep what is not given, and are taken back as they are shown', async () => {
    const before = await read();
    const { limits, updated_at, ...given } = before;
    expect([limits, updated_at]).toEqual([
      { requests_per_minute: null, concurrent_executions: null },
      expect.any(String),
    ]);
    for (const body of [{}, given]) {
      expect((await put(body)).status).toBe(200);
      expect({ ...(await read()), updated_at }).toEqual(before);
    }
  });

  test('are shown with the limits that the admin has set, which are not taken here', async () => {
    const limits = { body: { rate_limit: 1_200, max_running: 7 }, token: api.tokens.admin };
    await api.request('PATCH', `/v1/workspaces/${api.workspace.id}`, limits);
    const { status, json } = await put({ limits: { requests_per_minute: 0 } });
    expect([status, json.meta.warnings]).toEqual([200, ['Unknown field ignored: limits']]);
    expect(json.data.limits).toEqual({ requests_per_minute: 1_200, concurrent_executions: 7 });
  });

  test.each([
    ['timezone', 'Europe/Berlin', /timezone must be null: each cron trigger/],
    ['start_business_hours', 9, /start_business_hours must be null: .*autopilot_schedule/],
    ['sleep_before_callback_processing_seconds', 5, /custom_response_delay_ms/],
    ['referral_code', 'X', /referral_code must be null/],
    ['language', 'klingon', /language/],
    ['human_friendly_client_name', ' ', /human_friendly_client_name/],
    ['human_friendly_client_name', 'x'.repeat(201), /human_friendly_client_name/],
  ])('refuse %s = %j with what to do, and change nothing', async (field, value, message) => {
    const before = await read();
    const { status, json } = await put({ language: 'french', [field]: value });
    expect([status, json.error.code]).toEqual([422, 'validation_error']);
    expect(JSON.stringify(json.error)).toMatch(message);
    expect(await read()).toEqual(before);
  });

  test('are changed by no token that only writes', async () => {
    expect((await put({ language: 'french' }, api.tokens.write)).status).toBe(403);
  });
});
