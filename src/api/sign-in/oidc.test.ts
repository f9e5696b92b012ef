import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import {
  audience,
  clientId,
  clientSecret,
  startOidcIssuer,
  type TestIssuer,
} from '../../../test/support/oidc-issuer.ts';
import type { Role } from '../../core/member.ts';
import { createOidcClient } from './oidc-client.ts';

// Against a real provider, oidc-provider of npm, over HTTP.

const redirectUrl = 'http://signalbox.test/v1/session/oidc/callback';
const ownPage = { 'Sec-Fetch-Site': 'same-origin' };

let issuer: TestIssuer;
let api: TestApi;
beforeAll(async () => {
  issuer = await startOidcIssuer(redirectUrl);
  const oidc = createOidcClient({
    issuer: issuer.url,
    clientId,
    clientSecret,
    audience,
    name: 'Test',
    redirectUrl,
  });
  api = await createTestApi({ oidc });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

let count = 0;
/** An account at the issuer. */
function account(given: { readonly verified?: boolean; readonly email?: string } = {}) {
  const sub = `person-${count++}`;
  const email = given.email ?? `${sub}@example.com`;
  issuer.accounts.set(sub, { email, email_verified: given.verified ?? true });
  return { sub, email };
}

async function addMember(email: string, role: Role = 'operator', more: object = {}) {
  const answer = await api.request('POST', `/v1/workspaces/${api.workspace.id}/users`, {
    token: api.tokens.admin,
    body: { email, role, ...more },
  });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.json.data;
}

const cookiesOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .filter((cookie) => !cookie.endsWith('='));

/** Leaves for the issuer, signs in there, and gives what to come back with. */
async function leave(sub: string, query = '') {
  const left = await api.request('GET', `/v1/session/oidc${query}`, { token: null });
  expect(left.status).toBe(302);
  const back = await issuer.signIn(new URL(left.headers.get('location') ?? ''), sub);
  return { back, cookies: cookiesOf(left.headers) };
}

async function comeBack(back: URL, cookies: readonly string[]) {
  return await api.request('GET', back.pathname + back.search, {
    token: null,
    headers: { Cookie: cookies.join('; ') },
  });
}

async function signIn(sub: string, query = '') {
  const { back, cookies } = await leave(sub, query);
  const answer = await comeBack(back, cookies);
  return { location: answer.headers.get('location'), cookies: cookiesOf(answer.headers) };
}

const whoIs = (cookie: string) =>
  api.request('GET', '/v1', { token: null, headers: { Cookie: cookie } });

describe('signing in by OpenID Connect', () => {
  test('makes a session of the member with the verified address, with their role', async () => {
    const { sub, email } = account();
    const member = await addMember(email.toUpperCase(), 'viewer');
    const { location, cookies } = await signIn(sub, '?return_to=%2Fruns%3Fstatus%3Dfailed');
    expect(location).toBe('/runs?status=failed');
    const who = await whoIs(cookies.join('; '));
    expect(who.json.data.user).toEqual({ id: member.id, email });
    expect(who.json.data.workspaces).toEqual([
      { id: api.workspace.id, name: 'Own', role: 'viewer' },
    ]);
    const audit = `/v1/audit?workspace_id=${api.workspace.id}&action=finishOidcSignIn`;
    const log = await api.request('GET', audit, { token: api.tokens.admin });
    expect(log.json.data[0]).toMatchObject({ actor: { id: member.id }, outcome: 'done' });
    const write = { token: null, headers: { Cookie: cookies.join('; '), ...ownPage } };
    const path = `/v1/secrets/KEY?workspace_id=${api.workspace.id}`;
    expect((await api.request('DELETE', path, write)).status).toBe(403);
  });

  test('is refused to who is a member of nothing, and makes no account', async () => {
    const { sub, email } = account();
    const { location, cookies } = await signIn(sub);
    expect([location, cookies]).toEqual(['/?sign_in=forbidden', []]);
    const audit = '/v1/audit?action=finishOidcSignIn';
    const log = await api.request('GET', audit, { token: api.tokens.admin });
    expect(log.json.data[0]).toMatchObject({ outcome: 'refused' });
    const rows = await api.deps.db.query({
      text: 'SELECT 1 FROM users WHERE email = $1',
      values: [email],
    });
    expect(rows).toEqual([]);
  });

  test('does not believe an address that the issuer has not verified', async () => {
    const { sub, email } = account({ verified: false });
    await addMember(email, 'owner');
    expect((await signIn(sub)).location).toBe('/?sign_in=forbidden');
  });

  test('knows a member by the subject where one was given', async () => {
    const { sub } = account({ verified: false });
    const added = await addMember(`other-${sub}@example.com`, 'viewer', { oidc_subject: sub });
    expect(added).toMatchObject({ invitation: null, sign_in: ['oidc'] });
    const { cookies } = await signIn(sub);
    expect((await whoIs(cookies.join('; '))).json.data.user.id).toBe(added.id);
  });

  test('holds to the subject: another account with the same address is a stranger', async () => {
    const { sub, email } = account();
    await addMember(email);
    expect((await signIn(sub)).location).toBe('/');
    const second = account({ email });
    expect((await signIn(second.sub)).location).toBe('/?sign_in=forbidden');
  });

  test('ends the password and the invitation that the account had before', async () => {
    const { sub, email } = account();
    const { invitation } = await addMember(email);
    await signIn(sub);
    const accepted = await api.request('POST', '/v1/session/invitation', {
      token: null,
      headers: ownPage,
      body: { invitation, password: 'a password of somebody else' },
    });
    expect(accepted.status).toBe(401);
  });

  test('counts once, and only in the browser that began it', async () => {
    const { sub, email } = account();
    await addMember(email);
    const mine = await leave(sub);
    const others = await leave(sub);
    const refused = '/?sign_in=unauthenticated';
    expect((await comeBack(mine.back, [])).headers.get('location')).toBe(refused);
    expect((await comeBack(mine.back, others.cookies)).headers.get('location')).toBe(refused);
    const forged = mine.cookies.map((cookie) => `${cookie.slice(0, -4)}AAAA`);
    expect((await comeBack(mine.back, forged)).headers.get('location')).toBe(refused);
    expect((await comeBack(mine.back, mine.cookies)).headers.get('location')).toBe('/');
    expect((await comeBack(mine.back, mine.cookies)).headers.get('location')).toBe(refused);
  });

  test.each([
    ['//evil.test', '/'],
    ['/\\evil.test', '/'],
    ['https://evil.test/', '/'],
    ['/%09/evil.test', '/%09/evil.test'],
    ['/\t/evil.test', '/'],
    ['javascript:alert(1)', '/'],
    ['/runs', '/runs'],
  ])('comes back to a path of its own: %j to %s', async (given, expected) => {
    const { ownPath } = await import('../conduit/oidc-sign-in.ts');
    expect(ownPath(given)).toBe(expected);
  });
});

describe('a token of the issuer', () => {
  const anHourOn = () => Math.floor(Date.now() / 1_000) + 3_600;
  const ask = (token: string, path = '/v1') => api.request('GET', path, { token });

  test('is a bearer on both dialects, with the roles of its member', async () => {
    const { sub } = account();
    await addMember(`${sub}@members.test`, 'viewer', { oidc_subject: sub });
    const token = await issuer.accessToken(sub, redirectUrl);
    expect((await ask(token)).json.data.user.email).toBe(`${sub}@members.test`);
    expect((await ask(token, '/public-api/agents')).status).toBe(200);
    const run = await api.request('POST', '/v1/events', { token, body: { type: 'a.b' } });
    expect(run.status).toBe(403);
  });

  test('of a stranger is refused on both dialects', async () => {
    const token = await issuer.accessToken(account().sub, redirectUrl);
    for (const path of ['/v1', '/public-api/agents']) {
      expect((await ask(token, path)).status).toBe(403);
    }
  });

  test('is nothing with another audience, issuer, key or algorithm, too late or too early', async () => {
    const { sub } = account();
    await addMember(`${sub}@members.test`, 'viewer', { oidc_subject: sub });
    const good = { iss: issuer.url, aud: audience, sub, exp: anHourOn() };
    expect((await ask(await issuer.sign(good))).status).toBe(200);
    const { exp: _, ...forever } = good;
    const { sub: __, ...nobody } = good;
    const other = await generateKeyPair('RS256');
    const ofOthers = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(good).setProtectedHeader({ alg, kid: 'test' }).sign(key);
    const [head, claims] = (await issuer.sign(good)).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = {
      audience: await issuer.sign({ ...good, aud: 'urn:another' }),
      'client as audience': await issuer.sign({ ...good, aud: clientId }),
      issuer: await issuer.sign({ ...good, iss: 'https://evil.test' }),
      expired: await issuer.sign({ ...good, exp: Math.floor(Date.now() / 1_000) - 60 }),
      'without end': await issuer.sign(forever),
      'not yet': await issuer.sign({ ...good, nbf: anHourOn() - 60 }),
      nobody: await issuer.sign(nobody),
      'another key': await ofOthers('RS256', other.privateKey),
      'a shared secret': await ofOthers('HS256', new TextEncoder().encode(clientSecret)),
      'no signature': `${none}.${claims}.AAAA`,
      'cut off': `${head}.${claims}.AAAA`,
    };
    for (const [kind, token] of Object.entries(bad)) {
      expect([kind, (await ask(token)).status]).toEqual([kind, 401]);
    }
  });

  test('ends with the membership', async () => {
    const { sub } = account();
    const { id } = await addMember(`${sub}@members.test`, 'viewer', { oidc_subject: sub });
    const token = await issuer.sign({ iss: issuer.url, aud: audience, sub, exp: anHourOn() });
    expect((await ask(token)).status).toBe(200);
    const path = `/v1/workspaces/${api.workspace.id}/users/${id}`;
    await api.request('DELETE', path, { token: api.tokens.admin });
    expect((await ask(token)).status).toBe(403);
  });

  test('is no credential where no audience is set', async () => {
    await using closed = await createTestApi({
      oidc: createOidcClient({
        issuer: issuer.url,
        clientId,
        clientSecret,
        audience: null,
        name: 'Test',
        redirectUrl,
      }),
    });
    const token = await issuer.sign({ iss: issuer.url, aud: audience, sub: 'x', exp: anHourOn() });
    expect((await closed.request('GET', '/v1', { token })).status).toBe(401);
  });
});

test('an issuer that is away is 503 to whoever needs it, and to nobody else', async () => {
  await using alone = await createTestApi({
    oidc: createOidcClient({
      issuer: 'http://127.0.0.1:9',
      clientId,
      clientSecret,
      audience,
      name: 'Test',
      redirectUrl,
    }),
  });
  const answer = await alone.request('GET', '/v1/session/oidc', { token: null });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  const token = await issuer.sign({ iss: issuer.url });
  expect((await alone.request('GET', '/v1', { token })).status).toBe(503);
  expect((await alone.request('GET', '/v1')).status).toBe(200);
});
