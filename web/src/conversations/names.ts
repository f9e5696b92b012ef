import type { Conversation } from '../api/work-types.ts';

/** What to call somebody who may have told no name. */
export function nameOf(contact: {
  readonly first_name: string | null;
  readonly last_name: string | null;
}): string {
  return [contact.first_name, contact.last_name].filter(Boolean).join(' ') || 'Somebody unnamed';
}

export const states = [
  ['todo', 'To do'],
  ['follow_up', 'Follow up'],
  ['done', 'Done'],
] as const satisfies readonly (readonly [Conversation['state'], string])[];

export function stateName(state: Conversation['state']): string {
  return states.find(([value]) => value === state)?.[1] ?? state;
}
