import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addToken,
  createTestApi,
  type TestApi,
  type TestResponse,
} from '../../../test/support/api.ts';
import { conduitRoutes } from '../conduit/routes.ts';
import { type ServedApi, serveApi } from '../serve.ts';
import { describeTools } from './tools.ts';

// The official client, over HTTP.

let api: TestApi;
let served: ServedApi;
let agentId: string;
beforeAll(async () => {
  api = await createTestApi();
  served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  const client = await connect(api.tokens.write);
  const made = await call<{ data: { id: string } }>(client, 'create_agent', {
    workspace_id: api.workspace.id,
    name: 'Desk',
    description: 'Answers.',
    instructions: 'Answer.',
    triggers: [{ name: 'Called', type: 'webhook', config: {} }],
  });
  agentId = made.data.id;
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const headers = { Authorization: `Bearer ${token}` };
  const url = new URL(`${served.url}/v1/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return client;
}

async function call<Shown = unknown>(
  client: Client,
  name: string,
  args: Record<string, unknown>,
): Promise<Shown> {
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError, JSON.stringify(result.content)).not.toBe(true);
  return result.structuredContent as Shown;
}

async function allTools(client: Client) {
  return (await client.listTools()).tools;
}

/** The message that answers, which may come as the event of a stream. */
function messageOf({ json, text }: TestResponse) {
  return json ?? JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '{}');
}

const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

describe('the official MCP client', () => {
  test('reads, runs and changes what its token may', async () => {
    const client = await connect(api.tokens.write);
    const workspaces = await call(client, 'list_workspaces', {});
    expect(workspaces).toMatchObject({ data: [{ id: api.workspace.id }] });
    const run = await call<{ data: { dispatched: boolean; run_id: string } }>(client, 'run_agent', {
      id: agentId,
      payload: { order: 12 },
    });
    expect(run.data.dispatched).toBe(true);
    const runs = await call(client, 'list_agent_runs', { id: agentId, limit: 1 });
    expect(runs).toMatchObject({ data: [{ run_id: run.data.run_id }], has_more: false });
    await call(client, 'update_agent', { id: agentId, name: 'Front desk' });
    const audit = await api.request('GET', `/v1/audit?workspace_id=${api.workspace.id}`, {
      token: api.tokens.admin,
    });
    const actions = audit.json.data.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['updateAgent', 'createAgent']));
    expect(actions).not.toContain('answerMcp');
  });

  test('is shown the tools that its token may use, and refused the others', async () => {
    const reader = await connect(api.tokens.read);
    const names = (await allTools(reader)).map(({ name }) => name);
    expect(names).toContain('get_agent');
    expect(names).not.toContain('run_agent');
    const refused = reader.callTool({ name: 'run_agent', arguments: { id: agentId } });
    await expect(refused).rejects.toThrow('The tool run_agent is not allowed for this token.');
    const unknown = reader.callTool({ name: 'make_coffee', arguments: {} });
    await expect(unknown).rejects.toThrow('The tool make_coffee is none of this server.');
    const scoped = await connect(
      await addToken(api.deps, {
        access: 'write',
        workspaceIds: [api.workspace.id],
        limits: { scopes: ['run:read'], agentIds: null },
      }),
    );
    const scopedNames = (await allTools(scoped)).map(({ name }) => name);
    expect(scopedNames).toContain('list_agent_runs');
    expect(scopedNames).not.toContain('list_agents');
  });

  test('is told in words what a route refuses, and sees nothing of other workspaces', async () => {
    const stranger = await connect(api.tokens.other);
    const hidden = await stranger.callTool({ name: 'get_agent', arguments: { id: agentId } });
    expect(hidden).toMatchObject({
      isError: true,
      content: [{ text: `There is no agent ${agentId}.` }],
    });
    const named = { workspace_id: api.workspace.id };
    const elsewhere = await stranger.callTool({ name: 'list_agents', arguments: named });
    expect(elsewhere.isError).toBe(true);
    const client = await connect(api.tokens.write);
    const wrong = await client.callTool({ name: 'create_agent', arguments: named });
    expect(wrong).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('name is required') }],
    });
    const climbing = await client.callTool({ name: 'get_agent', arguments: { id: '../tokens' } });
    expect(climbing.isError).toBe(true);
    // `/v1/workspaces/..` would be another route than the tool's.
    for (const args of [{ id: '..' }, { id: '.' }, { id: '' }, { id: null }, {}]) {
      const elsewhere = await client.callTool({ name: 'get_agent', arguments: args });
      expect(elsewhere).toMatchObject({
        isError: true,
        content: [{ text: 'An id of the path is missing, or can be none.' }],
      });
    }
  });

  test('looks up what other systems told, and gives contacts attributes, but decides nothing', async () => {
    const client = await connect(api.tokens.write);
    const stay = { status: 'confirmed', listing_id: 'l1' };
    await api.request('PUT', '/v1/records/reservations/r1', { body: { data: stay } });
    const named = { workspace_id: api.workspace.id };
    const found = await call<{ data: readonly { id: string }[] }>(
      client,
      'list_reservations',
      named,
    );
    expect(found.data).toMatchObject([stay]);
    const id = found.data[0]?.id ?? '';
    expect(await call(client, 'get_reservation', { id })).toMatchObject({ data: stay });
    for (const kind of ['appointments', 'calls', 'tickets', 'helpdesk_tickets']) {
      expect(await call(client, `list_${kind}`, named)).toMatchObject({ data: [] });
    }
    const plan = { ...named, name: 'plan', type: 'string' };
    expect(await call(client, 'describe_custom_attribute', plan)).toMatchObject({
      data: { name: 'plan' },
    });
    const names = (await allTools(client)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'set_contact_attributes',
        'list_contact_reservations',
        'list_field_decisions',
      ]),
    );
    for (const name of ['decide_field', 'decide_approval', 'upsert_records', 'delete_record']) {
      expect(names).not.toContain(name);
    }
  });

  test('reads more tools than a page holds', async () => {
    const client = await connect(api.tokens.write);
    const names = (await allTools(client)).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(describeTools(conduitRoutes).map(({ name }) => name)));
  });
});

describe('requests to /v1/mcp', () => {
  test('without a good token are told where tokens come from', async () => {
    const answer = await fetch(`${served.url}/v1/mcp`, {
      method: 'POST',
      body: JSON.stringify(list),
    });
    expect(answer.status).toBe(401);
    const [, url = ''] =
      /^Bearer resource_metadata="([^"]+)"$/.exec(answer.headers.get('www-authenticate') ?? '') ??
      [];
    expect(await answer.json()).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32000 },
    });
    const metadata = await (await fetch(url)).json();
    expect(metadata).toMatchObject({ resource: `${served.url}/v1/mcp` });
    expect(metadata).not.toHaveProperty('authorization_servers');
  });

  test('are refused from pages of other origins, and in other forms than JSON-RPC', async () => {
    const ask = async (body: unknown, headers = {}) => {
      const answer = await api.request('POST', '/v1/mcp', { body, headers });
      return { status: answer.status, code: messageOf(answer).error?.code };
    };
    expect(await ask(list, { Origin: 'https://evil.test' })).toEqual({ status: 403, code: -32000 });
    expect((await ask(list, { Origin: 'http://localhost:3000' })).status).toBe(200);
    expect(await ask('{')).toEqual({ status: 400, code: -32700 });
    expect(await ask({ id: 1 })).toEqual({ status: 400, code: -32600 });
    expect(await ask({ ...list, method: 'tools/forget' })).toMatchObject({ code: -32601 });
    const got = await api.request('GET', '/v1/mcp');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('draw on the budget of the workspace by the calls that they make', async () => {
    const limited = await createTestApi({ rateLimit: 2 });
    try {
      const body = (id: number) => ({
        ...list,
        ...{ id, method: 'tools/call' },
        params: { name: 'list_agents', arguments: { workspace_id: limited.workspace.id } },
      });
      const first = await limited.request('POST', '/v1/mcp', { body: body(1) });
      expect(messageOf(first).result.isError).not.toBe(true);
      await limited.request('GET', `/v1/agents?workspace_id=${limited.workspace.id}`);
      const third = await limited.request('POST', '/v1/mcp', { body: body(2) });
      expect(messageOf(third).result.content[0].text).toContain('More than 2 requests');
    } finally {
      await limited[Symbol.asyncDispose]();
    }
  });
});
