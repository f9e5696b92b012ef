import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { type OperationCommand, operationCommands, sameAs } from '../operation-words.ts';
import { readPayload } from '../read-payload.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { type Column, printTable } from '../table.ts';
import { noteMore } from './page-options.ts';

interface OperationOptions extends ClientOptions {
  readonly data?: string;
  readonly output?: string;
  readonly [query: string]: string | boolean | undefined;
}

/** A row of any list. */
type Row = Readonly<Record<string, unknown>>;

/** Adds a command for every operation that has none. To be registered last. */
export function registerOperationCommands(program: Command, io: CliIo): void {
  const made = new Set<Command>();
  for (const one of operationCommands()) {
    const group = program.commands.find((command) => command.name() === one.group) ?? newGroup();
    // A command without words of its own does the one thing that there is to do.
    if (group.commands.length === 0 && !made.has(group)) continue;
    const taken = group.commands.map((command) => command.name());
    if (!sameAs(one.word).some((word) => taken.includes(word))) registerOne(group, one, io);

    function newGroup(): Command {
      const group = program.command(one.group).description(groupDescription(one.group));
      made.add(group);
      return group;
    }
  }
}

function groupDescription(group: string): string {
  return group === 'server'
    ? 'what the server is, and what the token may do'
    : group.replaceAll('-', ' ');
}

function registerOne(group: Command, one: OperationCommand, io: CliIo): void {
  const { operation, params } = one;
  const command = group.command(one.word).description(operation.summary);
  for (const param of params) command.argument(`<${param.replaceAll('_', '-')}>`);
  for (const name of operation.query) {
    command.option(`--${name.replaceAll('_', '-')} <value>`);
  }
  if (operation.hasBody) {
    command.option(
      '--data <json>',
      'the body as the API takes it: JSON, @file, or @- for standard input',
    );
  }
  command.option('--output <file>', 'write the answer to a file, whatever it is');
  withClientOptions(command).action(async (...given: unknown[]) => {
    const values = given.slice(0, params.length).map(String);
    const options = given[params.length] as OperationOptions;
    await withServer(io, options, (context) => callOperation(context, one, { values, options }));
  });
}

async function callOperation(
  context: CommandContext,
  { operation, params }: OperationCommand,
  given: { readonly values: readonly string[]; readonly options: OperationOptions },
): Promise<void> {
  const { client, io, out, notes } = context;
  const { values, options } = given;
  const path = params.reduce(
    (at, param, index) => at.replace(`{${param}}`, encodeURIComponent(values[index] ?? '')),
    operation.path,
  );
  const query = Object.fromEntries(
    operation.query.flatMap((name) => {
      const value = options[camelCase(name)];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  const body =
    options.data === undefined ? {} : { body: await readPayload(options.data, io, '--data') };
  const response = await client.open({ method: operation.method, path, query, ...body });
  if (options.output !== undefined) {
    await writeFile(options.output, Buffer.from(await response.arrayBuffer()));
    return out.line(sanitizedLine(`written ${options.output}`));
  }
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  if (options.json || !isJson) return out.line(isJson ? text : sanitized(text));
  const { data, next_cursor } = JSON.parse(text) as { data?: unknown; next_cursor?: unknown };
  if (isRows(data)) printRows(context, data);
  else out.line(sanitized(JSON.stringify(data ?? JSON.parse(text), null, 2)));
  if (typeof next_cursor === 'string') noteMore(notes, next_cursor);
}

/** What is short in every row, the id and the name first. */
function printRows({ out }: CommandContext, rows: readonly Row[]): void {
  const names = ['id', 'name', ...Object.keys(rows[0] ?? {})];
  const columns = [...new Set(names)]
    .filter((name) => rows.some((row) => row[name] !== undefined && row[name] !== null))
    .filter((name) => name !== 'workspace_id' && rows.every((row) => isShort(row[name])))
    .slice(0, 7);
  printTable(out, {
    rows,
    empty: 'None.',
    columns: columns.map(
      (name, at): Column<Row> => ({
        title: name.toUpperCase().replaceAll('_', ' '),
        value: (row) => textOf(row[name]),
        ...(at === columns.length - 1 && { shrinks: true }),
      }),
    ),
  });
}

function isRows(data: unknown): data is readonly Row[] {
  return Array.isArray(data) && data.every((row) => typeof row === 'object' && row !== null);
}

function isShort(value: unknown): boolean {
  return (typeof value !== 'object' || value === null) && textOf(value).length <= 60;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** As commander names an option's value. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
