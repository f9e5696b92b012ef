import { type Command, InvalidArgumentError } from 'commander';
import type { Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import type { CliIo } from '../io.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface PriceView {
  readonly id: string;
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly source: string;
  readonly updated_at: string;
}

interface PriceInForceView {
  readonly known: boolean;
  readonly from: string | null;
  readonly source: string | null;
  readonly date: string | null;
  readonly usd_per_million_tokens: Readonly<Record<string, unknown>> | null;
}

interface SetOptions extends ClientOptions {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly source?: string;
}

/** `signalbox prices list|show|set|remove`. */
export function registerPricesCommands(program: Command, io: CliIo): void {
  const prices = program
    .command('prices')
    .description('what models cost: the workspace’s own prices before the list');
  registerList(prices, io);
  registerShow(prices, io);
  registerSet(prices, io);
  registerRemove(prices, io);
}

function registerList(prices: Command, io: CliIo): void {
  const list = withPageOptions(
    prices.command('list').description('prices that the workspace set itself'),
  );
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const path = '/v1/prices';
      const answer = await client.send<Many<PriceView>>({ path, query: { limit, cursor } });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No prices of its own: those of the list are in force.',
        columns: [
          { title: 'ID', value: (price) => price.id },
          { title: 'MODEL', value: (price) => price.model },
          { title: 'IN', align: 'right', value: (price) => String(price.input) },
          { title: 'OUT', align: 'right', value: (price) => String(price.output) },
          { title: 'SET', value: (price) => localTime(price.updated_at) },
          { title: 'SOURCE', value: (price) => price.source, shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerShow(prices: Command, io: CliIo): void {
  const show = prices
    .command('show')
    .description('what a model costs now, and where that is from')
    .argument('<model>', 'provider/model');
  withClientOptions(show).action(async (model: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = '/v1/prices/in-force';
      const answer = await client.send<One<PriceInForceView>>({ path, query: { model } });
      if (options.json) return out.line(answer.text);
      const { known, from, source, date, usd_per_million_tokens: rates } = answer.body.data;
      if (!known) return out.line(`${model}: not known; runs of it have no cost`);
      out.line(`${model}: USD per million tokens, by the ${from} (${source}, ${date})`);
      for (const [kind, rate] of Object.entries(rates ?? {})) {
        out.line(`  ${kind} ${JSON.stringify(rate)}`);
      }
    });
  });
}

function registerSet(prices: Command, io: CliIo): void {
  const set = prices
    .command('set')
    .description('set what a model costs from now on, USD per million tokens')
    .argument('<model>', 'provider/model')
    .requiredOption('--input <usd>', 'tokens of the prompt', usd)
    .requiredOption('--output <usd>', 'tokens of the answer, reasoning included', usd)
    .option('--cached-input <usd>', 'tokens read from a cache (default: as input)', usd)
    .option('--cache-write <usd>', 'tokens written to a cache (default: as input)', usd)
    .option('--source <text>', 'where the price is from');
  withClientOptions(set).action(async (model: string, options: SetOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<PriceView>>({
        method: 'POST',
        path: '/v1/prices',
        body: JSON.stringify({
          model,
          input: options.input,
          output: options.output,
          cached_input: options.cachedInput,
          cache_write: options.cacheWrite,
          source: options.source,
        }),
      });
      out.line(options.json ? answer.text : `set ${answer.body.data.id}`);
    });
  });
}

function registerRemove(prices: Command, io: CliIo): void {
  const remove = prices
    .command('remove')
    .description('take a price away: the list’s is in force again')
    .argument('<price>', 'id');
  withClientOptions(remove).action(async (price: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<{ readonly id: string }>>({
        method: 'DELETE',
        path: `/v1/prices/${encodeURIComponent(price)}`,
      });
      out.line(options.json ? answer.text : `removed ${answer.body.data.id}`);
    });
  });
}

function usd(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number of USD from 0.');
}
