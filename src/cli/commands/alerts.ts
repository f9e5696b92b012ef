import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import type { CliIo } from '../io.ts';
import { pairs, valuesOf } from '../pairs.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface AlertView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  readonly state: string;
  readonly since: string | null;
  readonly summary: string | null;
  readonly run_id: string | null;
}

interface AddOptions extends ClientOptions {
  readonly name?: string;
  readonly set?: readonly string[];
  readonly email?: readonly string[];
  readonly slackSecret?: string;
}

/** `signalbox alerts list|add|remove`. */
export function registerAlertsCommands(program: Command, io: CliIo): void {
  const alerts = program
    .command('alerts')
    .description('what people are told of: failures, silence, queues, money, keys');
  registerList(alerts, io);
  registerAdd(alerts, io);
  registerRemove(alerts, io);
}

function registerList(alerts: Command, io: CliIo): void {
  const list = withPageOptions(alerts.command('list').description('alerts and how each stands'));
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const path = '/v1/alerts';
      const answer = await client.send<Many<AlertView>>({ path, query: { limit, cursor } });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No alerts.',
        columns: [
          { title: 'ID', value: (alert) => alert.id },
          { title: 'STATE', value: stateOf },
          { title: 'KIND', value: (alert) => alert.kind },
          { title: 'NAME', value: (alert) => alert.name, shrinks: true },
        ],
      });
      for (const { name, summary, run_id } of answer.body.data) {
        if (summary === null) continue;
        notes.line(`${sanitizedLine(`${name}: ${summary}`)}${run_id === null ? '' : ` ${run_id}`}`);
      }
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerAdd(alerts: Command, io: CliIo): void {
  const add = alerts
    .command('add')
    .description('be told when something comes to hold, and when it is over')
    .argument(
      '<kind>',
      'failure_rate, trigger_silence, queue_age, spend, budget_exceeded, key_expiry or sandbox_degraded',
    )
    .option('--name <name>', 'default: the kind')
    .option('--set <setting=value...>', 'such as window_minutes=15 max_share=0.2', pairs)
    .option('--email <addresses...>', 'who is mailed')
    .option('--slack-secret <name>', 'secret with the URL of an incoming webhook');
  withClientOptions(add).action(async (kind: string, options: AddOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<AlertView>>({
        method: 'POST',
        path: '/v1/alerts',
        body: JSON.stringify({
          name: options.name ?? kind,
          kind,
          settings: valuesOf(options.set),
          notify: { emails: options.email ?? [], slack_secret: options.slackSecret ?? null },
        }),
      });
      out.line(options.json ? answer.text : `added ${answer.body.data.id}`);
    });
  });
}

function registerRemove(alerts: Command, io: CliIo): void {
  const remove = alerts
    .command('remove')
    .description('tell nobody of it any more')
    .argument('<alert>', 'id');
  withClientOptions(remove).action(async (alert: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<{ readonly id: string }>>({
        method: 'DELETE',
        path: `/v1/alerts/${encodeURIComponent(alert)}`,
      });
      out.line(options.json ? answer.text : `removed ${answer.body.data.id}`);
    });
  });
}

function stateOf(alert: AlertView): string {
  if (!alert.enabled) return 'off';
  return alert.since === null ? alert.state : `firing since ${localTime(alert.since)}`;
}
