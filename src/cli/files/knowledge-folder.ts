import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { unreadable } from '../unreadable.ts';
import { type Fields, homes, type PlacedObject } from './objects.ts';
import { isMissing, readIfThere } from './read-files.ts';
import { fromYaml } from './yaml-text.ts';

// Knowledge as files: a text is a file, a directory a directory, and what neither says is in a YAML beside it.
// Nodes are known by the titles on the way to them.

export const textEndings = { markdown: '.md', text: '.txt' } as const;

/** What a node is called in a folder: the titles of its directories, then its own. */
export function nodeName(above: string | null, title: string): string {
  return above === null ? title : `${above} / ${title}`;
}

/** The name of the directory that a node is in; null for one that is in none. */
export function nameAbove(name: string, title: unknown): string | null {
  return name === title ? null : name.slice(0, -` / ${String(title)}`.length);
}

export async function readKnowledgeFolder(root: string): Promise<PlacedObject[]> {
  return await readBelow(root, { place: homes.knowledge, above: null });
}

interface Below {
  /** Of the directory, relative to the root. */
  readonly place: string;
  /** Its node's name; null for the uppermost. */
  readonly above: string | null;
}

async function readBelow(root: string, below: Below): Promise<PlacedObject[]> {
  const found: PlacedObject[] = [];
  for (const [stem, endings] of await stemsIn(join(root, below.place))) {
    const place = join(below.place, stem);
    const file = join(root, `${place}.yaml`);
    const given = endings.has('.yaml') ? fromYaml((await readIfThere(file)) ?? '', file) : {};
    const fields: Fields = { ...given, ...(await contentOf(root, place, { endings, given })) };
    const title = typeof fields.title === 'string' && fields.title !== '' ? fields.title : stem;
    const name = nodeName(below.above, title);
    found.push({ kind: 'knowledge', agent: null, name, fields: { ...fields, title }, place });
    if (endings.has('/')) found.push(...(await readBelow(root, { place, above: name })));
  }
  return found;
}

/** What the files say themselves. Throws `CliError` where they are none or too many. */
async function contentOf(
  root: string,
  place: string,
  { endings, given }: { readonly endings: ReadonlySet<string>; readonly given: Fields },
): Promise<Fields> {
  const contents = [...endings].filter((ending) => ending !== '.yaml');
  const isNamed = given.is_directory === true || typeof given.url === 'string';
  if (contents.length > 1) {
    const named = contents.map((ending) => `${place}${ending}`).join(' and ');
    throw new CliError(`${named} are one node: rename one of them.`);
  }
  const [ending] = contents;
  if (ending === '/') return { is_directory: true };
  if (ending === undefined) {
    if (isNamed) return {};
    throw new CliError(`${place}.yaml has no text: ${place}.md or ${place}.txt is missing.`);
  }
  const body = (await readIfThere(join(root, `${place}${ending}`))) ?? '';
  if (ending === textEndings.text) return { body, source_type: 'text' };
  const [, heading] = /^\s*# +(.+?)\s*$/m.exec(body.slice(0, 1_000)) ?? [];
  const title = given.title ?? heading;
  return { body, source_type: 'markdown', ...(title !== undefined && { title }) };
}

/** What names of files begin with → how they end: `.md`, `.txt`, `.yaml`, or `/` for a directory. */
async function stemsIn(folder: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const stems = new Map<string, Set<string>>();
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw unreadable(folder, error);
  });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const [, stem, ending] = /^(.+)(\.(?:md|txt|yaml))$/.exec(entry.name) ?? [];
    const [name, end] = entry.isDirectory() ? [entry.name, '/'] : [stem, ending];
    if (name === undefined || end === undefined) continue;
    stems.set(name, (stems.get(name) ?? new Set()).add(end));
  }
  return stems;
}
