import { type Command, Option } from 'commander';
import type { ApiClient, Many, One } from '../api-client.ts';
import type { ApprovalView, EscalationView } from '../api-types.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { localTime } from '../figures.ts';
import type { CliIo } from '../io.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { pageLimit } from './page-options.ts';

interface ListOptions extends ClientOptions {
  readonly limit?: number;
}

type Show = 'show' | 'changed';

/** `signalbox inbox …`: what waits for people, hand-overs of runs and approvals together. */
export function registerInboxCommands(program: Command, io: CliIo): void {
  const inbox = program
    .command('inbox')
    .description('what waits for people: hand-overs and approvals');
  const list = inbox
    .command('list', { isDefault: true })
    .description('pending hand-overs and approvals, newest first')
    .option('--limit <count>', 'how many of each, 1 to 100 (default 20)', pageLimit);
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listInbox(context, options));
  });

  const on = (name: string, description: string) =>
    withClientOptions(
      inbox.command(name).description(description).argument('<escalation>', 'its id'),
    );
  const send = async (
    id: string,
    options: ClientOptions,
    request: { readonly what?: string; readonly body?: object; readonly show?: Show },
  ) => {
    await withServer(io, options, async ({ client, out }) => {
      const { what, body, show = 'changed' } = request;
      const answer = await client.send<One<EscalationView>>({
        ...(what === undefined ? {} : { method: 'POST' as const }),
        path: `/v1/escalations/${encodeURIComponent(id)}${what === undefined ? '' : `/${what}`}`,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (options.json) return out.line(answer.text);
      const { data } = answer.body;
      for (const line of show === 'show' ? linesOf(data) : [`${data.status} ${data.id}`]) {
        out.line(sanitized(line));
      }
    });
  };

  on('get', 'one hand-over, with the proposed reply').action((id, options) =>
    send(id, options, { show: 'show' }),
  );
  on('approve', 'send the proposed reply').action((id, options) =>
    send(id, options, { what: 'approve' }),
  );
  on('send', 'send another reply in its place')
    .requiredOption('--body <text>', 'the reply')
    .action((id: string, options: ClientOptions & { readonly body: string }) =>
      send(id, options, { what: 'send', body: { body: options.body } }),
    );
  on('resolve', 'be done with it, without a reply')
    .addOption(
      new Option('--status <status>')
        .choices(['reviewed', 'resolved', 'dismissed'])
        .default('resolved'),
    )
    .action((id: string, options: ClientOptions & { readonly status: string }) =>
      send(id, options, { what: 'resolve', body: { status: options.status } }),
    );
  on('assign', 'give it to somebody')
    .requiredOption('--to <id>', 'who')
    .action((id: string, options: ClientOptions & { readonly to: string }) =>
      send(id, options, { what: 'assign', body: { assignee_id: options.to } }),
    );
  on('take-over', 'keep agents out of its conversation').action((id, options) =>
    send(id, options, { what: 'take-over' }),
  );
  on('give-back', 'let agents answer in its conversation again').action((id, options) =>
    send(id, options, { what: 'give-back' }),
  );
}

async function listInbox(
  { client, out, notes }: CommandContext,
  options: ListOptions,
): Promise<void> {
  const escalations = await pending<EscalationView>(client, '/v1/escalations', options);
  const approvals = await pending<ApprovalView>(client, '/v1/approvals', options);
  if (options.json) {
    return out.line(`{"escalations":${escalations.text},"approvals":${approvals.text}}`);
  }
  const rows = [
    ...escalations.body.data.map((one) => ({
      id: one.id,
      what: one.superseded ? 'superseded' : one.proposed_response === null ? 'hand-over' : 'reply',
      at: one.created_at,
      text: one.proposed_response ?? one.guest_message ?? one.disposition_reason ?? '',
    })),
    ...approvals.body.data.map((one) => ({
      id: one.id,
      what: 'approval',
      at: one.created_at,
      text: one.question,
    })),
  ].toSorted((a, b) => (a.at < b.at ? 1 : -1));
  printTable(out, {
    rows,
    empty: 'Nothing waits for a person.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'WHAT', value: (row) => row.what },
      { title: 'SINCE', value: (row) => localTime(row.at) },
      { title: 'TEXT', value: (row) => row.text, shrinks: true },
    ],
  });
  const isCut = [escalations, approvals].some(({ body }) => body.has_more);
  if (isCut) notes.line(notes.style.dim('There are more: --limit, or the lists of the API.'));
}

async function pending<T>(client: ApiClient, path: string, { limit }: ListOptions) {
  return await client.send<Many<T>>({ path, query: { status: 'pending', limit } });
}

function linesOf(one: EscalationView): string[] {
  const lines = [
    sanitizedLine(`${one.status} ${one.id}${one.superseded ? ' (superseded)' : ''}`),
    sanitizedLine(
      `run      ${one.agent_run_id}  ${one.disposition} ${one.disposition_reason ?? ''}`,
    ),
  ];
  for (const { title, why } of one.broken_guardrails) {
    lines.push(sanitizedLine(`guardrail  ${title}: ${why}`));
  }
  for (const question of one.questions_for_operator)
    lines.push(sanitizedLine(`asks     ${question}`));
  if (one.guest_message !== null) lines.push('', 'message:', one.guest_message);
  if (one.proposed_response !== null) lines.push('', 'proposed reply:', one.proposed_response);
  if (one.sent !== null) lines.push('', 'sent:', one.sent.response);
  return lines;
}
