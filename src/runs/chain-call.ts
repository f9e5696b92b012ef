import type { JournalEntry } from '../core/journal.ts';

const prefix = 'chain_';

/** The call of an action of a chain: it makes at most one. */
export function chainCallId(actionId: string): string {
  return `${prefix}${actionId}`;
}

/** Whether the entry is of a call that a chain made, and no model. */
export function isChainCall(entry: JournalEntry): boolean {
  if (entry.type === 'tool') return entry.data.callId.startsWith(prefix);
  if (entry.type !== 'approval' || entry.state !== 'started') return false;
  return entry.data.call?.callId.startsWith(prefix) === true;
}
