import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly event_types: readonly string[];
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly failing_since: string | null;
}

interface DeliveryView {
  readonly id: string;
  readonly message_id: string;
  readonly event_type: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly next_attempt_at: string | null;
  readonly last_attempt: {
    readonly status: number | null;
    readonly error: string | null;
  } | null;
  readonly created_at: string;
}

interface DeliveriesOptions extends PageOptions {
  readonly status?: string;
}

interface CreateOptions extends ClientOptions {
  readonly event?: readonly string[];
  readonly agent?: readonly string[];
  readonly description?: string;
}

/** `signalbox webhooks list|create|deliveries|resend`. */
export function registerWebhooksCommands(program: Command, io: CliIo): void {
  const webhooks = program
    .command('webhooks')
    .description('addresses that are told of what happens, and how telling them went');
  registerList(webhooks, io);
  registerCreate(webhooks, io);
  registerDeliveries(webhooks, io);
  registerResend(webhooks, io);
}

function registerList(webhooks: Command, io: CliIo): void {
  const list = withPageOptions(webhooks.command('list').description('webhooks of the workspace'));
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const path = '/v1/webhooks';
      const answer = await client.send<Many<WebhookView>>({ path, query: { limit, cursor } });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No webhooks.',
        columns: [
          { title: 'ID', value: (webhook) => webhook.id },
          { title: 'STATE', value: stateOf },
          { title: 'EVENTS', value: (webhook) => webhook.event_types.join(', ') },
          { title: 'URL', value: (webhook) => webhook.url, shrinks: true },
        ],
      });
      for (const { id, disabled_reason } of answer.body.data) {
        if (disabled_reason !== null) notes.line(`${id}: ${sanitizedLine(disabled_reason)}`);
      }
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerCreate(webhooks: Command, io: CliIo): void {
  const create = webhooks
    .command('create')
    .description('tell an address of events from now on; prints its secret, this once')
    .argument('<url>', 'https, on the public internet')
    .option('--event <names...>', 'names, families such as run.*, or * (default *)')
    .option('--agent <agents...>', 'only of these agents: id or number')
    .option('--description <text>', 'what it is for');
  withClientOptions(create).action(async (url: string, options: CreateOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { event: event_types = ['*'], agent: agent_ids, description } = options;
      const answer = await client.send<One<WebhookView & { readonly secret: string }>>({
        method: 'POST',
        path: '/v1/webhooks',
        body: JSON.stringify({ url, event_types, agent_ids, description }),
      });
      if (options.json) return out.line(answer.text);
      const { id, secret } = answer.body.data;
      out.line(`created ${id}`);
      out.line(`secret ${secret}`);
      notes.line(
        notes.style.dim('The secret is not shown again: receivers verify requests by it.'),
      );
    });
  });
}

function registerDeliveries(webhooks: Command, io: CliIo): void {
  const deliveries = withPageOptions(
    webhooks
      .command('deliveries')
      .description('what a webhook was told, and how that went')
      .argument('<webhook>', 'id')
      .option('--status <status>', 'pending, delivered or failed'),
  );
  withClientOptions(deliveries).action(async (webhook: string, options: DeliveriesOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { status, limit, cursor } = options;
      const answer = await client.send<Many<DeliveryView>>({
        path: `/v1/webhooks/${encodeURIComponent(webhook)}/deliveries`,
        query: { status, limit, cursor },
      });
      if (options.json) return out.line(answer.text);
      printDeliveries(out, answer.body.data);
      noteMore(notes, answer.body.next_cursor);
    });
  });
}

function registerResend(webhooks: Command, io: CliIo): void {
  const resend = webhooks
    .command('resend')
    .description('make a delivery again, under the id it had')
    .argument('<webhook>', 'id')
    .argument('<delivery>', 'id');
  withClientOptions(resend).action(
    async (webhook: string, delivery: string, options: ClientOptions) => {
      await withServer(io, options, async ({ client, out }) => {
        const [id, deliveryId] = [webhook, delivery].map(encodeURIComponent);
        const answer = await client.send<One<DeliveryView>>({
          method: 'POST',
          path: `/v1/webhooks/${id}/deliveries/${deliveryId}/resend`,
        });
        if (options.json) return out.line(answer.text);
        out.line(`sending ${answer.body.data.id} ${answer.body.data.message_id}`);
      });
    },
  );
}

function printDeliveries(out: Terminal, deliveries: readonly DeliveryView[]): void {
  printTable(out, {
    rows: deliveries,
    empty: 'No deliveries.',
    columns: [
      { title: 'ID', value: (delivery) => delivery.id },
      { title: 'EVENT', value: (delivery) => delivery.event_type },
      { title: 'STATUS', value: (delivery) => delivery.status },
      { title: 'TRIES', align: 'right', value: (delivery) => String(delivery.attempts) },
      { title: 'CREATED', value: (delivery) => localTime(delivery.created_at) },
      { title: 'LAST', value: lastOf, shrinks: true },
    ],
  });
}

function lastOf({ last_attempt: last, next_attempt_at: next, status }: DeliveryView): string {
  const said = last === null ? 'not tried yet' : (last.error ?? `answered ${last.status}`);
  return status === 'pending' && next !== null ? `${said}; next ${localTime(next)}` : said;
}

function stateOf(webhook: WebhookView): string {
  if (!webhook.enabled) return 'off';
  return webhook.failing_since === null
    ? 'on'
    : `failing since ${localTime(webhook.failing_since)}`;
}
