import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addToken, createTestApi, type TestApi } from '../../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../../test/support/api-objects.ts';
import { hashTokenSecret, newTokenSecret } from '../core/token-secret.ts';
import { findTokenByHash, revokeToken } from '../store/tokens.ts';
import { apiRoutes } from './app.ts';
import type { Dialect } from './dialect.ts';
import type { Route } from './route.ts';

// Every route of the table against every kind of caller. Nothing is listed by hand: a new route is in it.

let api: TestApi;
let foreign: ApiObjects;
let refused: Readonly<Record<string, string | null>>;

beforeAll(async () => {
  api = await createTestApi();
  foreign = await createApiObjects(api, api.otherWorkspace.id);
  refused = {
    none: null,
    'no scheme': api.tokens.write,
    'another scheme': `Basic ${api.tokens.write}`,
    empty: 'Bearer ',
    'not a token': 'Bearer $$$',
    'two tokens': `Bearer ${api.tokens.write} ${api.tokens.read}`,
    unknown: `Bearer ${newTokenSecret('capi')}`,
    'unknown of the other form': `Bearer ${newTokenSecret('neo_sk')}`,
    revoked: `Bearer ${await revokedToken()}`,
    expired: `Bearer ${await expiredToken()}`,
  };
});
afterAll(() => api[Symbol.asyncDispose]());

const table = apiRoutes().map(({ dialect, route }) => ({
  name: `${route.method.toUpperCase()} ${route.path}`,
  dialect,
  route,
}));
const guarded = table.filter(({ route }) => route.right !== 'public');

describe.each(table.filter(({ route }) => route.right === 'public'))('$name', ({ route }) => {
  test('answers without a token', async () => {
    const answer = await send(route, { own: foreign, authorization: null });
    const declared = [...Object.keys(route.responses), ...Object.keys(route.errors ?? {})];
    expect(declared).toContain(String(answer.status));
  });
});

describe.each(guarded)('$name', ({ dialect, route }) => {
  test('refuses every kind of bad credential alike', async () => {
    for (const [kind, authorization] of Object.entries(refused)) {
      const answer = await send(route, { own: foreign, authorization });
      expect([kind, answer.status]).toEqual([kind, 401]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expectError(dialect, answer);
    }
  });

  test('lets in who has the right, and nobody else', async () => {
    for (const kind of ['read', 'write', 'admin'] as const) {
      const own = await createApiObjects(api, api.workspace.id);
      const named = kind === 'admin' ? { workspaceId: api.workspace.id } : {};
      const answer = await send(route, { own, ...bearer(api.tokens[kind]), ...named });
      if (holds(kind, route)) {
        expectServed(dialect, route, answer);
      } else {
        expect([kind, answer.status]).toEqual([kind, 403]);
        expectError(dialect, answer);
      }
    }
  });

  test('takes a session as its token, and lets it change nothing from another page', async () => {
    const isRead = route.method === 'get';
    for (const [kind, page, isOwn] of [
      ['no page', {}, false],
      ['another site', { 'Sec-Fetch-Site': 'cross-site' }, false],
      ['a neighbour', { 'Sec-Fetch-Site': 'same-site' }, false],
      ['another origin', { Host: 'localhost', Origin: 'http://evil.test' }, false],
      ['no origin', { Host: 'localhost', Origin: 'null' }, false],
      ['its own origin', { Host: 'localhost', Origin: 'http://localhost' }, true],
      ['its own page', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ] as const) {
      const own = await createApiObjects(api, api.workspace.id);
      const headers = { Cookie: await signIn(api.tokens.write), ...page };
      const answer = await send(route, { own, authorization: null, headers });
      if ((isRead || isOwn) && holds('write', route) && route.operationId !== 'startSession') {
        expectServed(dialect, route, answer);
      } else {
        expect([kind, answer.status]).toEqual([kind, 403]);
        expectError(dialect, answer);
      }
    }
  });

  test('hides what belongs to another workspace, by every id of the path', async () => {
    const own = await createApiObjects(api, api.workspace.id);
    const hidden = route.right === 'admin' ? 403 : 404;
    for (const kind of kindsIn(route)) {
      const mixed = { ...own, [kind]: foreign[kind] };
      const answer = await send(route, { own: mixed, ...bearer(api.tokens.write) });
      expect([kind, answer.status]).toEqual([kind, hidden]);
      expectError(dialect, answer);
    }
  });

  test('judges a named workspace before the object', async () => {
    if (route.workspace === 'none') return;
    const own = await createApiObjects(api, api.workspace.id);
    const { write, read, both } = api.tokens;
    const token = route.right === 'read' ? read : write;
    for (const [workspaceId, secret, status] of [
      ['nonsense', token, 400],
      [`ws${'0'.repeat(30)}`, token, 400],
      [api.otherWorkspace.id, token, 403],
      ...(kindsIn(route).length > 0 ? [[api.otherWorkspace.id, both, 404] as const] : []),
    ] as const) {
      const answer = await send(route, { own, ...bearer(secret), workspaceId });
      const expected = route.right === 'admin' ? 403 : status;
      expect([workspaceId, answer.status]).toEqual([workspaceId, expected]);
      expectError(dialect, answer);
    }
  });
});

function holds(kind: 'read' | 'write' | 'admin', route: Route): boolean {
  const order = ['read', 'write', 'admin'];
  return order.indexOf(kind) >= order.indexOf(route.right);
}

/** The cookie of a new session. */
async function signIn(token: string): Promise<string> {
  const answer = await api.request('POST', '/v1/session', { token });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

interface Sent {
  readonly own: ApiObjects;
  readonly authorization: string | null;
  /** Named where the route takes it. */
  readonly workspaceId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(route: Route, sent: Sent): Promise<Answered> {
  const { own, authorization, workspaceId } = sent;
  const from = route.workspace === 'none' ? null : route.workspace.from;
  const query = new URLSearchParams(route.queryExample);
  if (from === 'query' && workspaceId !== undefined) query.set('workspace_id', workspaceId);
  const body = bodyOf(route, own, from === 'body' ? workspaceId : undefined);
  const response = await api.app.request(`${pathOf(route, own)}?${query}`, {
    method: route.method.toUpperCase(),
    headers: {
      ...(authorization === null ? {} : { Authorization: authorization }),
      ...sent.headers,
      ...(from === 'header' && workspaceId !== undefined ? { 'X-Workspace-Id': workspaceId } : {}),
    },
    ...(body === undefined ? {} : { body }),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await response.body?.cancel();
  const text = isStream ? '' : await response.text();
  return { status: response.status, headers: response.headers, text };
}

function bodyOf(
  route: Route,
  own: ApiObjects,
  workspaceId: string | undefined,
): string | undefined {
  if (route.body === undefined) return undefined;
  const example = { ...((route.bodyExample ?? {}) as Record<string, unknown>) };
  if ('workspace_id' in example) example.workspace_id = own.workspace;
  if ('agent_id' in example) example.agent_id = own.agent;
  if ('run_id' in example) example.run_id = own.run;
  if ('workflow_id' in example) example.workflow_id = own.agent;
  if ('channel_node_id' in example) example.channel_node_id = own.contactChannel;
  if ('workspace_ids' in example) example.workspace_ids = [own.workspace];
  if (workspaceId !== undefined) example.workspace_id = workspaceId;
  return JSON.stringify(example);
}

const kinds: Readonly<Record<string, keyof ApiObjects>> = {
  agents: 'agent',
  runs: 'run',
  executions: 'run',
  'custom-tools': 'tool',
  'mcp-servers': 'mcpServer',
  'openapi-tools': 'openApiSource',
  workspaces: 'workspace',
  tokens: 'token',
  'api-keys': 'token',
  outputs: 'output',
  triggers: 'trigger',
  hooks: 'hook',
  webhooks: 'webhook',
  models: 'model',
  prices: 'price',
  deliveries: 'delivery',
  schedules: 'schedule',
  tests: 'testCase',
  'scheduled-work': 'schedule',
  nodes: 'knowledgeNode',
  approvals: 'approval',
  escalations: 'escalation',
  'til-requests': 'approval',
  'trigger-events': 'triggerEvent',
  callbacks: 'triggerEvent',
  budgets: 'budget',
  contacts: 'contact',
  conversations: 'conversation',
  messages: 'message',
  'conversation-tags': 'conversationTag',
  'inbox-types': 'inboxType',
  channels: 'channel',
  skills: 'skill',
  memories: 'memory',
};

/** The kinds of object that the path's ids name, by the segment before each. */
function kindsIn(route: Route): (keyof ApiObjects)[] {
  return [...route.path.matchAll(/([a-z-]+)\/\{([a-z_]+)\}/g)].flatMap(([, segment = '', name]) => {
    // Names that mean something in each workspace alone: another's cannot be told from one's own.
    if (segment === 'versions' || segment === 'secrets') return [];
    if (name === 'tool_run_id') return ['toolRun'];
    if (name === 'test_run_id') return ['testRun'];
    const kind = kinds[segment];
    if (kind === undefined) throw new Error(`Tell this test what ${route.path} names`);
    return [kind];
  });
}

function pathOf(route: Route, own: ApiObjects): string {
  return route.path.replace(/([a-z-]+)\/\{([a-z_]+)\}/g, (_, segment: string, name: string) => {
    if (name === 'tool_run_id') return `runs/${own.toolRun}`;
    if (name === 'test_run_id') return `runs/${own.testRun}`;
    if (segment === 'versions') return 'versions/1';
    if (segment === 'secrets') return 'secrets/API_KEY';
    return `${segment}/${own[kinds[segment] ?? 'workspace']}`;
  });
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** The handler was reached: it succeeded, or the object's state forbade it, as declared. */
function expectServed(dialect: Dialect, route: Route, answer: Answered): void {
  const errors = Object.keys({ ...dialect.document?.errors, ...route.errors });
  const hiding = ['401', '403', '404', '422', '503'];
  const declared = [
    ...Object.keys(route.responses),
    ...errors.filter((status) => !hiding.includes(status)),
  ];
  expect(declared, answer.text).toContain(String(answer.status));
}

function expectError(dialect: Dialect, { text }: Answered): void {
  const message = expect.stringMatching(/\S/);
  const body: unknown = JSON.parse(text);
  if (dialect.name === 'conduit') expect(body).toEqual({ error: message });
  else expectNeoError(body, message);
}

function expectNeoError(body: unknown, message: unknown): void {
  expect(body).toMatchObject({
    error: { code: expect.stringMatching(/^[a-z_]+$/), message },
    meta: { request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
}

async function revokedToken(): Promise<string> {
  const { deps, workspace } = api;
  const secret = await addToken(deps, { access: 'write', workspaceIds: [workspace.id] });
  const found = await findTokenByHash(deps.db, hashTokenSecret(secret));
  await revokeToken(deps.db, 'all', found?.tokenId ?? '');
  return secret;
}

async function expiredToken(): Promise<string> {
  const { deps, workspace } = api;
  const secret = await addToken(deps, { access: 'write', workspaceIds: [workspace.id] });
  await deps.db.execute({
    text: `UPDATE tokens SET expires_at = clock_timestamp() WHERE secret_hash = $1`,
    values: [hashTokenSecret(secret)],
  });
  return secret;
}
