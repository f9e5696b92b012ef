import { expect } from 'vitest';
import type { Dialect } from '../../src/api/dialect.ts';
import type { Route } from '../../src/api/route.ts';
import type { TestApi } from './api.ts';
import type { RouteObjects } from './route-objects.ts';

// Requests for any route of the table, made of its declaration, and what their answers must be like.

export interface Sent {
  readonly own: RouteObjects;
  readonly authorization: string | null;
  /** Named where the route takes it. */
  readonly workspaceId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Put into the example query. */
  readonly query?: Readonly<Record<string, string>>;
  /** Put into the example body. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function send(api: Pick<TestApi, 'app'>, route: Route, sent: Sent): Promise<Answered> {
  const { own, authorization, workspaceId } = sent;
  const from = route.workspace === 'none' ? null : route.workspace.from;
  const query = new URLSearchParams({ ...route.queryExample, ...sent.query });
  if (from === 'query' && workspaceId !== undefined) query.set('workspace_id', workspaceId);
  const body = bodyOf(route, own, {
    ...(from === 'body' && workspaceId !== undefined ? { workspace_id: workspaceId } : {}),
    ...sent.body,
  });
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

export function bodyOf(
  route: Route,
  own: RouteObjects,
  change: Readonly<Record<string, unknown>>,
): string | undefined {
  if (route.body === undefined) return undefined;
  const example = { ...((route.bodyExample ?? {}) as Record<string, unknown>) };
  if ('workspace_id' in example) example.workspace_id = own.workspace;
  if ('agent_id' in example) example.agent_id = own.agent;
  if ('workflow_id' in example) example.workflow_id = own.agent;
  if ('model' in example && 'messages' in example) example.model = own.agent;
  if ('assistant_id' in example) example.assistant_id = own.agent;
  if ('session_id' in example) example.session_id = own.chatSession;
  if ('run_id' in example) example.run_id = own.run;
  if ('channel_id' in example) example.channel_id = own.channel;
  if ('channel_node_id' in example) example.channel_node_id = own.contactChannel;
  if ('workspace_ids' in example) example.workspace_ids = [own.workspace];
  return JSON.stringify({ ...example, ...change });
}

const kinds: Readonly<Record<string, keyof RouteObjects>> = {
  agents: 'agent',
  assistants: 'agent',
  threads: 'thread',
  runs: 'run',
  executions: 'run',
  'custom-tools': 'tool',
  'mcp-servers': 'mcpServer',
  'openapi-tools': 'openApiSource',
  workspaces: 'workspace',
  users: 'member',
  tokens: 'token',
  'api-keys': 'token',
  outputs: 'output',
  artifacts: 'artifact',
  triggers: 'trigger',
  hooks: 'hook',
  webhooks: 'webhook',
  models: 'model',
  prices: 'price',
  alerts: 'alert',
  notifications: 'notification',
  preferences: 'notificationPreference',
  tests: 'testCase',
  nodes: 'knowledgeNode',
  approvals: 'approval',
  'til-requests': 'approval',
  decisions: 'fieldDecision',
  'field-decisions': 'fieldDecision',
  'rmm-scripts': 'scriptRun',
  budgets: 'budget',
  contacts: 'contact',
  erasures: 'erasure',
  sessions: 'chatSession',
  conversations: 'conversation',
  messages: 'message',
  attachments: 'attachment',
  'conversation-tags': 'conversationTag',
  'inbox-types': 'inboxType',
  channels: 'channel',
  skills: 'skill',
  escalations: 'escalation',
  memories: 'memory',
  deliveries: 'delivery',
  schedules: 'schedule',
  'scheduled-work': 'schedule',
  'trigger-events': 'triggerEvent',
  callbacks: 'triggerEvent',
  reservations: 'reservation',
  appointments: 'appointment',
  calls: 'call',
  tickets: 'ticket',
  'helpdesk-tickets': 'helpdeskTicket',
};

/** The kinds of object that the path's ids name, by the segment before each. */
export function kindsIn(route: Route): (keyof RouteObjects)[] {
  return [...route.path.matchAll(/([a-z-]+)\/\{([a-z_]+)\}/g)].flatMap(([, segment = '', name]) => {
    // Names that mean something in each workspace alone: another's cannot be told from one's own.
    if (segment === 'versions' || segment === 'secrets') return [];
    if (segment === 'templates' || segment === 'schemas') return [];
    if (['records', 'record-kinds', 'custom-attributes', 'actions'].includes(segment)) return [];
    if (['end-companies', 'technicians', 'integrations'].includes(segment)) return [];
    if (name === 'tool_run_id') return ['toolRun'];
    if (name === 'jti') return ['chatToken'];
    if (isOfChat(route, name)) return ['chatAttachment'];
    if (isOfThread(route, name)) return ['threadRun'];
    if (name === 'test_run_id') return ['testRun'];
    const kind = kinds[segment];
    if (kind === undefined) throw new Error(`Tell this test what ${route.path} names`);
    return [kind];
  });
}

function isOfChat({ path }: Route, name: string | undefined): boolean {
  return name === 'attachment_id' && path.startsWith('/public-api/chat/');
}

function isOfThread({ path }: Route, name: string | undefined): boolean {
  return name === 'run_id' && path.startsWith('/agent-protocol/');
}

export function pathOf(route: Route, own: RouteObjects): string {
  return route.path
    .replace(/([a-z-]+)\/\{([a-z_]+)\}/g, (_, segment: string, name: string) => {
      if (name === 'tool_run_id') return `runs/${own.toolRun}`;
      if (name === 'jti') return `sessions/${own.chatToken}`;
      if (isOfChat(route, name)) return `attachments/${own.chatAttachment}`;
      if (isOfThread(route, name)) return `runs/${own.threadRun}`;
      if (name === 'test_run_id') return `runs/${own.testRun}`;
      if (segment === 'versions') return 'versions/1';
      if (segment === 'templates') return 'templates/refund-check';
      if (segment === 'schemas') return 'schemas/agent';
      if (segment === 'secrets') return 'secrets/API_KEY';
      if (segment === 'records') return 'records/tickets';
      if (segment === 'record-kinds') return 'record-kinds/purchase-orders';
      if (segment === 'custom-attributes') return 'custom-attributes/loyalty_tier';
      if (segment === 'actions') return 'actions/close';
      if (['end-companies', 'technicians', 'integrations'].includes(segment)) {
        return `${segment}/known`;
      }
      return `${segment}/${own[kinds[segment] ?? 'workspace']}`;
    })
    .replace('/{external_id}', '/known');
}

/** The path's parameters by name, each with its value among the objects. */
export function paramsOf(route: Route, own: RouteObjects): Readonly<Record<string, string>> {
  const names = [...route.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name = '']) => name);
  const values = pathOf(route, own).split('/');
  const places = route.path.split('/');
  return Object.fromEntries(names.map((name) => [name, values[places.indexOf(`{${name}}`)] ?? '']));
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** The handler was reached: it succeeded, or the object's state forbade it, as declared. */
export function expectServed(dialect: Dialect, route: Route, answer: Answered): void {
  const errors = Object.keys({ ...dialect.document?.errors, ...route.errors });
  const hiding = ['401', '403', '404', '422', '503'];
  const declared = [
    ...Object.keys(route.responses),
    ...errors.filter((status) => !hiding.includes(status)),
  ];
  expect(declared, answer.text).toContain(String(answer.status));
}

export function expectError(dialect: Dialect, { text }: Answered): void {
  const message = expect.stringMatching(/\S/);
  const body: unknown = JSON.parse(text);
  if (dialect.name === 'conduit') expect(body).toEqual({ error: message });
  else if (dialect.name === 'agent-protocol') {
    const code = expect.stringMatching(/^[a-z_]+$/);
    expect(body).toMatchObject({ code, message });
  } else if (dialect.name === 'ag-ui') expect(body).toEqual({ error: message });
  else if (dialect.name === 'mcp' || dialect.name === 'a2a') {
    const error = { code: expect.any(Number), message };
    expect(body).toEqual({ jsonrpc: '2.0', id: null, error });
  } else if (dialect.name === 'openai') {
    const type = expect.stringMatching(/_error$/);
    expect(body).toMatchObject({ error: { message, type, code: expect.any(String) } });
  } else expectNeoError(body, message);
}

function expectNeoError(body: unknown, message: unknown): void {
  expect(body).toMatchObject({
    error: { code: expect.stringMatching(/^[a-z_]+$/), message },
    meta: { request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
}
