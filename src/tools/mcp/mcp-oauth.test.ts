import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { openMcpEgress } from '../../../test/support/mcp-egress.ts';
import {
  type OAuthMcpServer,
  startOAuthMcpServer,
} from '../../../test/support/oauth-mcp-server.ts';
import type { Egress } from '../../sandbox/egress/proxy.ts';
import { getToolSource } from '../../store/tool-sources.ts';
import { mcpAgentTools } from './mcp-tools.ts';

// Credentials of MCP servers, against a server and an authorization server that check them.

let egress: Egress;
let remote: OAuthMcpServer;
let api: TestApi;
/** All that the API answered, and what was printed. */
let said = '';

beforeAll(async () => {
  remote = await startOAuthMcpServer();
  egress = await openMcpEgress(remote.certificate);
  api = await createTestApi({ openOutlet: egress.outlet });
  for (const [name, value] of [
    ['FIXED', 'a-fixed-credential'],
    ['WRONG', 'a-wrong-credential'],
    ['MACHINE', 'secret-of-the-machine'],
  ] as const) {
    await ask('PUT', `/v1/secrets/${name}`, { value });
  }
  for (const method of ['warn', 'error', 'log'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => {
      said += words.join(' ');
    });
  }
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await api.deps.mcp[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await egress[Symbol.asyncDispose]();
  await remote[Symbol.asyncDispose]();
});
afterEach(() => {
  remote.fixed = {};
  remote.echoes = false;
  const secrets = [...remote.issued, 'a-fixed-credential', 'secret-of-the-machine'];
  const text = said;
  said = '';
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

async function ask(method: string, path: string, body?: object, token?: string) {
  const options = { ...(body && { body }), ...(token === undefined ? {} : { token }) };
  const answer = await api.request(method, path, options);
  said += answer.text;
  return answer;
}

let count = 0;
async function add(auth: object): Promise<string> {
  count += 1;
  const config = { transport: 'http', url: remote.url, auth };
  const body = { workspace_id: api.workspace.id, name: `guarded-${count}`, config };
  const made = await ask('POST', '/v1/mcp-servers', body);
  expect(made.status).toBe(201);
  return made.json.data.id;
}
const check = async (id: string) => (await ask('POST', `/v1/mcp-servers/${id}/test`)).json.data;
const redirect_url = 'https://signalbox.example/v1/mcp-authorizations/callback';
const authorize = (id: string) => ask('POST', `/v1/mcp-servers/${id}/authorize`, { redirect_url });
const back = (query: URLSearchParams) =>
  ask('GET', `/v1/mcp-authorizations/callback?${query}`, undefined, '');
/** Adds a server and has a person authorize it. */
async function authorized(): Promise<string> {
  const id = await add({ type: 'oauth' });
  const { authorization_url } = (await authorize(id)).json.data;
  expect((await back(remote.agree(authorization_url))).status).toBe(200);
  return id;
}
async function call(id: string, name = 'whoami') {
  const server = await getToolSource(api.deps.db, 'all', { kind: 'mcp', id });
  if (server === null) throw new Error('There is no such server.');
  const tool = mcpAgentTools(api.deps.mcp, {
    ...server,
    tools: [
      {
        ...{ name, remoteName: name, description: '', inputSchema: {} },
        ...{ idempotent: false, hasEffects: true },
      },
    ],
  })[0];
  const signal = AbortSignal.timeout(20_000);
  const result = await tool?.call({ inputJson: '{}', key: 'ar1:1', signal });
  said += JSON.stringify(result);
  return result;
}

describe('OAuth of an MCP server', () => {
  test('is by a person, with PKCE and a client registered for it', async () => {
    const id = await add({ type: 'oauth' });
    const before = await check(id);
    expect([before.success, before.error]).toEqual([
      ...[false, expect.stringContaining(`/v1/mcp-servers/${id}/authorize`)],
    ]);
    const shown = () => ask('GET', `/v1/mcp-servers/${id}`);
    expect((await shown()).json.data.authorized).toBe(false);
    const { authorization_url } = (await authorize(id)).json.data;
    const asked = new URL(authorization_url).searchParams;
    expect(asked.get('redirect_uri')).toBe(redirect_url);
    expect(asked.get('resource')).toBe(remote.url);
    const page = await back(remote.agree(authorization_url));
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('is authorized')]);
    expect(await check(id)).toMatchObject({ success: true, error: null });
    expect((await shown()).json.data.authorized).toBe(true);
    expect(await call(id)).toMatchObject({ ok: true });
    expect(remote.seen.at(-1)?.authorization).toMatch(/^Bearer access-/);
  });

  test('refreshes a token that has expired, and keeps the new ones', async () => {
    const id = await authorized();
    for (const times of [1, 2]) {
      remote.expireAccess();
      expect([times, (await call(id))?.ok]).toEqual([times, true]);
      expect(remote.grants.at(-1)).toEqual({ grant: 'refresh_token', status: 200 });
    }
    const again = await authorize(id);
    expect([again.status, again.json.data.authorization_url]).toEqual([200, null]);
  });

  test('says that a person is needed when the authorization has ended, and works after the next', async () => {
    const id = await authorized();
    remote.revokeAll();
    const failed = await call(id);
    expect(failed).toMatchObject({ ok: false, error: expect.stringContaining('/authorize') });
    const { authorization_url } = (await authorize(id)).json.data;
    expect((await back(remote.agree(authorization_url))).status).toBe(200);
    expect(await call(id)).toMatchObject({ ok: true });
  });

  test('takes a state once, and none that it did not give', async () => {
    const id = await add({ type: 'oauth' });
    const { authorization_url } = (await authorize(id)).json.data;
    const query = remote.agree(authorization_url);
    const wrong = new URLSearchParams({ ...Object.fromEntries(query), state: 'guessed' });
    expect((await back(wrong)).status).toBe(404);
    expect((await back(new URLSearchParams())).status).toBe(404);
    expect((await back(query)).status).toBe(200);
    expect((await back(query)).status).toBe(404);
    expect(await check(id)).toMatchObject({ success: true });
  });

  test('refuses a code that was used, one of another authorization, an issuer that is not the one asked, and a refusal', async () => {
    const id = await add({ type: 'oauth' });
    const begin = async () => (await authorize(id)).json.data.authorization_url;
    const first = remote.agree(await begin());
    const stateOf = (url: string) => new URL(url).searchParams.get('state') ?? '';
    const bad = async (change: Record<string, string>) => {
      const state = stateOf(await begin());
      const query = { ...Object.fromEntries(first), ...change, state };
      const answer = await back(new URLSearchParams(query));
      expect([change, answer.status]).toEqual([change, 422]);
    };
    await bad({ iss: 'https://elsewhere.test' });
    // The verifier is not the one that this code was asked for with.
    await bad({});
    await bad({});
    const refused = new URLSearchParams({ error: 'access_denied', state: stateOf(await begin()) });
    expect((await back(refused)).status).toBe(422);
    expect((await ask('GET', `/v1/mcp-servers/${id}`)).json.data.authorized).toBe(false);
  });

  test('is a workspace’s own: another can neither begin nor turn a state to its server', async () => {
    const id = await add({ type: 'oauth' });
    const path = `/v1/mcp-servers/${id}/authorize`;
    const theirs = await ask('POST', path, { redirect_url }, api.tokens.other);
    expect(theirs.status).toBe(404);
    const body = {
      ...{ workspace_id: api.otherWorkspace.id, name: 'theirs' },
      config: { transport: 'http', url: remote.url, auth: { type: 'oauth' } },
    };
    const { other } = api.tokens;
    const otherId = (await ask('POST', '/v1/mcp-servers', body, other)).json.data.id;
    const { authorization_url } = (await authorize(id)).json.data;
    expect((await back(remote.agree(authorization_url))).status).toBe(200);
    const shown = await ask('GET', `/v1/mcp-servers/${otherId}`, undefined, other);
    expect(shown.json.data.authorized).toBe(false);
    expect((await ask('GET', `/v1/mcp-servers/${id}`)).json.data.authorized).toBe(true);
  });

  test('is not begun for a server without it, and forgotten with another address', async () => {
    const plain = await add({ type: 'bearer', secret: 'FIXED' });
    expect((await authorize(plain)).status).toBe(409);
    const id = await authorized();
    const config = { transport: 'http', url: `${remote.url}?v=2`, auth: { type: 'oauth' } };
    await ask('PATCH', `/v1/mcp-servers/${id}`, { config });
    expect((await ask('GET', `/v1/mcp-servers/${id}`)).json.data.authorized).toBe(false);
  });

  test('shows nothing of what an authorization server says back in its errors', async () => {
    const id = await authorized();
    const { authorization_url } = (await authorize(await add({ type: 'oauth' }))).json.data;
    const query = remote.agree(authorization_url);
    await back(new URLSearchParams({ ...Object.fromEntries(query), state: 'x' }));
    remote.revokeAll();
    remote.echoes = true;
    expect(await call(id)).toMatchObject({ ok: false });
    query.set('code', remote.issued[0] ?? '');
    const refused = await back(query);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('server_error')]);
  });
});

describe('a machine’s own credential', () => {
  const machine = (secret: string) => ({
    ...{ type: 'oauth_client_credentials', client_id: 'machine', secret, scope: null },
  });

  test('is changed for a token, and again when that has expired', async () => {
    remote.clients.set('machine', { redirectUris: [], secret: 'secret-of-the-machine' });
    const id = await add(machine('MACHINE'));
    expect(await check(id)).toMatchObject({ success: true, error: null });
    expect(await call(id)).toMatchObject({ ok: true });
    remote.expireAccess();
    expect(await call(id)).toMatchObject({ ok: true });
    expect(remote.grants.at(-1)).toEqual({ grant: 'client_credentials', status: 200 });
  });

  test('that is wrong is a failed test, whatever the server says back', async () => {
    for (const echoes of [false, true]) {
      remote.echoes = echoes;
      expect(await check(await add(machine('FIXED')))).toMatchObject({ success: false });
    }
  });

  test('is sent as a bearer token or a header, and hidden where it comes back', async () => {
    remote.fixed = { bearer: 'a-fixed-credential', apiKey: 'a-fixed-credential' };
    for (const auth of [{ type: 'bearer' }, { type: 'header', name: 'X-Api-Key' }]) {
      const id = await add({ ...auth, secret: 'FIXED' });
      expect(await check(id)).toMatchObject({ success: true });
      const result = await call(id);
      expect(result).toMatchObject({
        ok: true,
        outputJson: expect.stringContaining('[secret FIXED]'),
      });
      const wrong = await check(await add({ ...auth, secret: 'WRONG' }));
      expect([wrong.success, wrong.error]).toEqual([false, expect.stringMatching(/401/)]);
    }
    expect(remote.seen.some(({ apiKey }) => apiKey === 'a-fixed-credential')).toBe(true);
  });

  test('that the server takes back later fails the call, and the next is tried again', async () => {
    remote.fixed = { bearer: 'a-fixed-credential' };
    const id = await add({ type: 'bearer', secret: 'FIXED' });
    expect(await call(id)).toMatchObject({ ok: true });
    remote.fixed = {};
    expect(await call(id)).toMatchObject({ ok: false, error: expect.stringMatching(/401/) });
    remote.fixed = { bearer: 'a-fixed-credential' };
    expect(await call(id)).toMatchObject({ ok: true });
  });
});

test('a list of tools that the server says has changed is read again', async () => {
  remote.fixed = { bearer: 'a-fixed-credential' };
  const id = await add({ type: 'bearer', secret: 'FIXED' });
  const names = async () =>
    (await ask('GET', `/v1/mcp-servers/${id}/tools`)).json.data.map(
      ({ remote_name }: { remote_name: string }) => remote_name,
    );
  await check(id);
  expect(await names()).toEqual(['whoami']);
  expect(await call(id, 'change')).toMatchObject({ ok: true });
  await expect.poll(names, { timeout: 20_000 }).toEqual(['whoami', 'added']);
});
