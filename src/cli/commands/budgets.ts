import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Many, One } from '../api-client.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { cost } from '../figures.ts';
import { findAgentIdIfGiven } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface BudgetView {
  readonly id: string;
  readonly agent_id: string | null;
  readonly period: string;
  readonly state: string;
  readonly max_runs: number | null;
  readonly max_tokens: number | null;
  readonly max_cost_usd: number | null;
  readonly used: { readonly runs: number; readonly tokens: number; readonly cost_usd: number };
}

interface ListOptions extends PageOptions {
  readonly agent?: string;
}

type Limit = number | 'none';

interface WriteOptions extends ClientOptions {
  readonly agent?: string;
  readonly period?: string;
  readonly runs?: Limit;
  readonly tokens?: Limit;
  readonly usd?: Limit;
  readonly warnAt?: Limit;
  readonly stop?: boolean;
}

/** `signalbox budgets list|create|edit|delete`: what agents and the workspace may use. */
export function registerBudgetsCommands(program: Command, io: CliIo): void {
  const budgets = program
    .command('budgets')
    .description('limits on runs, tokens and money a day or a month');
  const list = withPageOptions(
    budgets
      .command('list')
      .description('budgets of the workspace and what is used of them')
      .option('--agent <agent>', 'only of this agent: id, number or name'),
  );
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listBudgets(context, options));
  });

  const create = budgets
    .command('create')
    .description('limit an agent, or without one the workspace')
    .option('--agent <agent>', 'id, number or name')
    .addOption(new Option('--period <period>').choices(['day', 'month']).makeOptionMandatory());
  withClientOptions(withLimits(create)).action(async (options: WriteOptions) => {
    await withServer(io, options, async (context) => {
      const { agent, period, workspace: workspace_id } = options;
      const agent_id = await findAgentIdIfGiven(context.client, agent);
      const body = { ...{ period, agent_id, workspace_id }, ...limitsOf(options) };
      await write(context, options, { method: 'POST', path: '/v1/budgets', body });
    });
  });

  const edit = budgets.command('edit').description('change limits').argument('<budget>', 'its id');
  withClientOptions(withLimits(edit)).action(async (id: string, options: WriteOptions) => {
    await withServer(io, options, async (context) => {
      const path = `/v1/budgets/${encodeURIComponent(id)}`;
      await write(context, options, { method: 'PATCH', path, body: limitsOf(options) });
    });
  });

  const remove = budgets.command('delete').description('delete one').argument('<budget>', 'its id');
  withClientOptions(remove).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `/v1/budgets/${encodeURIComponent(id)}`;
      const answer = await client.send({ method: 'DELETE', path });
      out.line(options.json ? answer.text : sanitizedLine(`deleted ${id}`));
    });
  });
}

function withLimits(command: Command): Command {
  return command
    .option('--runs <count>', 'runs, or none', limit)
    .option('--tokens <count>', 'tokens, input and output, or none', limit)
    .option('--usd <amount>', 'money in USD, or none', limit)
    .option('--warn-at <share>', 'share of a limit to warn at, such as 0.8', limit)
    .option('--stop', 'let no run start when it is used up (the default)')
    .option('--no-stop', 'only tell of it');
}

function limit(text: string): Limit {
  if (text === 'none') return text;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number, or none.');
}

function limitsOf({ runs, tokens, usd, warnAt, stop }: WriteOptions): object {
  const sent = (given: Limit | undefined) => (given === 'none' ? null : given);
  return {
    ...{ max_runs: sent(runs), max_tokens: sent(tokens), max_cost_usd: sent(usd) },
    ...{ warn_at: sent(warnAt), stops: stop },
  };
}

async function listBudgets(
  { client, out, notes }: CommandContext,
  options: ListOptions,
): Promise<void> {
  const { workspace, limit: count, cursor } = options;
  const agent_id = await findAgentIdIfGiven(client, options.agent);
  const answer = await client.send<Many<BudgetView>>({
    path: '/v1/budgets',
    query: { agent_id, workspace_id: workspace, limit: count, cursor },
  });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'No budgets.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'OF', value: (row) => row.agent_id ?? 'the workspace' },
      { title: 'PERIOD', value: (row) => row.period },
      { title: 'STATE', value: (row) => row.state },
      { title: 'RUNS', value: (row) => share(row.used.runs, row.max_runs) },
      { title: 'TOKENS', value: (row) => share(row.used.tokens, row.max_tokens) },
      { title: 'COST', value: (row) => share(row.used.cost_usd, row.max_cost_usd, cost) },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

function share(used: number, max: number | null, show: (value: number) => string = String): string {
  return max === null ? show(used) : `${show(used)} of ${show(max)}`;
}

async function write(
  { client, out }: CommandContext,
  options: ClientOptions,
  request: { readonly method: 'POST' | 'PATCH'; readonly path: string; readonly body: object },
): Promise<void> {
  const body = JSON.stringify(request.body);
  const answer = await client.send<One<BudgetView>>({ ...request, body });
  if (options.json) return out.line(answer.text);
  const { id, state, period } = answer.body.data;
  out.line(sanitizedLine(`${id}: ${state} for this ${period}`));
}
