import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi, type TestRequest } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** As the admin, for the API's own workspace. */
function asAdmin(method: string, path: string, request: TestRequest = {}) {
  return api.request(method, `/public-api/api-keys${path}`, {
    token: api.tokens.admin,
    ...request,
    headers: { 'X-Workspace-Id': api.workspace.id, ...request.headers },
  });
}

const create = (body: unknown, headers = {}) => asAdmin('POST', '', { body, headers });
const works = async (key: string) =>
  (await api.request('GET', '/public-api/tenant', { token: key })).status === 200;

describe('an API key', () => {
  test('is shown once, works on both dialects and only in its workspace', async () => {
    const { status, json, headers } = await create({ name: ' Automation ', expires_at: null });
    expect(status).toBe(201);
    expect(json.data).toMatchObject({
      id: expect.stringMatching(/^tk/),
      name: 'Automation',
      key: expect.stringMatching(/^neo_sk_prod_[0-9a-z]{24,}$/),
      expires_at: null,
      access: 'write',
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const { key } = json.data;
    const tenant = await api.request('GET', '/public-api/tenant', { token: key });
    expect(tenant.json.data.id).toBe(api.workspace.id);
    expect((await api.request('GET', '/v1', { token: key })).status).toBe(200);
    const list = await asAdmin('GET', '');
    expect(list.json.data).toContainEqual(expect.objectContaining({ id: json.data.id }));
    expect(list.text).not.toContain(key);
  });

  test('may be one that only reads, and may expire', async () => {
    const expires_at = '2999-01-01T00:00:00.000Z';
    const { json } = await create({ name: 'Reader', access: 'read', expires_at });
    expect(json.data).toMatchObject({ access: 'read', expires_at });
    const { status } = await api.request('POST', '/public-api/agents/1/run-now', {
      token: json.data.key,
    });
    expect(status).toBe(403);
  });

  test.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'x', expires_at: 'soon' }, 'expires_at'],
    [{ name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ name: 'x', access: 'admin' }, 'access'],
  ])('is refused as %j', async (body, field) => {
    const { status, json } = await create(body);
    expect([status, json.error.code]).toEqual([422, 'validation_error']);
    expect(Object.keys(json.error.details)).toEqual([field]);
  });

  test('is not made without a body, nor without a workspace', async () => {
    expect((await asAdmin('POST', '')).status).toBe(400);
    const token = api.tokens.admin;
    const body = { name: 'x' };
    const { status } = await api.request('POST', '/public-api/api-keys', { token, body });
    expect(status).toBe(422);
  });

  test('is made once under one Idempotency-Key, and the repeat still shows it', async () => {
    const headers = { 'Idempotency-Key': 'key-1' };
    const [first, second] = [
      await create({ name: 'Once' }, headers),
      await create({ name: 'Once' }, headers),
    ];
    expect(second.json.data).toEqual(first.json.data);
    const kept = await api.deps.db.query<{ response: string }>(
      'SELECT response FROM idempotency_keys',
    );
    expect(JSON.stringify(kept)).not.toContain(first.json.data.key);
  });

  test('is revoked at once, once', async () => {
    const { id, key } = (await create({ name: 'Short' })).json.data;
    expect(await works(key)).toBe(true);
    const { status, json } = await asAdmin('DELETE', `/${id}`);
    expect([status, json.data]).toEqual([200, { id, deleted: true }]);
    expect(await works(key)).toBe(false);
    expect((await asAdmin('DELETE', `/${id}`)).status).toBe(404);
  });

  test('is rotated: the new one works at once, the old one for 24 hours more', async () => {
    const old = (await create({ name: 'Rotated', access: 'read' })).json.data;
    const { status, json } = await asAdmin('POST', `/${old.id}/rotate`);
    expect(status).toBe(201);
    expect(json.data).toMatchObject({ name: 'Rotated', access: 'read', expires_at: null });
    expect(json.data.key).not.toBe(old.key);
    expect([await works(old.key), await works(json.data.key)]).toEqual([true, true]);
    const list = (await asAdmin('GET', '?page_size=200')).json.data;
    const ending = list.find((row: { id: string }) => row.id === old.id);
    const leftMs = Date.parse(ending.expires_at) - Date.parse(json.data.created_at);
    expect(Math.abs(leftMs - 86_400_000)).toBeLessThan(5_000);
  });

  test('keeps an earlier end when it is rotated', async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const old = (await create({ name: 'Ending', expires_at })).json.data;
    const { json } = await asAdmin('POST', `/${old.id}/rotate`);
    expect(json.data.expires_at).toBe(expires_at);
    const list = (await asAdmin('GET', '?page_size=200')).json.data;
    const before = list.find((row: { id: string }) => row.id === old.id);
    expect(before.expires_at).toBe(expires_at);
  });

  test('that was revoked or has expired is not rotated', async () => {
    const revoked = (await create({ name: 'Revoked' })).json.data;
    await asAdmin('DELETE', `/${revoked.id}`);
    expect((await asAdmin('POST', `/${revoked.id}/rotate`)).status).toBe(404);
    const expired = (await create({ name: 'Expired' })).json.data;
    await api.deps.db.execute({
      text: `UPDATE tokens SET expires_at = clock_timestamp() - interval '1 s' WHERE id = $1`,
      values: [expired.id],
    });
    const { status, json } = await asAdmin('POST', `/${expired.id}/rotate`);
    expect([status, json.error.code]).toEqual([409, 'conflict']);
    const list = (await asAdmin('GET', '?page_size=200')).json.data;
    expect(list.filter((row: { name: string }) => row.name === 'Expired')).toHaveLength(1);
  });

  test('of another workspace is out of reach of a request for this one', async () => {
    const headers = { 'X-Workspace-Id': api.otherWorkspace.id };
    const foreign = (await create({ name: 'Foreign' }, headers)).json.data;
    const list = (await asAdmin('GET', '?page_size=200')).json.data;
    expect(list.map((row: { id: string }) => row.id)).not.toContain(foreign.id);
    expect((await asAdmin('DELETE', `/${foreign.id}`)).status).toBe(404);
    expect((await asAdmin('POST', `/${foreign.id}/rotate`)).status).toBe(404);
    expect((await asAdmin('DELETE', `/${foreign.id}`, { headers })).status).toBe(200);
  });

  test('cannot manage keys', async () => {
    const { id, key } = (await create({ name: 'Ambitious' })).json.data;
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/rotate`],
    ] as const) {
      const body = method === 'POST' ? { name: 'Child' } : undefined;
      const { status } = await api.request(method, `/public-api/api-keys${path}`, {
        token: key,
        body,
      });
      expect([method, path, status]).toEqual([method, path, 403]);
    }
  });
});
