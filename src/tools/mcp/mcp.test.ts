import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { startTestEngine } from '../../../test/support/engine.ts';
import { type EverythingServer, startEverything } from '../../../test/support/everything-server.ts';
import { openMcpEgress } from '../../../test/support/mcp-egress.ts';
import { createNotedSandbox } from '../../../test/support/sandbox.ts';
import { finishTurn } from '../../../test/support/turns.ts';
import { stepsOf } from '../../runs/steps.ts';
import type { Egress } from '../../sandbox/egress/proxy.ts';
import { readJournal } from '../../store/journal.ts';
import { getToolSource } from '../../store/tool-sources.ts';
import { createToolShelf } from '../tool-shelf.ts';
import { mcpAgentTools } from './mcp-tools.ts';

// The public reference server, over the network: what an agent gets of it, end to end.

let egress: Egress;
let everything: EverythingServer;
let api: TestApi;

beforeAll(async () => {
  egress = await openMcpEgress();
  everything = await startEverything('streamableHttp');
  api = await createTestApi({ openOutlet: egress.outlet });
}, 60_000);
afterAll(async () => {
  await api.deps.mcp[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await everything[Symbol.asyncDispose]();
  await egress[Symbol.asyncDispose]();
});

const url = () => `http://mcp.test:${everything.port}/mcp`;
async function add(name: string, config: object, more: object = {}) {
  const made = await api.request('POST', '/v1/mcp-servers', {
    body: { workspace_id: api.workspace.id, name, config, ...more },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return made.json.data;
}
const http = (more: object = {}) => ({ transport: 'http', url: url(), ...more });
const check = async (id: string) =>
  (await api.request('POST', `/v1/mcp-servers/${id}/test`)).json.data;

describe('an MCP server', () => {
  test('is added, read, changed and removed; its tools are an agent’s to name', async () => {
    const server = await add('everything', http());
    expect(server).toMatchObject({ tool_count: 0, tools_read_at: null, enabled: true });
    const tested = await check(server.id);
    expect([tested.success, tested.error]).toEqual([true, null]);
    expect(tested.tools.map(({ name }: { name: string }) => name)).toContain('everything__echo');
    const shown = await api.request('GET', `/v1/mcp-servers/${server.id}`);
    expect(shown.json.data).toMatchObject({ tool_count: tested.tools.length, problem: null });
    const agent = (tools: string[]) =>
      api.request('POST', '/v1/agents', {
        body: {
          workspace_id: api.workspace.id,
          name: 'Echoes',
          description: 'Echoes.',
          instructions: 'Echo.',
          tools,
        },
      });
    const unknown = await agent(['everything__echo', 'everything__nothing', 'http_request']);
    expect(unknown.status).toBe(400);
    expect(unknown.json.error).toMatch(/tools\[1\] names no tool of an MCP server/);
    const saved = await agent(['everything__echo', 'http_request']);
    expect(saved.status).toBe(201);
    const path = `/v1/mcp-servers/${server.id}`;
    expect((await api.request('DELETE', path)).json.error).toMatch(/agents "Echoes"/);
    const renaming = await api.request('PATCH', path, { body: { name: 'other' } });
    expect(renaming.status).toBe(409);
    await api.request('DELETE', `/v1/agents/${saved.json.data.id}`);
    const renamed = await api.request('PATCH', path, { body: { name: 'other' } });
    expect(renamed.json.data.name).toBe('other');
    const tools = await api.request('GET', `${path}/tools`);
    expect(tools.json.data.map(({ name }: { name: string }) => name)).toContain('other__echo');
    const few = await api.request('PATCH', path, { body: { allowed_tools: ['echo'] } });
    expect(few.json.data.tool_count).toBe(1);
    expect((await api.request('DELETE', path)).status).toBe(200);
    expect((await api.request('GET', path)).status).toBe(404);
  });

  test('serves an agent’s run: text, images and errors as the model reads them', async () => {
    const { db } = api.deps;
    const server = await add('all', http(), { enable_globally: true });
    await check(server.id);
    const connected = {
      sourceTools: (source: Parameters<typeof mcpAgentTools>[1]) =>
        mcpAgentTools(api.deps.mcp, source),
      httpTool: () => null,
    };
    const shelf = createToolShelf(db, createNotedSandbox(), {
      connected: connected as never,
    });
    const tools = await shelf.toolsFor({
      workspaceId: api.workspace.id,
      definition: { tools: null },
    });
    const image = tools.find(({ name }) => /image/i.test(name))?.name ?? '';
    const turns = [
      {
        answer: {
          text: '',
          tool_calls: [
            { name: 'all__echo', arguments: { message: 'hello' } },
            { name: image, arguments: {} },
            { name: 'all__echo', arguments: { message: 7 } },
            { name: 'all__echo', arguments: {} },
          ],
        },
      },
      finishTurn(),
    ];
    const agent = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        name: 'All',
        description: 'All.',
        instructions: 'All.',
        model: 'scripted/test',
        triggers: [{ name: 'Changed', type: 'webhook', config: {} }],
      },
    });
    await using engine = await startTestEngine({ db, scripts: { test: { turns } }, tools });
    await engine.start();
    const run = await engine.ended(await engine.dispatch(agent.json.data.id));
    expect([run.status, run.error]).toEqual(['completed', null]);
    const journal = await readJournal(db, run.id);
    const steps = stepsOf(run.id, journal)
      .filter(({ type }) => type === 'tool')
      .toSorted((a, b) => Number(a.callId?.split('_')[2]) - Number(b.callId?.split('_')[2]));
    expect(steps[0]).toMatchObject({
      status: 'done',
      output: { message: expect.stringContaining('hello') },
      connections: [{ host: 'mcp.test', port: everything.port, outcome: 'connected' }],
    });
    expect(steps[1]).toMatchObject({
      status: 'done',
      output: {
        message: expect.stringMatching(/\[image image\/png, [0-9]+ bytes/),
        rawData: { attachments: [{ type: 'image', data: expect.any(String) }] },
      },
    });
    const ended = journal.filter(({ type, state }) => type === 'tool' && state === 'done');
    const texts = ended.map(({ data }) => ('modelText' in data ? data.modelText : ''));
    expect(texts.join('')).not.toMatch(/iVBORw0KGgo/);
    expect(steps.slice(2)).toMatchObject([
      { status: 'failed', error: expect.stringContaining('message must be of type string') },
      { status: 'failed', error: expect.stringContaining('message is required') },
    ]);
  });

  test('that is down, private or at a bad address is an answer, and a failed call and no failed run', async () => {
    const down = await add('down', { transport: 'http', url: 'http://mcp.test:1/mcp' });
    expect(await check(down.id)).toMatchObject({
      success: false,
      error: expect.stringContaining('could not be reached'),
    });
    for (const [name, host, reason] of [
      ['private', 'private.test', /not a public address/],
      ['mixed', 'mixed.test', /not a public address/],
      ['unknown', 'unknown.test', /no address/],
    ] as const) {
      const server = await add(name, { transport: 'http', url: `http://${host}/mcp` });
      expect((await check(server.id)).error).toMatch(reason);
    }
    const shown = await api.request('GET', `/v1/mcp-servers/${down.id}`);
    expect(shown.json.data.problem).toMatch(/could not be reached/);
    const [tool] = mcpAgentTools(api.deps.mcp, {
      ...(await serverRow(down.id)),
      tools: [
        {
          name: 'down__x',
          remoteName: 'x',
          description: '',
          inputSchema: {},
          idempotent: false,
          hasEffects: true,
        },
      ],
    });
    const call = { inputJson: '{}', key: 'ar1:1', signal: new AbortController().signal };
    expect(await tool?.call(call)).toMatchObject({
      ok: false,
      error: expect.stringContaining('The call of the MCP server "down" failed'),
    });
  });

  test.each([
    ['an address', 'http://127.0.0.1/mcp', /not an address/],
    ['a mapped address', 'http://[::ffff:10.0.0.1]/mcp', /address|host/],
    ['a name of this machine', 'http://localhost/mcp', /host/],
    ['credentials', 'https://me:secret@mcp.test/mcp', /must not hold credentials/],
    ['another scheme', 'file:///etc/passwd', /http\(s\) URL/],
    ['metadata', 'http://metadata.google.internal/', /public internet/],
  ])('is refused with %s as its URL', async (_, bad, problem) => {
    const made = await api.request('POST', '/v1/mcp-servers', {
      body: {
        workspace_id: api.workspace.id,
        name: 'bad',
        config: { transport: 'http', url: bad },
      },
    });
    expect([made.status, made.json.error]).toEqual([400, expect.stringMatching(problem)]);
  });

  test('is refused with a credential over http, unknown fields, a taken name, and stdio without a jail', async () => {
    const post = (body: object) =>
      api.request('POST', '/v1/mcp-servers', { body: { workspace_id: api.workspace.id, ...body } });
    await add('taken', http());
    for (const [body, status, problem] of [
      [
        { name: 'x', config: http({ auth: { type: 'bearer', secret: 'KEY' } }) },
        400,
        /config\.url must be https/,
      ],
      [{ name: 'x', config: http({ verify: false }) }, 400, /unknown fields: verify/],
      [{ name: 'taken', config: http() }, 409, /named "taken"/],
      [{ name: 'a__b', config: http() }, 400, /kebab-case/],
      [
        {
          name: 'x',
          config: { transport: 'stdio', directory: 'x', runtime: 'node', args: ['x.js'] },
        },
        400,
        /cannot be stdio: .*jail/,
      ],
      [
        {
          name: 'x',
          config: { transport: 'stdio', directory: '../x', runtime: 'node', args: ['x.js'] },
        },
        400,
        /name of a folder/,
      ],
    ] as const) {
      const made = await post(body);
      expect([made.status, made.json.error]).toEqual([status, expect.stringMatching(problem)]);
    }
  });

  test('speaks the transport of 2024 too, asked for or found out', async () => {
    await using old = await startEverything('sse');
    const config = (transport: string) => ({ transport, url: `http://mcp.test:${old.port}/sse` });
    for (const transport of ['sse', 'http']) {
      const server = await add(`old-${transport}`, config(transport));
      const tested = await check(server.id);
      expect([transport, tested.error, tested.success]).toEqual([transport, null, true]);
    }
  });

  test('answers a call that is given up, and one that takes too long', async () => {
    const server = await add('slow', http(), { timeout_ms: 1_000 });
    await check(server.id);
    const tools = mcpAgentTools(api.deps.mcp, await serverRow(server.id));
    const long = tools.find(({ name }) => /long/i.test(name));
    const inputJson = JSON.stringify({ duration: 60, steps: 2 });
    const late = await long?.call({ inputJson, key: 'k', signal: new AbortController().signal });
    expect(late).toMatchObject({ ok: false, error: expect.stringMatching(/timed? ?out/i) });
    const given = new AbortController();
    const calling = long?.call({ inputJson, key: 'k', signal: given.signal });
    given.abort(new Error('The run was cancelled.'));
    expect((await calling)?.ok).toBe(false);
  });
});

async function serverRow(id: string): Promise<Parameters<typeof mcpAgentTools>[1]> {
  const found = await getToolSource(api.deps.db, 'all', { kind: 'mcp', id });
  if (found === null) throw new Error('There is no such server.');
  return found;
}
