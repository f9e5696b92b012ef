import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { AgentView } from '../api-types.ts';
import { wrapped } from '../columns.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import { findAgentId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

/** `signalbox agents list|get`. */
export function registerAgentsCommands(program: Command, io: CliIo): void {
  const agents = program.command('agents').description('list and read agents');
  const list = withPageOptions(agents.command('list').description('agents of the workspace'));
  withClientOptions(list).action(async (options: PageOptions) => {
    await withServer(io, options, async ({ client, out, notes }) => {
      const { limit, cursor } = options;
      const answer = await client.send<Many<AgentView>>({
        path: '/v1/agents',
        query: { limit, cursor },
      });
      if (options.json) return out.line(answer.text);
      printAgents(out, answer.body.data);
      noteMore(notes, answer.body.next_cursor);
    });
  });
  const get = agents
    .command('get')
    .description('an agent with its triggers')
    .argument('<agent>', 'id, number or unique name');
  withClientOptions(get).action(async (agent: string, options: ClientOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const id = await findAgentId(client, agent);
      const answer = await client.send<One<AgentView>>({
        path: `/v1/agents/${encodeURIComponent(id)}`,
      });
      if (options.json) return out.line(answer.text);
      printAgent(out, answer.body.data);
    });
  });
}

function printAgents(out: Terminal, agents: readonly AgentView[]): void {
  printTable(out, {
    rows: agents,
    empty: 'No agents.',
    columns: [
      { title: 'ID', value: (agent) => agent.id },
      { title: 'NAME', value: (agent) => agent.name, shrinks: true },
      { title: 'MODE', value: (agent) => (agent.enabled ? agent.operation_mode : 'disabled') },
      { title: 'MODEL', value: (agent) => agent.model ?? 'default' },
      { title: 'TRIGGERS', value: (agent) => agent.triggers.map(({ type }) => type).join(', ') },
      { title: 'CREATED', value: (agent) => localTime(agent.created_at) },
    ],
  });
}

function printAgent(out: Terminal, agent: AgentView): void {
  const { style } = out;
  out.line(`${style.strong(sanitizedLine(agent.name))}  ${style.dim(agent.id)}`);
  for (const line of wrapped(sanitized(agent.description), out.width)) out.line(line);
  out.line();
  const facts = {
    mode: agent.enabled ? agent.operation_mode : 'disabled',
    model: agent.model ?? 'default',
    version: String(agent.agent_version),
    tools: agent.tools?.join(', ') || 'those enabled globally',
  };
  for (const [name, value] of Object.entries(facts)) {
    out.line(`${style.dim(name.padEnd(9))}${sanitizedLine(value)}`);
  }
  out.line();
  printTable(out, {
    rows: agent.triggers,
    empty: 'No triggers.',
    columns: [
      { title: 'TRIGGER', value: (trigger) => trigger.id },
      { title: 'TYPE', value: (trigger) => trigger.type },
      { title: 'NAME', value: (trigger) => trigger.name, shrinks: true },
      { title: 'ENABLED', value: (trigger) => (trigger.enabled ? 'yes' : 'no') },
    ],
  });
}
