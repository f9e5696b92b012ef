import { type Command, InvalidArgumentError, Option } from 'commander';
import type { One } from '../api-client.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';

const kinds = ['runs', 'payloads', 'logs', 'tool_runs', 'trigger_events', 'deliveries'] as const;
type Kind = (typeof kinds)[number];

interface Rule {
  readonly max_age_days: number | null;
  readonly max_count: number | null;
}

type RetentionView = Readonly<Record<Kind, Rule | null>> & {
  readonly removed: Readonly<Record<Kind, number>>;
  readonly last_pass_at: string | null;
};

interface Options extends ClientOptions {}

interface SetOptions extends Options {
  readonly days?: number;
  readonly count?: number;
  readonly forever?: boolean;
}

/** `signalbox retention show|set`: what the workspace keeps, and for how long. */
export function registerRetentionCommands(program: Command, io: CliIo): void {
  const retention = program
    .command('retention')
    .description('what the workspace keeps, and for how long');
  const show = retention.command('show').description('rules, and what they removed');
  withClientOptions(show).action(async (options: Options) => {
    await withServer(io, options, (context) =>
      answer(context, options, { method: 'GET', query: { workspace_id: options.workspace } }),
    );
  });
  const set = retention
    .command('set')
    .description('keep less of a kind: what is older, or beyond the newest so many, is removed')
    .argument('<kind>', kinds.join(', '), kind)
    .option('--days <days>', 'age at most', whole)
    .option('--count <count>', 'how many at most', whole)
    .addOption(new Option('--forever', 'keep everything').conflicts(['days', 'count']));
  withClientOptions(set).action(async (name: Kind, options: SetOptions) => {
    const { days: max_age_days, count: max_count, forever } = options;
    const rule = forever === true ? null : { max_age_days, max_count };
    await withServer(io, options, (context) =>
      answer(context, options, {
        method: 'PATCH',
        query: { workspace_id: options.workspace },
        body: JSON.stringify({ [name]: rule }),
      }),
    );
  });
}

function kind(text: string): Kind {
  const found = kinds.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`It must be one of ${kinds.join(', ')}.`);
  return found;
}

function whole(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

async function answer(
  { client, out }: CommandContext,
  options: ClientOptions,
  request: {
    readonly method: 'GET' | 'PATCH';
    readonly query: Record<string, string | undefined>;
    readonly body?: string;
  },
): Promise<void> {
  const given = await client.send<One<RetentionView>>({ path: '/v1/retention', ...request });
  if (options.json) return out.line(given.text);
  const view = given.body.data;
  printTable(out, {
    rows: kinds.map((name) => ({ name, rule: view[name], removed: view.removed[name] })),
    empty: '',
    columns: [
      { title: 'KIND', value: (row) => row.name },
      { title: 'DAYS', value: (row) => String(row.rule?.max_age_days ?? '–') },
      { title: 'COUNT', value: (row) => String(row.rule?.max_count ?? '–') },
      { title: 'REMOVED', value: (row) => String(row.removed) },
    ],
  });
  out.line(view.last_pass_at === null ? 'not pruned yet' : `last pruned ${view.last_pass_at}`);
}
