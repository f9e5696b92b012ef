import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../../test/support/api-objects.ts';
import { addPerson } from '../../test/support/people.ts';
import { readTree, repositoryRoot } from '../../test/support/source-tree.ts';
import { hashTokenSecret } from '../core/token-secret.ts';
import { BudgetGate } from '../runs/budget-gate.ts';
import { createGuard, EgressRefused } from '../sandbox/egress/guard.ts';
import { apiRoutes } from './app.ts';

// The OWASP API Security Top 10 of 2023 by name, and the published holes of this field. Each is one attack that worked
// elsewhere; the matrix, the fuzz and the tests beside each part go through all routes. One more hole, the caller that
// forgot the egress guard, needs a whole server: test/e2e/forgotten-guard.test.ts.

let api: TestApi;
let own: ApiObjects;
let foreign: ApiObjects;
beforeAll(async () => {
  api = await createTestApi({ rateLimit: 0 });
  own = await createApiObjects(api, api.workspace.id);
  foreign = await createApiObjects(api, api.otherWorkspace.id);
});
afterAll(() => api[Symbol.asyncDispose]());

const get = (path: string, options = {}) => api.request('GET', path, options);

describe('OWASP API Security Top 10 (2023)', () => {
  test('API1 broken object level authorization: an id that is known reads nothing of another workspace', async () => {
    for (const path of [
      `/v1/agents/${foreign.agent}`,
      `/v1/agents/${own.agent}/runs/${foreign.run}`,
      `/v1/contacts/${foreign.contact}`,
      `/v1/conversations/${foreign.conversation}/messages`,
      `/public-api/executions/${foreign.run}`,
    ]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.text).not.toContain(api.otherWorkspace.id);
    }
  });

  test('API2 broken authentication: no token, a guess, or half of one is nobody', async () => {
    const half = api.tokens.write.slice(0, -1);
    for (const token of [null, '', 'capi_', half, api.tokens.write.toUpperCase(), 'null']) {
      const answer = await get('/v1/agents', { token });
      expect([token, answer.status]).toEqual([token, 401]);
    }
    const stored = await api.deps.db.query<{ secret_hash: Buffer }>(
      'SELECT secret_hash FROM tokens',
    );
    const hash = hashTokenSecret(api.tokens.write).toString('hex');
    expect(stored.map((row) => row.secret_hash.toString('hex'))).toContain(hash);
    expect((await get('/v1/agents', { token: hash })).status).toBe(401);
  });

  test('API3 broken object property level authorization: what the server decides is not taken from a body', async () => {
    const before = (await get(`/v1/agents/${own.agent}`)).json.data;
    const decided = {
      id: foreign.agent,
      workspace_id: api.otherWorkspace.id,
      created_at: '2001-01-01T00:00:00Z',
      deleted_at: '2001-01-01T00:00:00Z',
      number: 4_242,
    };
    const body = { name: 'Renamed', agent_version: 99, ...decided };
    const answer = await api.request('PATCH', `/v1/agents/${own.agent}`, { body });
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    const after = (await get(`/v1/agents/${own.agent}`)).json.data;
    expect(after).toMatchObject({ name: 'Renamed', agent_version: before.agent_version + 1 });
    for (const field of Object.keys(decided))
      expect([field, after[field]]).toEqual([field, before[field]]);
    const taken = await get(`/v1/agents/${foreign.agent}`, { token: api.tokens.other });
    expect(taken.json.data.name).not.toBe('Renamed');
    const secret = await get('/v1/secrets/API_KEY');
    expect(secret.text).not.toContain('an api key');
  });

  test('API4 unrestricted resource consumption: pages, bodies, nesting and lists have an end', async () => {
    expect((await get('/v1/agents?limit=101')).status).toBe(400);
    const large = { body: JSON.stringify({ payload: 'x'.repeat(1_100_000) }) };
    expect((await api.request('POST', `/v1/agents/${own.agent}/run`, large)).status).toBe(413);
    const deep = { body: `{"payload":${'['.repeat(100)}${']'.repeat(100)}}` };
    expect((await api.request('POST', `/v1/agents/${own.agent}/run`, deep)).status).toBe(400);
  });

  test('API5 broken function level authorization: a write token manages no tokens, members, or log', async () => {
    for (const [method, path] of [
      ['GET', '/v1/tokens'],
      ['POST', '/v1/tokens'],
      ['GET', '/v1/audit'],
      ['GET', '/v1/backup'],
      ['POST', `/v1/workspaces/${api.workspace.id}/users`],
      ['POST', '/public-api/api-keys'],
      ['POST', `/v1/contacts/${own.contact}/erase`],
    ] as const) {
      const options = method === 'GET' ? {} : { body: { name: 'Mine', email: 'me@example.com' } };
      expect([path, (await api.request(method, path, options)).status]).toEqual([path, 403]);
    }
  });

  test('API6 unrestricted access to sensitive business flows: runs are bounded by quotas that stop', async () => {
    Object.assign(api.deps, { budgets: new BudgetGate(api.deps) });
    const triggers = [{ name: 'Called', type: 'webhook', config: {} }];
    const agent = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        ...{ name: 'Spender', description: 'Spends.', instructions: 'Spend.', triggers },
      },
    });
    const agent_id = agent.json.data.id;
    const body = { workspace_id: api.workspace.id, agent_id, period: 'day', max_runs: 2 };
    const made = await api.request('POST', '/v1/budgets', { body });
    expect(made.status).toBe(201);
    const statuses = [];
    for (let n = 0; n < 4; n++) {
      const { status } = await api.request('POST', `/v1/agents/${agent_id}/run`, { body: {} });
      statuses.push(status);
    }
    expect(statuses).toEqual([200, 200, 422, 422]);
  });

  test('API7 server side request forgery: no address inside is reached, however it is written', async () => {
    const guard = createGuard();
    for (const host of ['127.0.0.1', '169.254.169.254', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
      await expect(guard.connect({ host, port: 80 }), host).rejects.toThrow(EgressRefused);
    }
    for (const url of ['http://169.254.169.254/latest', 'http://[::1]/', 'file:///etc/passwd']) {
      const body = { workspace_id: api.workspace.id, url, event_types: ['run.*'] };
      const answer = await api.request('POST', '/v1/webhooks', { body });
      expect([url, answer.status]).toEqual([url, 400]);
    }
  });

  test('API8 security misconfiguration: headers guard every answer, and errors tell nothing of the inside', async () => {
    const answer = await get(`/v1/agents/${'x'.repeat(50)}`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.text).not.toMatch(/at \/|node_modules|SELECT|postgres/i);
  });

  test('API9 improper inventory management: what is mounted is documented, and nothing else answers', async () => {
    for (const name of ['conduit', 'neo']) {
      const routes = apiRoutes().filter(({ dialect }) => dialect.name === name);
      const shows = routes.find(
        ({ dialect, route }) => route.operationId === dialect.document?.operationId,
      );
      const document = shows?.route.path ?? '';
      const { paths } = (await get(document, { token: null })).json;
      const mounted = new Set(routes.map(({ route }) => route.path));
      expect([name, Object.keys(paths).sort()]).toEqual([name, [...mounted].sort()]);
    }
    // What no document of the two dialects names is meant to be there, and described in docs/.
    const others = apiRoutes().filter(({ dialect }) => dialect.document === null);
    const paths = others.map(({ route }) => route.path);
    expect(new Set(paths.filter((path) => !path.startsWith('/agent-protocol/')))).toEqual(
      new Set([
        '/v1/chat/completions',
        '/v1/mcp',
        '/.well-known/oauth-protected-resource/v1/mcp',
        '/a2a/agents/{id}',
        '/a2a/agents/{id}/.well-known/agent-card.json',
        '/ag-ui/agents/{id}',
        '/healthz',
        '/readyz',
        '/metrics',
        '/hooks/{key}',
        '/inbound/{key}',
        '/unsubscribe/{key}',
        '/artifacts/{artifact_id}',
      ]),
    );
    for (const path of ['/v2/agents', '/v1/debug', '/v1/admin', '/metrics', '/v1/../healthz/x'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });

  test('API10 unsafe consumption of APIs: nothing but the guarded way out opens connections', () => {
    const users = readTree(join(repositoryRoot, 'src'))
      .filter(({ path }) => /^(tools|webhooks|alerts|conversations|knowledge)\//.test(path))
      .filter(({ path, text }) => !path.endsWith('.test.ts') && /(?<![.\w])fetch\(/.test(text));
    expect(users.map(({ path }) => path)).toEqual([]);
  });
});

describe('published holes of this field', () => {
  test('roles enforced in the UI only: a viewer’s cookie changes nothing by any client', async () => {
    const viewer = await addPerson(api, api.workspace.id, 'viewer');
    const as = { token: null, headers: { Cookie: viewer.cookie, 'Sec-Fetch-Site': 'same-origin' } };
    for (const [method, path] of [
      ['PATCH', `/v1/agents/${own.agent}`],
      ['DELETE', `/v1/agents/${own.agent}`],
      ['PUT', '/v1/secrets/API_KEY'],
      ['POST', `/v1/agents/${own.agent}/run`],
    ] as const) {
      const answer = await api.request(method, path, { ...as, body: { name: 'x', value: 'y' } });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test('sample secrets shipped to everyone: no settings file or example of ours has one', () => {
    const shipped = ['deploy', 'examples', 'src']
      .flatMap((folder) => readTree(join(repositoryRoot, folder)))
      .filter(({ path }) => !/\.test\.ts$/.test(path));
    const found = shipped.filter(({ text }) =>
      /SECRET_KEY\s*[:=]\s*['"]?[A-Za-z0-9+/=]{16,}|ADMIN_TOKEN\s*[:=]\s*['"]?(?:capi_)?[a-z0-9]{12,}/.test(
        text,
      ),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test('parsing by content type: a body means the same under every type, and a form is no way in', async () => {
    const body = '{"name":"Same"}';
    for (const type of [
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'x/y',
    ]) {
      const headers = { 'Content-Type': type };
      const answer = await api.request('PATCH', `/v1/agents/${own.agent}`, { body, headers });
      expect([type, answer.status]).toEqual([type, 200]);
    }
    const form = {
      body: 'name=Form',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
    expect((await api.request('PATCH', `/v1/agents/${own.agent}`, form)).status).toBe(400);
  });

  test('fallback identities: who is not known is nobody, never a default, an owner or the admin', async () => {
    for (const headers of [
      { 'X-User-Id': 'admin' },
      { 'X-Forwarded-User': 'admin' },
      { 'X-Workspace-Id': api.workspace.id },
      { Cookie: 'signalbox=; session=admin' },
    ]) {
      expect((await get('/v1/agents', { token: null, headers })).status).toBe(401);
      expect((await get('/public-api/agents', { token: null, headers })).status).toBe(401);
    }
  });

  test('path traversal: no path of a request or a name in it leaves its place', async () => {
    for (const path of [
      '/..%2f..%2fetc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/..%5c..%5csecret',
    ])
      expect((await get(path, { token: null })).status).toBe(404);
    const files = [
      { path: 'SKILL.md', content: '---\nname: out\ndescription: D.\n---\n\nB\n' },
      { path: '../../out.py', content: 'x' },
    ];
    const answer = await api.request('POST', '/v1/skills/import', { body: { files } });
    expect(answer.status).toBe(400);
  });

  test('unauthenticated validation endpoints: what looks at code, schemas or expressions asks for a token', async () => {
    const open = apiRoutes()
      .filter(({ route }) => route.right === 'public')
      .map(({ route }) => route.operationId);
    for (const name of open) expect(name).not.toMatch(/valid|check|explain|preview|test|parse/i);
    const code = { name: 'x', language: 'python', code: 'import os' };
    const made = await api.request('POST', '/v1/custom-tools', { token: null, body: code });
    expect(made.status).toBe(401);
  });
});
