import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { localTime } from '../figures.ts';
import { allOf, findAgentId, findAgentIdIfGiven } from '../find.ts';
import type { CliIo } from '../io.ts';
import { readPayload } from '../read-payload.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { TestCaseView, TestRunView } from '../test-views.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';
import { printTestRun, rateText, registerTestRunCommand } from './tests-run.ts';

interface ListOptions extends PageOptions {
  readonly agent?: string;
}

interface AddOptions extends ClientOptions {
  readonly agent?: string;
  readonly name?: string;
  readonly fromRun?: string;
  readonly payload?: string;
  readonly case?: string;
}

/** `signalbox tests …`: cases of agents, and what comes of them. */
export function registerTestsCommands(program: Command, io: CliIo): void {
  const tests = program.command('tests').description('test cases of agents, and running them');
  withClientOptions(
    withPages(tests.command('list').description('test cases, newest first')),
  ).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listCases(context, options));
  });
  registerAdd(tests, io);
  const edit = tests
    .command('edit')
    .description('change a test case: only what is given')
    .argument('<case>', 'id or name')
    .option('--agent <agent>', 'of this agent, when the name is not unique')
    .requiredOption('--case <json>', 'fields as the API takes them: JSON, @file or @-');
  withClientOptions(edit).action(async (given: string, options: AddOptions) => {
    await withServer(io, options, async (context) => {
      const id = await findCaseId(context, given, options.agent);
      const body = await readPayload(options.case ?? '', io, '--case');
      await printCase(context, options, { method: 'PATCH', path: casePath(id), body });
    });
  });
  const show = tests
    .command('get')
    .description('a test case')
    .argument('<case>', 'id or name')
    .option('--agent <agent>', 'of this agent, when the name is not unique');
  withClientOptions(show).action(async (given: string, options: AddOptions) => {
    await withServer(io, options, async (context) => {
      const id = await findCaseId(context, given, options.agent);
      const answer = await context.client.send<One<TestCaseView>>({ path: casePath(id) });
      if (options.json) return context.out.line(answer.text);
      context.out.line(sanitized(JSON.stringify(answer.body.data, null, 2)));
    });
  });
  const remove = tests
    .command('rm')
    .description('delete a test case')
    .argument('<case>', 'id or name')
    .option('--agent <agent>', 'of this agent, when the name is not unique');
  withClientOptions(remove).action(async (given: string, options: AddOptions) => {
    await withServer(io, options, async (context) => {
      const id = await findCaseId(context, given, options.agent);
      const answer = await context.client.send({ method: 'DELETE', path: casePath(id) });
      context.out.line(options.json ? answer.text : `deleted ${id}`);
    });
  });
  registerTestRunCommand(tests, io);
  registerHistory(tests, io);
}

function registerAdd(tests: Command, io: CliIo): void {
  const add = tests
    .command('add')
    .description('create a test case: of a past run, or from its parts')
    .option('--from-run <run>', 'a run that has ended: its payload, and its tools as they answered')
    .option('--agent <agent>', 'id, number or name')
    .option('--name <name>', 'what it shows')
    .option('--payload <json>', 'what the agent is given: JSON, @file, or @- for standard input')
    .option(
      '--case <json>',
      'other fields as the API takes them (tools, expect, …): JSON or @file',
    );
  withClientOptions(add).action(async (options: AddOptions) => {
    await withServer(io, options, async (context) => {
      const members = await membersOf(context, options, io);
      const body = `{${members.join(', ')}}`;
      await printCase(context, options, { method: 'POST', path: '/v1/tests', body });
    });
  });
}

/** JSON text, so that the payload keeps all the digits of its numbers; the first of two members counts last. */
async function membersOf(
  { client }: CommandContext,
  options: AddOptions,
  io: CliIo,
): Promise<string[]> {
  const members: string[] = [];
  if (options.case !== undefined) {
    const text = (await readPayload(options.case, io, '--case')).trim();
    const inside = /^\{([\s\S]*)\}$/.exec(text)?.[1]?.trim();
    if (inside === undefined) throw new CliError('--case takes a JSON object.');
    if (inside !== '') members.push(inside);
  }
  if (options.agent !== undefined) {
    members.push(`"agent_id": ${JSON.stringify(await findAgentId(client, options.agent))}`);
  }
  if (options.name !== undefined) members.push(`"name": ${JSON.stringify(options.name)}`);
  if (options.fromRun !== undefined) {
    members.push(`"from_run_id": ${JSON.stringify(options.fromRun)}`);
  }
  if (options.payload !== undefined) {
    members.push(`"payload": ${await readPayload(options.payload, io)}`);
  }
  return members;
}

function registerHistory(tests: Command, io: CliIo): void {
  const runs = withPages(tests.command('runs').description('test runs, newest first'));
  withClientOptions(runs).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listTestRuns(context, options));
  });
  const results = tests
    .command('results')
    .description('what came of a test run')
    .argument('<test-run>', 'its id');
  withClientOptions(results).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async (context) => {
      const path = `/v1/tests/runs/${encodeURIComponent(id)}`;
      const answer = await context.client.send<One<TestRunView>>({ path });
      if (options.json) return context.out.line(answer.text);
      await printTestRun(context, answer.body.data);
    });
  });
  const cancel = tests
    .command('cancel')
    .description('cancel a test run')
    .argument('<test-run>', 'its id');
  withClientOptions(cancel).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async (context) => {
      const path = `/v1/tests/runs/${encodeURIComponent(id)}/cancel`;
      const answer = await context.client.send<One<TestRunView>>({ method: 'POST', path });
      context.out.line(options.json ? answer.text : `${answer.body.data.status} ${id}`);
    });
  });
}

function withPages(command: Command): Command {
  return withPageOptions(
    command.option('--agent <agent>', 'only of this agent: id, number or name'),
  );
}

async function queryOf({ client }: CommandContext, options: ListOptions) {
  const { agent, limit, cursor } = options;
  const agent_id = await findAgentIdIfGiven(client, agent);
  return { agent_id, limit, cursor };
}

async function listCases(context: CommandContext, options: ListOptions): Promise<void> {
  const { client, out, notes } = context;
  const query = await queryOf(context, options);
  const answer = await client.send<Many<TestCaseView>>({ path: '/v1/tests', query });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'No test cases.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'AGENT', value: (row) => row.agent_id },
      { title: 'REPEAT', value: (row) => String(row.repeat), align: 'right' },
      { title: 'NAME', value: (row) => row.name, shrinks: true },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

async function listTestRuns(context: CommandContext, options: ListOptions): Promise<void> {
  const { client, out, notes } = context;
  const query = await queryOf(context, options);
  const answer = await client.send<Many<TestRunView>>({ path: '/v1/tests/runs', query });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'No test runs.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'AGENT', value: (row) => row.agent_id },
      { title: 'STATUS', value: (row) => row.status },
      { title: 'PASSED', value: (row) => rateText(row) },
      { title: 'STARTED', value: (row) => localTime(row.created_at) },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

async function printCase(
  { client, out }: CommandContext,
  options: ClientOptions,
  request: { readonly method: 'POST' | 'PATCH'; readonly path: string; readonly body: string },
): Promise<void> {
  const answer = await client.send<One<TestCaseView>>(request);
  if (options.json) return out.line(answer.text);
  const { id, name, revision } = answer.body.data;
  out.line(sanitizedLine(`${id} ${name}`));
  out.line(out.style.dim(`revision ${revision}`));
}

async function findCaseId(
  context: CommandContext,
  given: string,
  agent: string | undefined,
): Promise<string> {
  if (/^tc[0-9a-z]{30}$/.test(given)) return given;
  const { agent_id } = await queryOf(context, agent === undefined ? {} : { agent });
  const found = (await allOf<TestCaseView>(context.client, '/v1/tests', { agent_id })).filter(
    ({ name }) => name === given,
  );
  const [first, ...others] = found;
  if (first === undefined) {
    throw new CliError(`There is no test case named "${given}".`, {
      hint: 'See `signalbox tests list`.',
    });
  }
  if (others.length === 0) return first.id;
  throw new CliError(`${found.length} test cases are named "${given}".`, {
    hint: `Name the agent with --agent, or give an id: ${found.map(({ id }) => id).join(', ')}`,
  });
}

function casePath(id: string): string {
  return `/v1/tests/${encodeURIComponent(id)}`;
}
