import type { Command } from 'commander';
import type { ApiClient, Many, One } from '../api-client.ts';
import type { McpServerView, McpTestView, SourceToolView } from '../api-types.ts';
import { exitCodes } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { count, localTime } from '../figures.ts';
import { findMcpServerId, onlyWorkspaceId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { layoutJson } from '../layout-json.ts';
import { type McpConfigOptions, mcpConfigText } from '../mcp-config.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface ListOptions extends PageOptions {}

interface AddOptions extends ClientOptions, McpConfigOptions {
  readonly description?: string;
  readonly global?: boolean;
  readonly approval?: boolean;
}

const serverArgument = ['<server>', 'id or name'] as const;
/** `signalbox mcp list|add|show|test|tools|authorize|delete`. */
export function registerMcpCommands(program: Command, io: CliIo): void {
  const mcp = program.command('mcp').description('MCP servers, whose tools agents may name');
  registerList(mcp, io);
  registerAdd(mcp, io);
  registerShow(mcp, io);
  registerTest(mcp, io);
  registerTools(mcp, io);
  registerAuthorize(mcp, io);
  registerDelete(mcp, io);
}

function registerList(mcp: Command, io: CliIo): void {
  const list = withPageOptions(mcp.command('list').description('MCP servers of the workspace'));
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { workspace: workspace_id, limit, cursor } = options;
      const answer = await client.send<Many<McpServerView>>({
        path: '/v1/mcp-servers',
        query: { workspace_id, limit, cursor },
      });
      if (options.json) return out.line(answer.text);
      printServers(out, answer.body.data);
      for (const { name, problem } of answer.body.data) {
        if (problem !== null) notes.line(`${name}: ${sanitizedLine(problem)}`);
      }
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerAdd(mcp: Command, io: CliIo): void {
  const add = mcp
    .command('add')
    .description('add a server; nothing is connected to before `mcp test`')
    .argument('<name>', 'in kebab-case: its tools are named <name>__<tool>')
    .argument('[url]', 'where it is reached')
    .option('--sse', 'over the transport of 2024, and no other')
    .option('--bearer <secret>', 'name of the secret with its token')
    .option('--header <name=secret>', 'a header, and the name of the secret with its value')
    .option('--oauth', 'a person authorizes it: see `mcp authorize`')
    .option('--config <json>', 'all of the above at once, or stdio: JSON, @file, or @-')
    .option('--description <text>', 'what it is for')
    .option('--global', 'its tools are of every agent that names no tools')
    .option('--approval', 'a person approves each call');
  withClientOptions(add).action(
    async (name: string, url: string | undefined, options: AddOptions) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const config = await mcpConfigText(url, options, io);
        const rest = JSON.stringify({
          workspace_id: options.workspace ?? (await onlyWorkspaceId(client)),
          name,
          description: options.description,
          enable_globally: options.global,
          requires_approval: options.approval,
        });
        const answer = await client.send<One<McpServerView>>({
          method: 'POST',
          path: '/v1/mcp-servers',
          // The config goes as it was given.
          body: `${rest.slice(0, -1)},"config":${config}}`,
        });
        if (options.json) return out.line(answer.text);
        out.line(`added ${answer.body.data.id}`);
        const next = options.oauth ? 'authorize' : 'test';
        notes.line(notes.style.dim(`Next: signalbox mcp ${next} ${sanitizedLine(name)}`));
      });
    },
  );
}

function registerShow(mcp: Command, io: CliIo): void {
  const show = mcp
    .command('show')
    .description('a server with its config')
    .argument(...serverArgument);
  withClientOptions(show).action(async (server: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<McpServerView>>({ path: await pathOf(client, server) });
      if (options.json) return out.line(answer.text);
      printServer(out, answer.body.data);
    });
  });
}

function registerTest(mcp: Command, io: CliIo): void {
  const test = mcp
    .command('test')
    .description('connect to a server and read its tools anew')
    .argument(...serverArgument);
  withClientOptions(test).action(async (server: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `${await pathOf(client, server)}/test`;
      const answer = await client.send<One<McpTestView>>({ method: 'POST', path });
      const { success, error, tools } = answer.body.data;
      if (!success) io.setExitCode(exitCodes.failed);
      if (options.json) return out.line(answer.text);
      const { style } = out;
      if (success) out.line(`${style.good('✔ connected')}  ${count(tools.length, 'tool')}`);
      else out.line(`${style.bad('✘ failed')}  ${sanitized(error ?? '')}`);
    });
  });
}

function registerTools(mcp: Command, io: CliIo): void {
  const tools = mcp
    .command('tools')
    .description('the tools of a server, as they were last read')
    .argument(...serverArgument);
  withClientOptions(tools).action(async (server: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `${await pathOf(client, server)}/tools`;
      const answer = await client.send<One<readonly SourceToolView[]>>({ path });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No tools. `signalbox mcp test` reads them.',
        columns: [
          { title: 'NAME', value: (tool) => tool.name },
          { title: 'ALLOWED', value: (tool) => (tool.allowed ? 'yes' : 'no') },
          { title: 'EFFECTS', value: (tool) => (tool.has_effects ? 'yes' : 'only reads') },
          { title: 'DESCRIPTION', value: (tool) => tool.description, shrinks: true },
        ],
      });
    });
  });
}

function registerAuthorize(mcp: Command, io: CliIo): void {
  const authorize = mcp
    .command('authorize')
    .description('print the address where a person authorizes a server with --oauth')
    .argument(...serverArgument);
  withClientOptions(authorize).action(async (server: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const answer = await client.send<One<{ readonly authorization_url: string | null }>>({
        method: 'POST',
        path: `${await pathOf(client, server)}/authorize`,
        body: '{}',
      });
      if (options.json) return out.line(answer.text);
      const url = answer.body.data.authorization_url;
      if (url === null) return out.line('It is authorized already.');
      out.line(sanitizedLine(url));
      notes.line(notes.style.dim('Open it in a browser within ten minutes.'));
    });
  });
}

function registerDelete(mcp: Command, io: CliIo): void {
  const remove = mcp
    .command('delete')
    .description('remove a server that no agent names')
    .argument(...serverArgument);
  withClientOptions(remove).action(async (server: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = await pathOf(client, server);
      const answer = await client.send<One<{ readonly id: string }>>({ method: 'DELETE', path });
      if (options.json) return out.line(answer.text);
      out.line(`deleted ${answer.body.data.id}`);
    });
  });
}

async function pathOf(client: ApiClient, server: string): Promise<string> {
  return `/v1/mcp-servers/${await findMcpServerId(client, server)}`;
}

function printServers(out: Terminal, servers: readonly McpServerView[]): void {
  printTable(out, {
    rows: servers,
    empty: 'No MCP servers.',
    columns: [
      { title: 'ID', value: (server) => server.id },
      { title: 'NAME', value: (server) => server.name },
      { title: 'STATE', value: stateOf },
      { title: 'TOOLS', align: 'right', value: (server) => String(server.tool_count) },
      { title: 'FOR', value: forWhom },
      { title: 'REACHED AT', value: placeOf, shrinks: true },
    ],
  });
}

function printServer(out: Terminal, server: McpServerView): void {
  const { style } = out;
  const facts = `${stateOf(server)} · ${count(server.tool_count, 'tool')} · ${server.id}`;
  out.line(`${style.strong(sanitizedLine(server.name))}  ${style.dim(facts)}`);
  if (server.description !== '') out.line(sanitized(server.description));
  out.line(`for ${forWhom(server)}${server.requires_approval ? '; a person approves calls' : ''}`);
  if (server.authorized != null) {
    out.line(server.authorized ? 'authorized by a person' : 'nobody has authorized it yet');
  }
  if (server.tools_read_at !== null) out.line(`tools read ${localTime(server.tools_read_at)}`);
  if (server.problem !== null) out.line(style.bad(sanitized(server.problem)));
  for (const line of layoutJson(server.config, out.width)) out.line(line);
}

function stateOf({ enabled, problem, tools_read_at }: McpServerView): string {
  if (!enabled) return 'off';
  if (problem !== null) return 'failing';
  return tools_read_at === null ? 'untested' : 'on';
}

function forWhom({ enable_globally }: McpServerView): string {
  return enable_globally ? 'every agent' : 'agents that name it';
}

function placeOf({ config }: McpServerView): string {
  return config.url ?? `stdio: ${config.directory ?? ''}`;
}
