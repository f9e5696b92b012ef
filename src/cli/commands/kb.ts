import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Many, One } from '../api-client.ts';
import type { KnowledgeNodeView, KnowledgePassageView } from '../api-types.ts';
import { CliError } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { sanitized, sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { unreadable } from '../unreadable.ts';
import { type SyncOptions, syncFolder } from './kb-sync.ts';
import { type PageOptions, pageLimit, withPageOptions } from './page-options.ts';

interface KbOptions extends PageOptions {
  readonly source?: string;
  readonly below?: string;
  readonly status?: string;
  readonly entity?: readonly string[];
  readonly title?: string;
  readonly into?: string;
}

/** `signalbox kb list|get|add|rm|search|sync`: the knowledge that agents answer from. */
export function registerKbCommands(program: Command, io: CliIo): void {
  const kb = program.command('kb').description('the knowledge that agents answer from');
  const list = withPageOptions(
    kb
      .command('list')
      .description('nodes of the workspace, newest first')
      .option('--source <source>', 'only of this source')
      .option('--below <node>', 'only below this directory')
      .option('--status <status>', 'pending, processing, embedding, ready, failed or none'),
  );
  withKbOptions(list).action((options: KbOptions) =>
    withServer(io, options, (context) => listNodes(context, options)),
  );

  const get = kb.command('get').description('one node, with its body').argument('<node>', 'its id');
  withKbOptions(get).action((id: string, options: KbOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const answer = await client.send<One<KnowledgeNodeView>>({
        path: at(id),
        query: of(options),
      });
      if (options.json) return out.line(answer.text);
      const node = answer.body.data;
      out.line(sanitizedLine(`${node.title}  (${node.embed_status}, version ${node.version})`));
      if (node.embed_error !== null) out.line(sanitizedLine(node.embed_error));
      if (node.body !== null) out.line(`\n${sanitized(node.body)}`);
    }),
  );

  const add = kb
    .command('add')
    .description('a node of a file, or of a web page')
    .argument('<file or url>', 'Markdown, text, HTML, PDF, DOCX, CSV, or https://…')
    .option('--title <title>', 'default: the file’s name, or the page’s own')
    .option('--into <node>', 'the directory that it goes into')
    .option('--entity <id...>', 'what it is about');
  withKbOptions(add).action((what: string, options: KbOptions) =>
    withServer(io, options, (context) => addNode(context, what, options)),
  );

  const remove = kb
    .command('rm')
    .description('delete a node and all below it')
    .argument('<node>', 'its id');
  withKbOptions(remove).action((id: string, options: KbOptions) =>
    withServer(io, options, async ({ client, out }) => {
      const answer = await client.send({ method: 'DELETE', path: at(id), query: of(options) });
      out.line(options.json ? answer.text : sanitizedLine(`deleted ${id}`));
    }),
  );

  const search = kb
    .command('search')
    .description('the passages that answer a question, best first')
    .argument('<question...>')
    .option('--entity <id...>', 'only of nodes that are about any of these')
    .option('--limit <count>', 'how many, 1 to 50 (default 5)', pageLimit);
  withKbOptions(search).action((words: string[], options: KbOptions) =>
    withServer(io, options, (context) => searchNodes(context, words.join(' '), options)),
  );

  const sync = kb
    .command('sync')
    .description('keep nodes in step with the files of a folder')
    .argument('<folder>')
    .option('--into <node>', 'the directory that they go into')
    .option('--source <source>', 'what they are known by (default folder-<name>)')
    .option('--prune', 'delete nodes of the source whose files are gone')
    .option('--dry-run', 'only say what would be done');
  withKbOptions(sync).action((folder: string, options: SyncOptions & ClientOptions) =>
    withServer(io, options, async (context) => {
      const counts = await syncFolder(context, folder, options);
      if (options.json) context.out.line(JSON.stringify(counts));
      else {
        const { added, changed, unchanged, removed, failed } = counts;
        const would = options.dryRun === true ? ' (nothing was sent)' : '';
        context.out.line(
          `${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed, ${failed} failed${would}`,
        );
      }
      if (counts.failed > 0) throw new CliError(`${counts.failed} files were not sent.`);
    }),
  );
}

function withKbOptions(command: Command): Command {
  return withClientOptions(command);
}

function at(id: string): string {
  return `/v1/kb/nodes/${encodeURIComponent(id)}`;
}

function of({ workspace }: KbOptions): { readonly workspace_id: string | undefined } {
  return { workspace_id: workspace };
}

async function listNodes(context: CommandContext, options: KbOptions): Promise<void> {
  const { client, out, notes } = context;
  const { source, below, status, limit, cursor } = options;
  const answer = await client.send<Many<KnowledgeNodeView> & { readonly total_count: number }>({
    method: 'POST',
    path: '/v1/kb/nodes/search',
    query: of(options),
    body: JSON.stringify({
      filters: { source, ancestor_id: below, embed_status: status },
      pagination: { page_size: limit, cursor },
    }),
  });
  if (options.json) return out.line(answer.text);
  printTable(out, {
    rows: answer.body.data,
    empty: 'No knowledge.',
    columns: [
      { title: 'ID', value: (row) => row.id },
      { title: 'TYPE', value: (row) => row.source_type },
      { title: 'STATUS', value: (row) => row.embed_status },
      { title: 'CHUNKS', value: (row) => String(row.chunk_count) },
      { title: 'TITLE', value: (row) => row.title, shrinks: true },
    ],
  });
  for (const { title, embed_error } of answer.body.data) {
    if (embed_error !== null) notes.line(sanitizedLine(`${title}: ${embed_error}`));
  }
  const next = answer.body.next_cursor;
  if (next !== null) {
    notes.line(notes.style.dim(`${answer.body.total_count} in all: --cursor ${next}`));
  }
}

async function addNode(
  { client, out }: CommandContext,
  what: string,
  options: KbOptions,
): Promise<void> {
  const { title, into, entity } = options;
  const isPage = /^https?:\/\//.test(what);
  const answer = isPage
    ? await client.send<One<KnowledgeNodeView>>({
        method: 'POST',
        path: '/v1/kb/pages',
        query: of(options),
        body: JSON.stringify({ url: what, title, parent_id: into, entity_ids: entity }),
      })
    : await client.send<One<KnowledgeNodeView>>({
        method: 'POST',
        path: '/v1/kb/files',
        query: {
          ...of(options),
          name: basename(what),
          title,
          parent_id: into,
          entity_ids: entity?.join(','),
        },
        body: await readGiven(what),
        headers: { 'Content-Type': 'application/octet-stream' },
      });
  if (options.json) return out.line(answer.text);
  out.line(sanitizedLine(`added ${answer.body.data.id} ${answer.body.data.title}`));
}

async function readGiven(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function searchNodes(
  { client, out }: CommandContext,
  question: string,
  options: KbOptions,
): Promise<void> {
  const answer = await client.send<One<readonly KnowledgePassageView[]>>({
    method: 'POST',
    path: '/v1/kb/search',
    query: of(options),
    body: JSON.stringify({
      query: question,
      max_results: options.limit ?? 5,
      entity_ids: options.entity,
    }),
  });
  if (options.json) return out.line(answer.text);
  if (answer.body.data.length === 0) return out.line('Nothing found.');
  for (const passage of answer.body.data) {
    const score = passage.relevance_score.toFixed(2);
    out.line(out.style.strong(sanitizedLine(`${passage.context}  ${score}`)));
    out.line(out.style.dim(sanitizedLine(`${passage.node_id} ${passage.url ?? ''}`)));
    out.line(`${sanitized(passage.chunk_text)}\n`);
  }
}
