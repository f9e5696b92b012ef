import { createHash } from 'node:crypto';

// What a folder and a workspace both hold: objects by kind and name, each of named fields. Ids, versions and
// times are the server's and in no file.

/** In the order in which they can be written: what others name comes first. */
export const kinds = ['model', 'channel', 'tool', 'skill', 'knowledge', 'agent', 'test'] as const;
export type Kind = (typeof kinds)[number];

/** The folder that objects of a kind are in; tests stand below their agents. */
export const homes = {
  model: 'models',
  channel: 'channels',
  tool: 'tools',
  skill: 'skills',
  knowledge: 'knowledge',
  agent: 'agents',
  test: 'agents',
} as const satisfies Record<Kind, string>;

export type Fields = Readonly<Record<string, unknown>>;

export interface FileObject {
  readonly kind: Kind;
  readonly name: string;
  /** Of a test: the agent that it tests. */
  readonly agent: string | null;
  readonly fields: Fields;
}

/** An object and where it is: its folder, its file, or what the names of its files begin with; relative. */
export interface PlacedObject extends FileObject {
  readonly place: string;
}

export type Folder = ReadonlyMap<string, PlacedObject>;

/** An object of the server's, as it is there now. */
export interface ServerObject extends FileObject {
  readonly id: string;
  /** What changes with every change of it. */
  readonly mark: string;
  /** As the API shows it. */
  readonly shown: Fields;
}

/** Whether a field that is missing is one that was taken away: a skill has the files that it has. */
export function hasAllFields(kind: Kind): boolean {
  return kind === 'skill';
}

/** Names an object in a folder, a workspace and the record between them. */
export function keyOf({ kind, name, agent }: Pick<FileObject, 'kind' | 'name' | 'agent'>): string {
  return agent === null ? `${kind} ${name}` : `${kind} ${agent} / ${name}`;
}

/** The same for equal values, whatever the order of their members. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(sorted(value)) ?? 'undefined';
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function isSame(a: unknown, b: unknown): boolean {
  return hashOf(a) === hashOf(b);
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
