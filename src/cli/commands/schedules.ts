import { type Command, Option } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { ScheduleView } from '../api-types.ts';
import { CliError } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { localTime } from '../figures.ts';
import { findAgentId, findAgentIdIfGiven } from '../find.ts';
import type { CliIo } from '../io.ts';
import { readPayload } from '../read-payload.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface ListOptions extends PageOptions {
  readonly agent?: string;
  readonly status?: string;
}

interface WriteOptions extends ClientOptions {
  readonly at?: string;
  readonly payload?: string;
  readonly entity?: string;
  readonly instructions?: string;
}

/** `signalbox schedules list|create|edit|cancel`: single runs for later. */
export function registerSchedulesCommands(program: Command, io: CliIo): void {
  const schedules = program.command('schedules').description('single runs for later');
  const list = withPageOptions(
    schedules
      .command('list')
      .description('scheduled runs of the workspace, newest first')
      .option('--agent <agent>', 'only of this agent: id, number or name')
      .addOption(
        new Option('--status <status>').choices(['scheduled', 'fired', 'cancelled', 'failed']),
      ),
  );
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listSchedules(context, options));
  });

  const create = schedules
    .command('create')
    .description('run an agent once, later')
    .argument('<agent>', 'id, number or name')
    .requiredOption('--at <time>', 'when: 2026-04-03T09:00:00+02:00, or without a zone in yours');
  withClientOptions(withFields(create)).action(async (agent: string, options: WriteOptions) => {
    await withServer(io, options, async (context) => {
      const agentId = await findAgentId(context.client, agent);
      const body = await bodyOf(options, io, [`"agent_id": ${JSON.stringify(agentId)}`]);
      await write(context, options, { method: 'POST', path: '/v1/schedules', body });
    });
  });

  const edit = schedules
    .command('edit')
    .description('change a scheduled run that has not started')
    .argument('<schedule>', 'its id or number')
    .option('--at <time>', 'when');
  withClientOptions(withFields(edit)).action(async (id: string, options: WriteOptions) => {
    await withServer(io, options, async (context) => {
      const path = `/v1/schedules/${encodeURIComponent(id)}`;
      await write(context, options, { method: 'PATCH', path, body: await bodyOf(options, io, []) });
    });
  });

  const cancel = schedules
    .command('cancel')
    .description('cancel a scheduled run that has not started')
    .argument('<schedule>', 'its id or number');
  withClientOptions(cancel).action(async (id: string, options: ClientOptions) => {
    await withServer(io, options, async (context) => {
      const path = `/v1/schedules/${encodeURIComponent(id)}/cancel`;
      await write(context, options, { method: 'POST', path });
    });
  });
}

function withFields(command: Command): Command {
  return command
    .option('--payload <json>', 'the payload: JSON, @file, or @- for standard input')
    .option('--entity <id>', 'what the run is about')
    .option('--instructions <text>', 'instructions for this run, beside the agent’s own');
}

async function listSchedules(
  { client, out, notes }: CommandContext,
  options: ListOptions,
): Promise<void> {
  const { status, limit, cursor } = options;
  const agent_id = await findAgentIdIfGiven(client, options.agent);
  const answer = await client.send<Many<ScheduleView>>({
    path: '/v1/schedules',
    query: { agent_id, status, limit, cursor },
  });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'No scheduled runs.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'STATUS', value: (row) => row.status },
      { title: 'FOR', value: (row) => localTime(row.scheduled_for) },
      { title: 'AGENT', value: (row) => row.agent_id },
      { title: 'OUTCOME', value: (row) => row.run_id ?? row.reason ?? '', shrinks: true },
    ],
  });
  noteMore(notes, answer.body.next_cursor);
}

async function write(
  { client, out }: CommandContext,
  options: ClientOptions,
  request: {
    readonly method: 'POST' | 'PATCH';
    readonly path: string;
    readonly body?: string;
  },
): Promise<void> {
  const answer = await client.send<One<ScheduleView>>(request);
  if (options.json) return out.line(answer.text);
  const { id, status, scheduled_for } = answer.body.data;
  out.line(sanitizedLine(`${status} ${id} ${scheduled_for}`));
  out.line(out.style.dim(`${localTime(scheduled_for)} here`));
}

/** JSON text, so that the payload keeps all the digits of its numbers. */
async function bodyOf(
  options: WriteOptions,
  io: CliIo,
  members: readonly string[],
): Promise<string> {
  const { at, payload, entity, instructions } = options;
  const given = [...members];
  if (at !== undefined) given.push(`"scheduled_for": ${JSON.stringify(timeOf(at))}`);
  if (payload !== undefined) given.push(`"payload": ${await readPayload(payload, io)}`);
  if (entity !== undefined) given.push(`"entity_id": ${JSON.stringify(entity)}`);
  if (instructions !== undefined) {
    given.push(`"additional_instructions": ${JSON.stringify(instructions)}`);
  }
  return `{${given.join(', ')}}`;
}

/** ISO 8601 with a zone; without one the machine's is meant. */
function timeOf(text: string): string {
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new CliError(`--at "${text}" is no time.`, {
    hint: 'Write it as 2026-04-03T09:00:00+02:00.',
  });
}
