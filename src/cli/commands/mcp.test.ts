import { describe, expect, test } from 'vitest';
import { cliAgainst } from '../../../test/support/run-cli.ts';

const id = `mc${'0'.repeat(30)}`;
const page = (...data: unknown[]) => ({ data, next_cursor: null, has_more: false });
const config = {
  transport: 'http',
  url: 'https://mcp.example.com/mcp',
  auth: { type: 'bearer', secret: 'TICKETS_KEY' },
};
const server = {
  ...{ id, name: 'tickets', description: 'Tickets.', config, enabled: true },
  ...{ enable_globally: false, requires_approval: true, tool_count: 2 },
  ...{ tools_read_at: '2026-04-03T03:14:15.926Z', problem: null },
};
const tool = {
  name: 'tickets__close',
  description: 'Closes\na ticket.',
  allowed: false,
  has_effects: true,
};
const named = { 'GET /v1/mcp-servers?limit=100': page(server) };
const workspaces = { 'GET /v1': { data: { workspaces: [{ id: 'ws1', name: 'Main' }] } } };
const add = { ...workspaces, 'POST /v1/mcp-servers': { data: server } };

describe('signalbox mcp', () => {
  test('lists servers, with the reason why one fails', async () => {
    const bad = { ...server, name: 'down', problem: 'it could not be reached' };
    const path = 'GET /v1/mcp-servers?workspace_id=ws1';
    const args = ['mcp', 'list', '--workspace', 'ws1'];
    const { code, stdout, stderr } = await cliAgainst({ [path]: page(server, bad) }, args);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /tickets +on +2 +agents that name it +https:\/\/mcp\.example\.com\/mcp\n/,
    );
    expect(stdout).toMatch(/down +failing /);
    expect(stderr).toBe('down: it could not be reached\n');
    const json = await cliAgainst({ [path]: page(server) }, [...args, '--json']);
    expect(JSON.parse(json.stdout)).toEqual(page(server));
  });

  test('adds one by its address, with the name of a secret', async () => {
    const { code, stdout, stderr, seen } = await cliAgainst(add, [
      ...['mcp', 'add', 'tickets', config.url, '--bearer', 'TICKETS_KEY', '--approval'],
    ]);
    expect([code, stdout]).toEqual([0, `added ${id}\n`]);
    expect(stderr).toContain('signalbox mcp test tickets');
    expect(JSON.parse(seen.at(-1)?.body ?? '')).toEqual({
      ...{ workspace_id: 'ws1', name: 'tickets', requires_approval: true, config },
    });
  });

  test.each([
    [['https://x.test'], { transport: 'http', url: 'https://x.test' }],
    [['https://x.test', '--sse'], { transport: 'sse', url: 'https://x.test' }],
    [
      ['https://x.test', '--header', 'X-Api-Key=KEY'],
      { auth: { type: 'header', name: 'X-Api-Key', secret: 'KEY' } },
    ],
    [['https://x.test', '--oauth'], { auth: { type: 'oauth' } }],
    [['--config', '{"transport":"stdio"}'], { transport: 'stdio' }],
  ])('adds one as %j says', async (args, expected) => {
    const { code, seen } = await cliAgainst(add, ['mcp', 'add', 'x', ...args]);
    expect(code).toBe(0);
    expect(JSON.parse(seen.at(-1)?.body ?? '').config).toMatchObject(expected);
  });

  test.each([
    [[], 'no address to reach the server at'],
    [['https://x.test', '--bearer', 'A', '--oauth'], 'takes one credential'],
    [['https://x.test', '--header', 'X-Api-Key'], '--header takes NAME=SECRET'],
    [['https://x.test', '--config', '{}'], '--config says all of it'],
    [['--config', '{'], '--config is not JSON'],
  ])('refuses to add one as %j', async (args, problem) => {
    const { code, stderr, seen } = await cliAgainst(add, ['mcp', 'add', 'x', ...args]);
    expect([code, stderr, seen.length]).toEqual([1, expect.stringContaining(problem), 0]);
  });

  test('asks which workspace when the token reaches several', async () => {
    const several = {
      data: {
        workspaces: [
          { id: 'ws1', name: 'Main' },
          { id: 'ws2', name: 'Other' },
        ],
      },
    };
    const args = ['mcp', 'add', 'x', 'https://x.test'];
    const { code, stderr } = await cliAgainst({ 'GET /v1': several }, args);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--workspace: ws1 (Main), ws2')]);
  });

  test('shows one, whether a person has authorized it, and its config', async () => {
    const routes = {
      ...named,
      [`GET /v1/mcp-servers/${id}`]: { data: { ...server, authorized: false } },
    };
    const { code, stdout } = await cliAgainst(routes, ['mcp', 'show', 'tickets']);
    expect(code).toBe(0);
    expect(stdout).toContain(`tickets  on · 2 tools · ${id}`);
    expect(stdout).toContain('a person approves calls');
    expect(stdout).toContain('nobody has authorized it yet');
    expect(stdout).toContain('"url": "https://mcp.example.com/mcp"');
  });

  test('tests one, and fails when it cannot be used', async () => {
    const path = `POST /v1/mcp-servers/${id}/test`;
    const run = (data: object, more: string[] = []) =>
      cliAgainst({ [path]: { data } }, ['mcp', 'test', id, ...more]);
    const good = await run({ success: true, error: null, tools: [tool] });
    expect([good.code, good.stdout]).toEqual([0, '✔ connected  1 tool\n']);
    const failed = { success: false, error: 'it answers 500', tools: [] };
    const bad = await run(failed);
    expect([bad.code, bad.stdout]).toEqual([1, '✘ failed  it answers 500\n']);
    const json = await run(failed, ['--json']);
    expect([json.code, JSON.parse(json.stdout)]).toEqual([1, { data: failed }]);
  });

  test('lists the tools of one', async () => {
    const routes = { ...named, [`GET /v1/mcp-servers/${id}/tools`]: { data: [tool] } };
    const { stdout } = await cliAgainst(routes, ['mcp', 'tools', 'Tickets']);
    expect(stdout).toMatch(/tickets__close +no +yes +Closes a ticket\.\n/);
  });

  test('prints where a person authorizes one', async () => {
    const path = `POST /v1/mcp-servers/${id}/authorize`;
    const run = (authorization_url: string | null) =>
      cliAgainst({ [path]: { data: { authorization_url } } }, ['mcp', 'authorize', id]);
    expect((await run('https://auth.test/x?y=1')).stdout).toBe('https://auth.test/x?y=1\n');
    expect((await run(null)).stdout).toBe('It is authorized already.\n');
  });

  test('deletes one, and tells why it may not', async () => {
    const path = `DELETE /v1/mcp-servers/${id}`;
    const args = ['mcp', 'delete', 'tickets'];
    const good = await cliAgainst({ ...named, [path]: { data: { id, deleted: true } } }, args);
    expect([good.code, good.stdout]).toEqual([0, `deleted ${id}\n`]);
    const bad = await cliAgainst(named, args);
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining(`no route ${path}`)]);
    const unknown = await cliAgainst(named, ['mcp', 'delete', 'nothing']);
    expect(unknown.stderr).toContain('There is no MCP server named "nothing".');
  });
});
