import { createHash } from 'node:crypto';

// What a folder and a workspace both hold: objects by kind and name, each of named fields. Ids, versions and
// times are the server's and in no file.

export const kinds = ['tool', 'agent', 'test'] as const;
export type Kind = (typeof kinds)[number];

export type Fields = Readonly<Record<string, unknown>>;

export interface FileObject {
  readonly kind: Kind;
  readonly name: string;
  /** Of a test: the agent that it tests. */
  readonly agent: string | null;
  readonly fields: Fields;
}

/** An object of the server's, as it is there now. */
export interface ServerObject extends FileObject {
  readonly id: string;
  /** What changes with every change: an agent's version, else the time of the last one. */
  readonly mark: string;
  /** As the API shows it. */
  readonly shown: Fields;
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
