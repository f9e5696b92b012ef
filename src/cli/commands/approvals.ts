import { type Command, Option } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { ApprovalView } from '../api-types.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { localTime } from '../figures.ts';
import { findAgentIdIfGiven } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface ListOptions extends PageOptions {
  readonly agent?: string;
  readonly status?: string;
}

interface DecideOptions extends ClientOptions {
  readonly note?: string;
}

const statuses = [
  'pending',
  'approved',
  'rejected',
  'changes_requested',
  'expired',
  'cancelled',
] as const;

/** `signalbox approvals list|get|approve|reject|changes`: decisions that runs wait for. */
export function registerApprovalsCommands(program: Command, io: CliIo): void {
  const approvals = program.command('approvals').description('decisions that runs wait for');
  const list = withPageOptions(
    approvals
      .command('list')
      .description('what runs ask people for, newest first')
      .option('--agent <agent>', 'only of this agent: id, number or name')
      .addOption(new Option('--status <status>').choices(statuses)),
  );
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listApprovals(context, options));
  });

  const get = approvals
    .command('get')
    .description('one approval, with all that is to be decided')
    .argument('<approval>', 'its id or number');
  withClientOptions(get).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const path = `/v1/approvals/${encodeURIComponent(id)}`;
      const answer = await client.send<One<ApprovalView>>({ path });
      if (options.json) return out.line(answer.text);
      for (const line of linesOf(answer.body.data)) out.line(line);
    });
  });

  for (const [name, action, description] of [
    ['approve', 'approve', 'let it go on'],
    ['reject', 'reject', 'do not let it; the agent is told'],
    ['changes', 'ask_for_changes', 'send it back with what to change'],
  ] as const) {
    const command = approvals
      .command(name)
      .description(description)
      .argument('<approval>', 'its id or number');
    const note = new Option('--note <text>', 'what the agent is told with the decision');
    if (name === 'changes') note.makeOptionMandatory();
    withClientOptions(command.addOption(note)).action(
      async (id: string, options: DecideOptions) => {
        await withServer(io, options, async ({ client, out }) => {
          const answer = await client.send<One<ApprovalView>>({
            method: 'POST',
            path: `/v1/approvals/${encodeURIComponent(id)}/decision`,
            body: JSON.stringify({ action, note: options.note ?? null }),
          });
          if (options.json) return out.line(answer.text);
          const { status, id: decided, run_id } = answer.body.data;
          out.line(sanitizedLine(`${status} ${decided} run ${run_id}`));
        });
      },
    );
  }
}

async function listApprovals(
  { client, out, notes }: CommandContext,
  options: ListOptions,
): Promise<void> {
  const { status, limit, cursor } = options;
  const agent_id = await findAgentIdIfGiven(client, options.agent);
  const answer = await client.send<Many<ApprovalView>>({
    path: '/v1/approvals',
    query: { agent_id, status, limit, cursor },
  });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'No approvals.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'STATUS', value: (row) => row.status },
      { title: 'ASKED', value: (row) => localTime(row.created_at) },
      { title: 'AGENT', value: (row) => row.agent_name, shrinks: true },
      { title: 'QUESTION', value: (row) => row.question, shrinks: true },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

function linesOf(approval: ApprovalView): string[] {
  const { decided_by, note } = approval;
  const lines = [
    `${approval.question}  (${approval.status})`,
    `agent    ${approval.agent_name}  ${approval.agent_id}`,
    `run      ${approval.run_id}`,
    `asked    ${localTime(approval.created_at)}, until ${localTime(approval.expires_at)}, then ${approval.on_expiry}`,
  ];
  if (decided_by !== null) lines.push(`decided  by ${decided_by.name ?? decided_by.id}`);
  if (note !== null) lines.push(`note     ${note}`);
  const proposal = JSON.stringify(approval.proposal, null, 2).split('\n');
  return [...lines.map(sanitizedLine), ...proposal.map(sanitized)];
}
