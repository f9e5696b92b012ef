import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { startServices, type TestServices } from '../../../test/support/egress.ts';
import { everythingFile } from '../../../test/support/everything-server.ts';
import { isOnPath } from '../../../test/support/machine.ts';
import { requires } from '../../../test/support/requires.ts';
import { repositoryRoot } from '../../../test/support/source-tree.ts';
import type { Sandbox } from '../../core/sandbox.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { getToolSource } from '../../store/tool-sources.ts';
import { mcpAgentTools } from './mcp-tools.ts';

// MCP servers that are programs, in the jail.

/** A server without the SDK: what it is asked for is a line, and what it may do it says itself. */
const lookAround = (answer: string) => `
const answer = async () => { ${answer} };
process.stdin.setEncoding('utf8');
let buffer = '';
process.stdin.on('data', async (text) => {
  buffer += text;
  for (let end; (end = buffer.indexOf('\\n')) >= 0; ) {
    const { id, method, params } = JSON.parse(buffer.slice(0, end));
    buffer = buffer.slice(end + 1);
    const reply = (result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
    if (method === 'initialize') {
      const { protocolVersion } = params;
      reply({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } });
    } else if (method === 'tools/list') {
      reply({ tools: [{ name: 'look', inputSchema: { type: 'object' } }] });
    } else if (method === 'tools/call') {
      const text = await answer().catch((error) => 'failed: ' + (error.cause?.message ?? error.message));
      reply({ content: [{ type: 'text', text: String(text) }] });
    } else if (id !== undefined) {
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }) + '\\n');
    }
  }
});`;

const python = `
import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    if "id" not in request:
        continue
    method = request["method"]
    answer = {"jsonrpc": "2.0", "id": request["id"]}
    if method == "initialize":
        answer["result"] = {"protocolVersion": request["params"]["protocolVersion"],
                            "capabilities": {"tools": {}}, "serverInfo": {"name": "x", "version": "1"}}
    elif method == "tools/list":
        answer["result"] = {"tools": [{"name": "look", "inputSchema": {"type": "object"}}]}
    elif method == "tools/call":
        answer["result"] = {"content": [{"type": "text", "text": "from " + sys.argv[1] + " " + os.environ["A"]}]}
    else:
        answer["error"] = {"code": -32601, "message": "no"}
    print(json.dumps(answer), flush=True)
`;

describe('an MCP server over stdio', requires(isOnPath('bwrap'), 'no bubblewrap'), () => {
  let directory: string;
  let services: TestServices;
  let sandbox: Sandbox;
  let api: TestApi;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
    services = await startServices();
    const { egress } = services;
    sandbox = await createSandbox({ choice: 'jail', cacheDir: directory, egress });
    api = await createTestApi({ sandbox, mcpServersDir: directory });
    await symlink(repositoryRoot, join(directory, 'everything'));
  }, 60_000);
  afterAll(async () => {
    await api.deps.mcp[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
    await services[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  async function add(name: string, config: object) {
    const made = await api.request('POST', '/v1/mcp-servers', {
      body: {
        workspace_id: api.workspace.id,
        name,
        config: { transport: 'stdio', runtime: 'node', directory: name, ...config },
      },
    });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    const tested = await api.request('POST', `/v1/mcp-servers/${made.json.data.id}/test`);
    const id: string = made.json.data.id;
    return { id, ...(tested.json.data as { success: boolean; error: string | null }) };
  }
  async function call(id: string, name: string, input: object = {}) {
    const server = await getToolSource(api.deps.db, 'all', { kind: 'mcp', id });
    if (server === null) throw new Error('no server');
    const tool = mcpAgentTools(api.deps.mcp, server).find((one) => one.name === name);
    const signal = AbortSignal.timeout(20_000);
    return await tool?.call({ inputJson: JSON.stringify(input), key: 'k', signal });
  }
  async function write(name: string, file: string, text: string) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, file), text);
  }

  test('runs the public reference server in the jail', { timeout: 60_000 }, async () => {
    const args = [everythingFile, 'stdio'];
    const server = await add('everything', { args, memory_mb: 512 });
    expect([server.success, server.error]).toEqual([true, null]);
    const answer = await call(server.id, 'everything__echo', { message: 'hello' });
    expect(answer).toMatchObject({ ok: true, modelText: expect.stringContaining('hello') });
  });

  test('sees its folder and its secrets, and nothing else of the machine', {
    timeout: 60_000,
  }, async () => {
    await api.request('PUT', '/v1/secrets/SHOP_KEY', { body: { value: 'sk_live_4242424242' } });
    const looks = `
      const fs = await import('node:fs');
      const seen = (path) => { try { return fs.readdirSync(path).join(','); } catch (error) { return error.code; } };
      const child = await import('node:child_process').then(({ spawnSync }) => spawnSync('/usr/bin/node', ['-v']).error?.code);
      const wrote = (() => { try { fs.writeFileSync('/server/x', 'x'); return 'wrote'; } catch (error) { return error.code; } })();
      const uid = process.getuid();
      return JSON.stringify({ server: seen('/server'), home: seen('/root'), proc: seen('/proc'), etc: seen('/etc'),
        env: process.env, child, wrote, isRoot: uid === 0, net: await fetch('http://api.test/').then(() => 'reached', () => 'refused') });`;
    await write('looks', 'main.mjs', lookAround(looks));
    const server = await add('looks', {
      args: ['main.mjs'],
      env: { A: '1' },
      secrets: ['SHOP_KEY'],
    });
    expect([server.success, server.error]).toEqual([true, null]);
    const answer = await call(server.id, 'looks__look');
    const text = answer?.ok === true ? JSON.parse(answer.outputJson).message : answer?.error;
    expect(JSON.parse(text)).toEqual({
      server: 'main.mjs',
      home: 'ENOENT',
      proc: 'ENOENT',
      etc: expect.not.stringContaining('passwd'),
      env: { A: '1', SHOP_KEY: '[secret SHOP_KEY]' },
      child: expect.stringMatching(/^E/),
      wrote: 'EROFS',
      isRoot: false,
      net: 'refused',
    });
  });

  test('reaches the hosts of its config through the proxy, and no others', {
    timeout: 60_000,
  }, async () => {
    const asks = `
      const one = await fetch('https://api.test:${services.https}/a').then((r) => r.status, (e) => e.message);
      const other = await fetch('https://other.test:${services.https}/a').then((r) => r.status, () => 'refused');
      return one + ' ' + other;`;
    await write('asks', 'main.mjs', lookAround(asks));
    const network = { allow: [`api.test:${services.https}`] };
    const server = await add('asks', { args: ['main.mjs'], network });
    expect([server.success, server.error]).toEqual([true, null]);
    const answer = await call(server.id, 'asks__look');
    expect(answer).toMatchObject({ ok: true, modelText: expect.stringContaining('200 refused') });
    expect(answer?.connections).toMatchObject([
      { host: 'api.test', port: services.https, outcome: 'connected' },
      { host: 'other.test', outcome: 'refused', reason: expect.stringContaining('other.test') },
    ]);
    expect(answer?.connections?.[0]?.receivedBytes).toBeGreaterThan(100);
  });

  test('runs Python', { timeout: 60_000 }, async () => {
    await write('snake', 'main.py', python);
    const server = await add('snake', {
      runtime: 'python',
      args: ['main.py', 'here'],
      env: { A: '1' },
    });
    expect([server.success, server.error]).toEqual([true, null]);
    expect(await call(server.id, 'snake__look')).toMatchObject({
      ok: true,
      modelText: expect.stringContaining('from here 1'),
    });
  });

  test('that ends, or is not there, is an answer', { timeout: 60_000 }, async () => {
    await write('ends', 'main.mjs', 'console.error("no key given"); process.exit(3);');
    expect((await add('ends', { args: ['main.mjs'] })).error).toMatch(/ended|closed/i);
    expect((await add('absent', { args: ['main.mjs'] })).error).toMatch(/no folder "absent"/);
    await write('outside', 'main.mjs', '');
    const outside = await add('outside', { args: ['../everything/package.json'] });
    expect(outside.error).toMatch(/file of the server/);
  });
});
