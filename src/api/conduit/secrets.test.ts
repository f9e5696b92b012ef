import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const value = 'sk_live_51Hc-the-value';

test('a secret is set, replaced, shown without its value, listed and deleted', async () => {
  const put = (body: object) => api.request('PUT', '/v1/secrets/STRIPE_KEY', { body });
  const first = await put({ value });
  expect(first.status).toBe(201);
  expect(first.json.data).toEqual({
    name: 'STRIPE_KEY',
    workspace_id: api.workspace.id,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const second = await put({ value: 'another value' });
  expect([second.status, second.json.data.created_at]).toEqual([200, first.json.data.created_at]);
  const shown = await api.request('GET', '/v1/secrets/STRIPE_KEY');
  expect(shown.json.data).toEqual(second.json.data);
  const list = await api.request('GET', '/v1/secrets');
  expect(list.json.data).toEqual([second.json.data]);
  for (const { text } of [first, second, shown, list])
    expect(text).not.toMatch(/sk_live|another value/);
  const gone = await api.request('DELETE', '/v1/secrets/STRIPE_KEY');
  expect(gone.json.data).toEqual({ name: 'STRIPE_KEY', deleted: true });
  expect((await api.request('GET', '/v1/secrets/STRIPE_KEY')).status).toBe(404);
  expect((await api.request('DELETE', '/v1/secrets/STRIPE_KEY')).status).toBe(404);
});

test('the same name is another secret in another workspace', async () => {
  const { both, other } = api.tokens;
  const own = { workspace_id: api.workspace.id };
  const foreign = { workspace_id: api.otherWorkspace.id };
  const put = (body: object) => api.request('PUT', '/v1/secrets/SAME', { token: both, body });
  expect((await put({ value })).status).toBe(400);
  expect((await put({ value, ...own })).status).toBe(201);
  expect((await api.request('GET', '/v1/secrets/SAME', { token: other })).status).toBe(404);
  expect((await put({ value, ...foreign })).status).toBe(201);
  expect((await api.request('DELETE', '/v1/secrets/SAME', { token: other })).status).toBe(200);
  expect((await api.request('GET', '/v1/secrets/SAME')).status).toBe(200);
});

test('pages through many', async () => {
  const token = api.tokens.other;
  for (let n = 0; n < 5; n++)
    await api.request('PUT', `/v1/secrets/K${n}`, { token, body: { value } });
  const names: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await api.request('GET', `/v1/secrets?limit=2${cursor && `&cursor=${cursor}`}`, {
      token,
    });
    names.push(...page.json.data.map((secret: { name: string }) => secret.name));
    cursor = page.json.meta?.next_cursor ?? page.json.next_cursor ?? null;
  }
  expect(names).toEqual(['K4', 'K3', 'K2', 'K1', 'K0']);
});

test.each([
  ['lower', { value }],
  ['A-B', { value }],
  ['A', { value: '' }],
  ['A', { value: 7 }],
  ['A', {}],
])('refuses to set %s to %j, without repeating the value', async (name, body) => {
  const answer = await api.request('PUT', `/v1/secrets/${name}`, { body });
  expect(answer.status).toBe(400);
  expect(answer.text).not.toContain(value);
});

test('a tool may name hosts and secrets, and over-broad hosts are refused', async () => {
  const body = {
    workspace_id: api.workspace.id,
    name: 'charge',
    language: 'javascript',
    code: 'async function main() { return { message: "" }; }',
    network: { allow: ['api.stripe.com', '*.example.com', 'erp.example.com:8443'] },
    secrets: ['STRIPE_KEY'],
  };
  const tool = await api.request('POST', '/v1/custom-tools', { body });
  expect(tool.status).toBe(201);
  expect(tool.json.data).toMatchObject({ network: body.network, secrets: ['STRIPE_KEY'] });
  const broad = { ...body, name: 'broad', network: { allow: ['*.co.uk'] } };
  const refused = await api.request('POST', '/v1/custom-tools', { body: broad });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('too broad')]);
});
