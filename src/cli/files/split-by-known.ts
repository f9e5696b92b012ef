import { isDeepStrictEqual } from 'node:util';
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
  const isTool = (name: unknown) =>
    !String(name).startsWith('agent:') || isKnown(String(name).replace(':', ' '));
  const known = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.filter((name) =>
        kind === 'model' ? isKnown(`model ${String(name)}`) : isTool(name),
      );
    }
    if (typeof value !== 'object' || value === null) return value;
    const { tools } = value as Fields;
    return { ...value, ...(Array.isArray(tools) && { tools: known(tools) }) };
  };
  const knownOf = (field: string): unknown => {
    const given = fields[field];
    if (field !== 'actions') return known(given);
    return asList(given).every((action) => isTool((action as Fields).tool)) ? given : endsAtOnce;
  };
  const waiting = (naming[kind as keyof typeof naming] ?? []).filter(
    (field) => !isDeepStrictEqual(knownOf(field), fields[field]),
  );
  if (waiting.length === 0) return { now: fields, waiting: null };
  const of = (value: (field: string) => unknown) =>
    Object.fromEntries(waiting.map((field) => [field, value(field)]));
  return {
    now: { ...fields, ...of(knownOf) },
    waiting: of((field) => fields[field]),
  };
}

const naming = {
  agent: ['tools', 'tools_when_untrusted', 'approvals', 'actions'],
  model: ['fallbacks'],
} as const;

/** In place of a chain that cannot be yet: without one a model would decide. */
const endsAtOnce = [{ id: 'end', type: 'respond', disposition: 'no_op' }];
