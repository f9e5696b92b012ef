// Names of events: parts between dots, such as `reservation.created`. A trigger may listen to all that begin
// with the same parts: `reservation.*` hears `reservation.created` and `reservation.payment.failed`, not
// `reservation`. There is no `*` alone, which would hear the end of the very runs it starts.

/** What our own resources tell. No caller can send events whose name begins like theirs. */
export const internalEventTypes = [
  'run.completed',
  'run.failed',
  'run.cancelled',
  'budget.warning',
  'budget.exceeded',
  'alert.firing',
  'alert.cleared',
  'approval.requested',
  'approval.decided',
  'approval.expired',
  'escalation.created',
  'conversation.created',
  'conversation.updated',
  'message.received',
  'message.sent',
  'record.created',
  'record.updated',
  'record.deleted',
] as const;
export type InternalEventType = (typeof internalEventTypes)[number];

const longestName = 200;
const name = /^[^\s\p{C}*"\\]+$/u;

/** Why a text is no event's name, to be read after the field's; null when it is one. */
export function whyNotEventName(text: string): string | null {
  if (text.length > longestName || !name.test(text)) {
    return `must be the name of an event such as reservation.created: 1 to ${longestName} characters without spaces, quotes, backslashes and *`;
  }
  return null;
}

/** The same for what a trigger listens to, which may end in `.*`. */
export function whyNotListenedName(text: string): string | null {
  const base = text.endsWith('.*') ? text.slice(0, -2) : text;
  if (text.length <= longestName && name.test(base)) return null;
  return 'must be the name of an event such as reservation.created, or the beginning of one such as reservation.*';
}

/** Why a caller may not send an event of this name; null when it may. */
export function whyReserved(type: string): string | null {
  const first = type.split('.', 1)[0];
  const isOurs = internalEventTypes.some((one) => one.split('.', 1)[0] === first);
  return isOurs ? `is a name of our own events (${first}.…); choose another` : null;
}

/** Everything that a trigger may listen to in order to hear an event of this name. */
export function listenedNames(type: string): string[] {
  const parts = type.split('.');
  const beginnings = parts
    .slice(0, -1)
    .map((_, index) => `${parts.slice(0, index + 1).join('.')}.*`);
  return [type, ...beginnings];
}
