import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { noteMore, type PageOptions, withPageOptions } from './page-options.ts';

interface MemoryView {
  readonly id: string;
  readonly agent_id: string | null;
  readonly entity_id: string | null;
  readonly content: string;
  readonly pinned: boolean;
  readonly run_id: string | null;
}

interface MemoryOptions extends PageOptions {
  readonly agent?: string;
  readonly entity?: string;
  readonly pinned?: boolean;
}

/** `signalbox memories list|add|rm`. */
export function registerMemoriesCommands(program: Command, io: CliIo): void {
  const memories = program.command('memories').description('what was noted for later runs');
  const list = withPageOptions(
    memories
      .command('list')
      .description('notes of the workspace, newest first')
      .argument('[words...]', 'any of these words')
      .option('--agent <agent>', 'of this agent: id or number')
      .option('--entity <id>', 'about this contact or entity')
      .option('--pinned', 'only pinned ones'),
  );
  withWorkspace(list).action((words: string[], options: MemoryOptions) =>
    withServer(io, options, async ({ client, out, notes }) => {
      const answer = await client.send<Many<MemoryView>>({
        path: '/v1/memories',
        query: {
          workspace_id: options.workspace,
          agent_id: options.agent,
          entity_id: options.entity,
          pinned: options.pinned === true ? 'true' : undefined,
          q: words.length === 0 ? undefined : words.join(' '),
          limit: options.limit,
          cursor: options.cursor,
        },
      });
      if (options.json) return out.line(answer.text);
      printTable(out, {
        rows: answer.body.data,
        empty: 'No memories.',
        columns: [
          { title: 'ID', value: (memory) => memory.id },
          { title: 'OF', value: (memory) => memory.agent_id ?? 'shared' },
          { title: 'ABOUT', value: (memory) => memory.entity_id ?? 'anything' },
          { title: 'PINNED', value: (memory) => (memory.pinned ? 'yes' : '') },
          { title: 'BY', value: (memory) => memory.run_id ?? 'a person' },
          { title: 'CONTENT', value: (memory) => memory.content, shrinks: true },
        ],
      });
      noteMore(notes, answer.body.next_cursor);
    }),
  );
  const add = memories
    .command('add')
    .description('note something for later runs')
    .argument('<content>')
    .option('--agent <agent>', 'for this agent alone: id or number')
    .option('--entity <id>', 'about this contact or entity')
    .option('--pinned', 'given to every run that it reaches');
  withWorkspace(add).action((content: string, options: MemoryOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const { workspace: workspace_id, agent: agent_id, entity: entity_id, pinned } = options;
      const answer = await client.send<One<MemoryView>>({
        method: 'POST',
        path: '/v1/memories',
        body: JSON.stringify({ workspace_id, agent_id, entity_id, content, pinned }),
      });
      out.line(options.json ? answer.text : sanitizedLine(`created ${answer.body.data.id}`));
    }),
  );
  const remove = memories
    .command('rm')
    .description('take a note away')
    .argument('<memory>', 'its id');
  withClientOptions(remove).action((id: string, options: ClientOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const path = `/v1/memories/${encodeURIComponent(id)}`;
      const answer = await client.send({ method: 'DELETE', path });
      out.line(options.json ? answer.text : sanitizedLine(`deleted ${id}`));
    }),
  );
}

function withWorkspace(command: Command): Command {
  return withClientOptions(command);
}
