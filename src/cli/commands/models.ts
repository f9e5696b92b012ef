import { type Command, InvalidArgumentError } from 'commander';
import type { Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { pairs, valuesOf } from '../pairs.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface ModelView {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly secret: string | null;
  readonly limits: {
    readonly requests_per_minute: number | null;
    readonly tokens_per_minute: number | null;
    readonly max_concurrent: number | null;
  };
  readonly fallbacks: readonly string[];
}

interface ModelTestView {
  readonly ok: boolean;
  readonly duration_ms: number;
  readonly text: string | null;
  readonly cost_usd: number | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
}

interface AddOptions extends ClientOptions {
  readonly secret?: string;
  readonly baseUrl?: string;
  readonly fallback?: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly maxConcurrent?: number;
  readonly setting?: readonly string[];
}

/** `signalbox models list|add|test|remove`. */
export function registerModelsCommands(program: Command, io: CliIo): void {
  const models = program
    .command('models')
    .description('models by names of the workspace, their keys, limits and fallbacks');
  registerList(models, io);
  registerAdd(models, io);
  registerTest(models, io);
  registerRemove(models, io);
}

function registerList(models: Command, io: CliIo): void {
  const list = withPageOptions(
    models.command('list').description('models that the workspace gave a name'),
  );
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const path = '/v1/models';
      const answer = await client.send<Many<ModelView>>({ path, query: { limit, cursor } });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No models of its own: agents name provider/model.',
        columns: [
          { title: 'NAME', value: (model) => model.name },
          { title: 'MODEL', value: (model) => `${model.provider}/${model.model}` },
          { title: 'KEY', value: (model) => model.secret ?? 'the server’s' },
          { title: 'LIMITS', value: limitsOf },
          { title: 'FALLBACKS', value: (model) => model.fallbacks.join(', '), shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerAdd(models: Command, io: CliIo): void {
  const add = models
    .command('add')
    .description('give a model of a provider a name, which agents can use')
    .argument('<name>', 'such as fast')
    .argument('<model>', 'provider/model, such as openai/gpt-5-mini')
    .option('--secret <name>', 'secret of the workspace that holds the key')
    .option('--base-url <url>', 'another address of the provider’s API')
    .option('--fallback <models...>', 'asked in this order when it fails')
    .option('--requests-per-minute <count>', 'at most', count)
    .option('--tokens-per-minute <count>', 'at most', count)
    .option('--max-concurrent <count>', 'calls at once', count)
    .option('--setting <key=value...>', 'such as region=eu-central-1 or temperature=0', pairs);
  withClientOptions(add).action(async (name: string, model: string, options: AddOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const slash = model.indexOf('/');
      const answer = await client.send<One<ModelView>>({
        method: 'POST',
        path: '/v1/models',
        body: JSON.stringify({
          name,
          provider: slash < 0 ? model : model.slice(0, slash),
          model: slash < 0 ? '' : model.slice(slash + 1),
          secret: options.secret,
          base_url: options.baseUrl,
          fallbacks: options.fallback,
          limits: {
            requests_per_minute: options.requestsPerMinute ?? null,
            tokens_per_minute: options.tokensPerMinute ?? null,
            max_concurrent: options.maxConcurrent ?? null,
          },
          settings: valuesOf(options.setting),
        }),
      });
      if (options.json) return out.line(answer.text);
      out.line(`added ${answer.body.data.name} ${answer.body.data.id}`);
    });
  });
}

function registerTest(models: Command, io: CliIo): void {
  const test = models
    .command('test')
    .description('ask a model for one word, with its key and address')
    .argument('<model>', 'name or id');
  withClientOptions(test).action(async (model: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const answer = await client.send<One<ModelTestView>>({
        method: 'POST',
        path: `/v1/models/${encodeURIComponent(model)}/test`,
      });
      const { ok, duration_ms, cost_usd, text, error } = answer.body.data;
      if (!ok) io.setExitCode(1);
      if (options.json) return out.line(answer.text);
      if (error !== null) return notes.line(`${error.kind}: ${sanitizedLine(error.message)}`);
      const cost = cost_usd === null ? 'price unknown' : `${cost_usd.toFixed(6)} USD`;
      out.line(`answered "${sanitizedLine(text ?? '')}" in ${duration_ms} ms, ${cost}`);
    });
  });
}

function registerRemove(models: Command, io: CliIo): void {
  const remove = models
    .command('remove')
    .description('take a name away; agents that use it keep it from being')
    .argument('<model>', 'name or id');
  withClientOptions(remove).action(async (model: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<{ readonly id: string }>>({
        method: 'DELETE',
        path: `/v1/models/${encodeURIComponent(model)}`,
      });
      out.line(options.json ? answer.text : `removed ${answer.body.data.id}`);
    });
  });
}

function limitsOf({ limits }: ModelView): string {
  const { requests_per_minute: requests, tokens_per_minute: tokens, max_concurrent: open } = limits;
  const parts = [
    requests === null ? null : `${requests}/min`,
    tokens === null ? null : `${tokens} tokens/min`,
    open === null ? null : `${open} at once`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
