import type { Command } from 'commander';
import type { One } from '../api-client.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { cost, count } from '../figures.ts';
import { findAgentIdIfGiven } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';

interface UsageSumsView {
  readonly runs: number;
  readonly failed: number;
  readonly token_usage: { readonly input: number; readonly output: number };
  /** USD. */
  readonly total_cost: number;
  readonly runs_of_unknown_cost: number;
}

interface UsageView {
  readonly from: string;
  readonly to: string;
  readonly group_by: readonly string[];
  readonly totals: UsageSumsView;
  readonly groups: readonly (UsageSumsView & {
    readonly day: string | null;
    readonly agent_id: string | null;
    readonly agent_name: string | null;
    readonly model: string | null;
    readonly trigger_id: string | null;
  })[];
  readonly truncated: boolean;
}

interface UsageOptions extends ClientOptions {
  readonly by: string;
  readonly from?: string;
  readonly to?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly trigger?: string;
}

/** `signalbox usage`: what the runs that ended have used. */
export function registerUsageCommand(program: Command, io: CliIo): void {
  const usage = program
    .command('usage')
    .description('runs, tokens and money of the last 30 days (UTC)')
    .option('--by <groups>', 'day, agent, model, trigger, with commas in between', 'day')
    .option('--from <day>', 'first day, such as 2026-04-03')
    .option('--to <day>', 'last day; default today')
    .option('--agent <agent>', 'only of this agent: id, number or name')
    .option('--model <model>', 'only with this model')
    .option('--trigger <id>', 'only by this trigger');
  withClientOptions(usage).action(async (options: UsageOptions) => {
    await withServer(io, options, (context) => showUsage(context, options));
  });
}

async function showUsage(
  { client, out, notes }: CommandContext,
  options: UsageOptions,
): Promise<void> {
  const { from, to, model } = options;
  const agent_id = await findAgentIdIfGiven(client, options.agent);
  const answer = await client.send<One<UsageView>>({
    path: '/v1/usage',
    query: {
      ...{ from, to, model, agent_id, group_by: options.by },
      trigger_id: options.trigger,
      workspace_id: options.workspace,
    },
  });
  if (options.json) return out.line(answer.text);
  const { data } = answer.body;
  const by = new Set(data.group_by);
  const named = (
    group: string,
    title: string,
    value: (row: UsageView['groups'][number]) => string,
  ) => (by.has(group) ? [{ title, value }] : []);
  printTable(out, {
    rows: data.groups,
    empty: 'Nothing was used in this time.',
    columns: [
      ...named('day', 'DAY', (row) => row.day ?? ''),
      ...named('agent', 'AGENT', (row) => row.agent_name ?? row.agent_id ?? '-'),
      ...named('model', 'MODEL', (row) => row.model ?? ''),
      ...named('trigger', 'TRIGGER', (row) => row.trigger_id ?? '-'),
      { title: 'RUNS', value: (row) => String(row.runs), align: 'right' },
      { title: 'FAILED', value: (row) => String(row.failed), align: 'right' },
      { title: 'TOKENS', value: (row) => String(tokensOf(row)), align: 'right' },
      { title: 'COST', value: (row) => cost(row.total_cost), align: 'right' },
    ],
  });
  const { totals } = data;
  const unknown = totals.runs_of_unknown_cost;
  out.line(
    sanitizedLine(
      `${data.from} to ${data.to}: ${count(totals.runs, 'run')}, ${count(tokensOf(totals), 'token')}, ${cost(totals.total_cost)}${unknown === 0 ? '' : `, ${unknown} of unknown cost`}`,
    ),
  );
  if (data.truncated) notes.line(notes.style.dim('There are more groups: narrow the time.'));
}

function tokensOf({ token_usage: { input, output } }: UsageSumsView): number {
  return input + output;
}
