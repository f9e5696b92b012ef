import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { Many, One } from '../api-client.ts';
import type { KnowledgeNodeView } from '../api-types.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { sanitizedLine } from '../sanitized.ts';
import { unreadable } from '../unreadable.ts';

// Keeps the nodes of one source in step with a folder. What is there is known by its path (`source_id`) and what
// it says by its hash, so a sync that is repeated, or that broke off, sends only what is missing.

export interface SyncOptions {
  readonly workspace?: string;
  readonly source?: string;
  readonly into?: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

interface LocalFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

const readable = new Set(
  '.md .markdown .mdx .txt .text .html .htm .xhtml .pdf .docx .csv .tsv'.split(' '),
);
const maxBytes = 26_214_400;
/** Requests under way at once. */
const atOnce = 4;

export interface SyncCounts {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  failed: number;
}

/** Throws `CliError` when the folder is none. Files that the server refuses are told of and counted. */
export async function syncFolder(
  { client, notes }: CommandContext,
  folder: string,
  options: SyncOptions,
): Promise<SyncCounts> {
  const root = resolve(folder);
  if (!(await stat(root).catch(() => null))?.isDirectory()) {
    throw new CliError(`${folder} is no folder.`);
  }
  const source = options.source ?? sourceOf(root);
  const query = { workspace_id: options.workspace };
  const known = await listSource();
  const counts: SyncCounts = { added: 0, changed: 0, unchanged: 0, removed: 0, failed: 0 };
  const seen = new Set<string>();
  const directories = new Map<string, Promise<string | undefined>>();

  const say = (word: string, path: string) => notes.line(sanitizedLine(`${word} ${path}`));
  const waiting: Promise<void>[] = [];
  for await (const path of filesBelow(root, '')) {
    if (waiting.length >= atOnce) await waiting.shift();
    waiting.push(settle(path));
  }
  await Promise.all(waiting);
  if (options.prune === true) await removeGone();
  return counts;

  async function settle(path: string): Promise<void> {
    seen.add(path);
    try {
      const file = await readLocal(root, path).catch((cause: unknown) => {
        throw cause instanceof CliError ? cause : unreadable(path, cause);
      });
      const node = known.get(path);
      if (node?.file_sha256 === file.sha256) {
        counts.unchanged += 1;
        await directoryOf(path);
        return;
      }
      say(node === undefined ? 'add' : 'change', path);
      if (options.dryRun !== true) await send(file, node);
      counts[node === undefined ? 'added' : 'changed'] += 1;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      counts.failed += 1;
      notes.line(sanitizedLine(`failed ${path}: ${error.message}`));
    }
  }

  async function send(file: LocalFile, node: KnowledgeNodeView | undefined): Promise<void> {
    const { path, bytes: body } = file;
    const headers = { 'Content-Type': 'application/octet-stream' };
    const name = basename(path);
    if (node !== undefined) {
      const at = `/v1/kb/nodes/${node.id}/file`;
      await client.send({ method: 'PUT', path: at, query: { ...query, name }, body, headers });
      return;
    }
    const parent_id = await directoryOf(path);
    const given = { ...query, name, parent_id, source, source_id: path };
    await client.send({ method: 'POST', path: '/v1/kb/files', query: given, body, headers });
  }

  /** The node of the directory that the path is in, made with those above it where it is not there. */
  function directoryOf(path: string): Promise<string | undefined> {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return Promise.resolve(options.into);
    const directory = path.slice(0, slash);
    const id = `${directory}/`;
    seen.add(id);
    const before = directories.get(id);
    if (before !== undefined) return before;
    const made = makeDirectory(directory, id);
    directories.set(id, made);
    return made;
  }

  async function makeDirectory(directory: string, id: string): Promise<string | undefined> {
    const parent_id = await directoryOf(directory);
    const node = known.get(id);
    if (node !== undefined) return node.id;
    if (options.dryRun === true) return undefined;
    const title = basename(directory);
    const body = { title, is_directory: true, parent_id, source, source_id: id };
    const path = '/v1/kb/nodes';
    const answer = await client.send<One<KnowledgeNodeView>>({
      ...{ method: 'POST', path, query, body: JSON.stringify(body) },
    });
    return answer.body.data.id;
  }

  /** The deepest first, so that a directory is empty of what is ours when it goes. */
  async function removeGone(): Promise<void> {
    const gone = [...known].filter(([path]) => !seen.has(path));
    for (const [path, node] of gone.toSorted(([a], [b]) => b.length - a.length)) {
      say('remove', path);
      counts.removed += 1;
      if (options.dryRun === true) continue;
      await client.send({ method: 'DELETE', path: `/v1/kb/nodes/${node.id}`, query });
    }
  }

  async function listSource(): Promise<Map<string, KnowledgeNodeView>> {
    const nodes = new Map<string, KnowledgeNodeView>();
    let cursor: string | undefined;
    do {
      const body = JSON.stringify({ filters: { source }, pagination: { page_size: 100, cursor } });
      const answer = await client.send<Many<KnowledgeNodeView>>({
        ...{ method: 'POST', path: '/v1/kb/nodes/search', query, body },
      });
      for (const node of answer.body.data) nodes.set(node.source_id ?? '', node);
      cursor = answer.body.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return nodes;
  }
}

/** Paths below the folder with `/` between their parts, in order. Hidden ones are left out; links are not followed. */
async function* filesBelow(root: string, below: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else if (entry.isFile() && readable.has(extname(entry.name).toLowerCase())) yield path;
  }
}

async function readLocal(root: string, path: string): Promise<LocalFile> {
  const full = join(root, path);
  const { size } = await stat(full);
  if (size > maxBytes) throw new CliError(`it has more than ${maxBytes} bytes`);
  if (size === 0) throw new CliError('it is empty');
  const bytes = await readFile(full);
  return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function sourceOf(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-');
  return `folder-${name}`.slice(0, 50);
}
