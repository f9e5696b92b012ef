import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToken, createTestApi, type TestApi } from '../../../test/support/api.ts';
import { hashTokenSecret } from '../../core/token-secret.ts';
import { sweepSessions } from '../../store/sessions.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ownPage = { 'Sec-Fetch-Site': 'same-origin' };

async function signIn(token: string, headers: Record<string, string> = {}) {
  const answer = await api.request('POST', '/v1/session', { token, headers });
  const header = answer.headers.get('set-cookie') ?? '';
  return { answer, header, cookie: header.split(';')[0] ?? '' };
}

const get = (cookie: string) =>
  api.request('GET', '/v1', { token: null, headers: { Cookie: cookie } });

test('a session has exactly its token’s rights', async () => {
  for (const kind of ['read', 'write', 'admin'] as const) {
    const { answer, cookie } = await signIn(api.tokens[kind]);
    expect([answer.status, answer.json.data.access]).toEqual([201, kind]);
    const direct = await api.request('GET', '/v1', { token: api.tokens[kind] });
    expect((await get(cookie)).json).toEqual(direct.json);
  }
});

test('the cookie is for the browser alone, and its value is stored nowhere', async () => {
  const { header, answer } = await signIn(api.tokens.read);
  expect(header).toMatch(
    /^signalbox_[0-9a-f]{8}=capi_[0-9a-z]{40}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
  );
  const secret = /=(capi_[0-9a-z]+)/.exec(header)?.[1] ?? '';
  expect(answer.text).not.toContain(secret);
  const rows = await api.deps.db.query<{ row: string }>(
    'SELECT sessions::text AS row FROM sessions',
  );
  expect(rows.some(({ row }) => row.includes(secret))).toBe(false);
  expect((await api.request('GET', '/v1', { token: secret })).status).toBe(401);
});

test('over HTTPS, also behind a proxy, the cookie is sent over HTTPS only', async () => {
  const { header } = await signIn(api.tokens.read, { 'X-Forwarded-Proto': 'https' });
  expect(header).toMatch(/; Secure$/);
});

test('signing out ends the session at once, and takes the cookie away', async () => {
  const { cookie } = await signIn(api.tokens.write);
  const other = await signIn(api.tokens.write);
  const out = { token: null, headers: { Cookie: cookie, ...ownPage } };
  const answer = await api.request('DELETE', '/v1/session', out);
  expect([answer.status, answer.json.data]).toEqual([200, { signed_out: true }]);
  expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
  expect((await get(cookie)).status).toBe(401);
  expect((await api.request('DELETE', '/v1/session', out)).status).toBe(401);
  expect((await get(other.cookie)).status).toBe(200);
});

test('a session ends with its time, and with its token', async () => {
  const token = await addToken(api.deps, { access: 'read', workspaceIds: [api.workspace.id] });
  const { cookie } = await signIn(token);
  const later = await signIn(token);
  await api.deps.db.execute({
    text: 'UPDATE sessions SET expires_at = clock_timestamp() WHERE secret_hash = $1',
    values: [hashTokenSecret(cookie.split('=')[1] ?? '')],
  });
  expect((await get(cookie)).status).toBe(401);
  expect((await get(later.cookie)).status).toBe(200);
  expect(await sweepSessions(api.deps.db)).toBeGreaterThan(0);
  const list = await api.request('GET', '/v1/tokens', { token: api.tokens.admin });
  await api.request('DELETE', `/v1/tokens/${list.json.data[0].id}`, { token: api.tokens.admin });
  expect((await get(later.cookie)).status).toBe(401);
});

test('a session is never longer than its token holds', async () => {
  const expiresAt = new Date(Date.now() + 60_000);
  const given = { access: 'read', workspaceIds: [api.workspace.id], expiresAt } as const;
  const { answer } = await signIn(await addToken(api.deps, given));
  expect(answer.json.data.expires_at).toBe(expiresAt.toISOString());
});

test('a session cannot make another one', async () => {
  const { cookie } = await signIn(api.tokens.write);
  const again = { token: null, headers: { Cookie: cookie, ...ownPage } };
  expect((await api.request('POST', '/v1/session', again)).status).toBe(403);
});

test('a cookie of another installation, broken or forged is nobody', async () => {
  const { cookie } = await signIn(api.tokens.write);
  const [name] = cookie.split('=');
  for (const bad of ['signalbox_00000000=capi_1', `${name}=`, `${name}=x`, `${cookie}0`, ';;=;']) {
    expect([bad, (await get(bad)).status]).toEqual([bad, 401]);
  }
  const headers = { Cookie: cookie, Authorization: 'Bearer wrong-token-of-somebody' };
  expect((await api.request('GET', '/v1', { token: null, headers })).status).toBe(401);
});
