import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { ToolRunView, ToolView } from '../api-types.ts';
import { exitCodes } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { duration } from '../figures.ts';
import { findToolId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { layoutJson } from '../layout-json.ts';
import { readPayload } from '../read-payload.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';
import { registerToolHistory } from './tool-history.ts';

interface RunOptions extends ClientOptions {
  readonly parameters?: string;
}

/** `signalbox tools list|get|run|runs|versions|rollback`. */
export function registerToolsCommands(program: Command, io: CliIo): void {
  const tools = program
    .command('tools')
    .description('list, read and run custom tools; their runs and versions');
  const list = withPageOptions(tools.command('list').description('custom tools of the workspace'));
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const answer = await client.send<Many<ToolView>>({
        path: '/v1/custom-tools',
        query: { limit, cursor },
      });
      if (options.json) return out.line(answer.text);
      printTools(out, answer.body.data);
      noteMore(notes, answer.body.next_cursor);
    });
  });
  const get = tools
    .command('get')
    .description('a tool with its code')
    .argument('<tool>', 'id or name');
  withClientOptions(get).action(async (tool: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const id = await findToolId(client, tool);
      const answer = await client.send<One<ToolView & { readonly code: string }>>({
        path: `/v1/custom-tools/${id}`,
      });
      if (options.json) return out.line(answer.text);
      const { name, language, version, description, code } = answer.body.data;
      const facts = `${language} · version ${version} · ${id}`;
      out.line(`${out.style.strong(sanitizedLine(name))}  ${out.style.dim(facts)}`);
      out.line(sanitized(description));
      out.line();
      out.line(sanitized(code.trimEnd()));
    });
  });
  const run = tools
    .command('run')
    .description('run a tool in the sandbox, as an agent would')
    .argument('<tool>', 'id or name')
    .option('--parameters <json>', 'its arguments: JSON, @file, or @- for standard input');
  withClientOptions(run).action(async (tool: string, options: RunOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const parameters =
        options.parameters === undefined
          ? '{}'
          : await readPayload(options.parameters, io, '--parameters');
      const answer = await client.send<One<ToolRunView>>({
        method: 'POST',
        path: `/v1/custom-tools/${await findToolId(client, tool)}/run`,
        body: `{"parameters": ${parameters}}`,
      });
      if (options.json) out.line(answer.text);
      else printToolRun(out, answer.body.data);
      if (!answer.body.data.success) io.setExitCode(exitCodes.failed);
    });
  });
  registerToolHistory(tools, io);
}

function printTools(out: Terminal, tools: readonly ToolView[]): void {
  printTable(out, {
    rows: tools,
    empty: 'No custom tools.',
    columns: [
      { title: 'ID', value: (tool) => tool.id },
      { title: 'NAME', value: (tool) => tool.name },
      { title: 'LANGUAGE', value: (tool) => tool.language },
      { title: 'VERSION', align: 'right', value: (tool) => String(tool.version) },
      {
        title: 'FOR',
        value: (tool) => (tool.enable_globally ? 'every agent' : 'agents that name it'),
      },
      { title: 'DESCRIPTION', value: (tool) => tool.description, shrinks: true },
    ],
  });
}

function printToolRun(out: Terminal, run: ToolRunView): void {
  const { style } = out;
  const verdict = run.success ? style.good('✔ succeeded') : style.bad('✘ failed');
  out.line(`${verdict}  ${style.dim(duration(run.run_time_ms))}`);
  if (run.error !== null) out.line(style.bad(sanitized(run.error)));
  if (run.result !== null) for (const line of layoutJson(run.result, out.width)) out.line(line);
  if (run.logs !== null) out.line(style.dim(sanitized(run.logs.trimEnd())));
}
