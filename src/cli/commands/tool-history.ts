import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { KeptToolRunView, ToolVersionView, ToolView } from '../api-types.ts';
import { CliError } from '../cli-error.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { duration, localTime } from '../figures.ts';
import { findToolId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface RunsOptions extends PageOptions {
  readonly status?: string;
  readonly caller?: string;
  readonly run?: string;
}

/** `signalbox tools runs|versions|rollback`. */
export function registerToolHistory(tools: Command, io: CliIo): void {
  registerRuns(tools, io);
  registerVersions(tools, io);
  registerRollback(tools, io);
}

function registerRuns(tools: Command, io: CliIo): void {
  const runs = withPageOptions(
    tools
      .command('runs')
      .description('runs of a tool, newest first: those of agents, and direct ones')
      .argument('<tool>', 'id or name; of a deleted tool its id')
      .option('--status <status>', 'failed or interrupted')
      .option('--caller <caller>', 'run (of an agent) or direct')
      .option('--run <run>', 'calls of one run of an agent'),
  );
  withClientOptions(runs).action(async (tool: string, options: RunsOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { status, caller, run: run_id, limit, cursor } = options;
      const answer = await client.send<Many<KeptToolRunView>>({
        path: `/v1/custom-tools/${await findToolId(client, tool)}/runs`,
        query: { status, caller, run_id, limit, cursor },
      });
      if (options.json) return out.line(answer.text);
      printRuns(out, answer.body.data);
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerVersions(tools: Command, io: CliIo): void {
  const versions = withPageOptions(
    tools
      .command('versions')
      .description('versions of a tool’s code, newest first, or the code of one')
      .argument('<tool>', 'id or name; of a deleted tool its id')
      .argument('[version]', 'number of the one to print'),
  );
  withClientOptions(versions).action(
    async (tool: string, version: string | undefined, options: PageOptions) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const number = version === undefined ? null : versionNumber(version);
        const path = `/v1/custom-tools/${await findToolId(client, tool)}/versions`;
        if (number !== null) {
          const answer = await client.send<One<ToolVersionView>>({ path: `${path}/${number}` });
          if (options.json) return out.line(answer.text);
          return out.line(sanitized(answer.body.data.code.trimEnd()));
        }
        const { limit, cursor } = options;
        const answer = await client.send<Many<ToolVersionView>>({ path, query: { limit, cursor } });
        if (options.json) return out.line(answer.text);
        printVersions(out, answer.body.data);
        noteMore(notes, answer.body.next_cursor);
      });
    },
  );
}

function registerRollback(tools: Command, io: CliIo): void {
  const rollback = tools
    .command('rollback')
    .description('bring the code of an earlier version back, as a new version')
    .argument('<tool>', 'id or name')
    .argument('<version>', 'number of the version');
  withClientOptions(rollback).action(
    async (tool: string, version: string, options: ClientOptions) => {
      await withServer(io, options, async ({ client, out }) => {
        const number = versionNumber(version);
        const answer = await client.send<One<ToolView>>({
          method: 'POST',
          path: `/v1/custom-tools/${await findToolId(client, tool)}/rollback`,
          body: JSON.stringify({ version: number }),
        });
        if (options.json) return out.line(answer.text);
        const { name, version: now } = answer.body.data;
        out.line(`${sanitizedLine(name)} is at version ${now}, with the code of version ${number}`);
      });
    },
  );
}

function versionNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError(`"${text}" is not the number of a version.`, {
    hint: 'Versions are counted from 1: see `signalbox tools versions`.',
  });
}

function printRuns(out: Terminal, runs: readonly KeptToolRunView[]): void {
  printTable(out, {
    rows: runs,
    empty: 'No runs.',
    columns: [
      { title: 'ID', value: (run) => run.id },
      { title: 'STATUS', value: (run) => run.status },
      { title: 'VERSION', align: 'right', value: (run) => String(run.tool_version) },
      { title: 'CALLER', value: callerOf },
      { title: 'STARTED', value: (run) => localTime(run.started_at) },
      {
        title: 'TIME',
        align: 'right',
        value: (run) => (run.duration_ms === null ? '' : duration(run.duration_ms)),
      },
      { title: 'ERROR', value: (run) => run.error ?? '', shrinks: true },
    ],
  });
}

function callerOf({ caller }: KeptToolRunView): string {
  if (caller.type === 'run') return `agent ${caller.agent_id ?? ''}`;
  return caller.token_name == null ? 'direct' : `direct, ${caller.token_name}`;
}

function printVersions(out: Terminal, versions: readonly ToolVersionView[]): void {
  printTable(out, {
    rows: versions,
    empty: 'No versions.',
    columns: [
      { title: 'VERSION', align: 'right', value: (version) => String(version.version) },
      { title: 'LANGUAGE', value: (version) => version.language },
      { title: 'LINES', align: 'right', value: ({ code }) => String(linesOf(code)) },
      { title: 'CREATED', value: (version) => localTime(version.created_at) },
    ],
  });
}

function linesOf(code: string): number {
  return code.trimEnd().split('\n').length;
}
