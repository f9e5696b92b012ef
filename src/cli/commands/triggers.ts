import type { Command } from 'commander';
import type { ApiClient, One } from '../api-client.ts';
import type { AgentView, CronView } from '../api-types.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { localTime } from '../figures.ts';
import { allOf, findAgentId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { registerTriggerEventsCommands } from './trigger-events.ts';

interface CronOptions extends ClientOptions {
  readonly timezone?: string;
}

interface ListOptions extends ClientOptions {
  readonly agent?: string;
}

/** `signalbox triggers …`: what triggers mean, and what they did. */
export function registerTriggersCommands(program: Command, io: CliIo): void {
  const triggers = program
    .command('triggers')
    .description('list and explain triggers, and what has fired');
  const list = triggers
    .command('list')
    .description('the triggers of all agents, or of one')
    .option('--agent <agent>', 'only of this agent: id, number or name');
  withClientOptions(list).action(async (options: ListOptions) => {
    await withServer(io, options, (context) => listTriggers(context, options));
  });
  registerTriggerEventsCommands(triggers, io);
  const cron = triggers
    .command('cron')
    .description('a cron expression in words, with its next five ticks')
    .argument('<expression>', 'five fields, or six with seconds first: "0 9 * * MON-FRI"')
    .option('--timezone <name>', 'IANA time zone such as Europe/Berlin (default UTC)');
  withClientOptions(cron).action(async (expression: string, options: CronOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const { timezone } = options;
      const answer = await client.send<One<CronView>>({
        method: 'POST',
        path: '/v1/triggers/cron/explain',
        body: JSON.stringify({ expression, ...(timezone !== undefined && { timezone }) }),
      });
      if (options.json) return out.line(answer.text);
      const { explanation, next_ticks } = answer.body.data;
      out.line(out.style.strong(sanitizedLine(explanation)));
      for (const tick of next_ticks) {
        out.line(`  ${sanitizedLine(tick)}  ${out.style.dim(`${localTime(tick)} here`)}`);
      }
    });
  });
}

async function listTriggers({ client, out }: CommandContext, options: ListOptions): Promise<void> {
  const agents =
    options.agent === undefined
      ? await allOf<AgentView>(client, '/v1/agents')
      : [await agentNamed(client, options.agent)];
  const rows = agents.flatMap(({ id, name, triggers }) =>
    triggers.map((trigger) => ({ ...trigger, agent_id: id, agent_name: name })),
  );
  if (options.json) return out.line(JSON.stringify({ data: rows }));
  printTable(out, {
    rows,
    empty: 'No triggers.',
    columns: [
      { title: 'TRIGGER', value: (row) => row.id },
      { title: 'TYPE', value: (row) => row.type },
      { title: 'NAME', value: (row) => row.name, shrinks: true },
      { title: 'AGENT', value: (row) => row.agent_name, shrinks: true },
      { title: 'ENABLED', value: (row) => (row.enabled ? 'yes' : 'no') },
    ],
  });
}

async function agentNamed(client: ApiClient, given: string): Promise<AgentView> {
  const path = `/v1/agents/${encodeURIComponent(await findAgentId(client, given))}`;
  return (await client.send<One<AgentView>>({ path })).body.data;
}
