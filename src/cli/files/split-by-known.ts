import { asList } from './as-list.ts';
import type { Fields, FileObject } from './objects.ts';
import type { Sending } from './sending.ts';

/**
 * Objects of a kind may name one another in a circle. `now` names only those that are on the server by now: an agent
 * can do less for a moment, never more. `waiting` is what has to be written when all are there, or null.
 */
export function splitByKnown(
  { ids, folder }: Pick<Sending, 'ids' | 'folder'>,
  { kind }: Pick<FileObject, 'kind'>,
  fields: Fields,
): { readonly now: Fields; readonly waiting: Fields | null } {
  const isKnown = (key: string) => ids.has(key) || !folder.has(key);
  const known = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.filter((name) =>
        kind === 'model'
          ? isKnown(`model ${String(name)}`)
          : !String(name).startsWith('agent:') || isKnown(String(name).replace(':', ' ')),
      );
    }
    if (typeof value !== 'object' || value === null) return value;
    const { tools } = value as Fields;
    return { ...value, ...(Array.isArray(tools) && { tools: known(tools) }) };
  };
  const waiting = (naming[kind as keyof typeof naming] ?? []).filter((field) => {
    const given = fields[field];
    return countOf(known(given)) < countOf(given);
  });
  if (waiting.length === 0) return { now: fields, waiting: null };
  const of = (value: (field: string) => unknown) =>
    Object.fromEntries(waiting.map((field) => [field, value(field)]));
  return {
    now: { ...fields, ...of((field) => known(fields[field])) },
    waiting: of((field) => fields[field]),
  };
}

const naming = {
  agent: ['tools', 'tools_when_untrusted', 'approvals'],
  model: ['fallbacks'],
} as const;

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? asList((value as Fields).tools).length : 0;
}
