import type { KeyboardEvent } from 'react';

// The keys of the inbox, as the page's help shows them.

export const inboxKeys = {
  next: ['j', 'The next item'],
  previous: ['k', 'The one before'],
  approve: ['a', 'To “Approve”, “Accept” or “Send as proposed”; Enter does it'],
  edit: ['e', 'To the reply, the note or another value, to write'],
  reject: ['r', 'To “Reject” or “Dismiss”; Enter does it'],
  changes: ['c', 'To “Ask for changes”; Enter does it'],
  take: ['t', 'Take the conversation over, or give it back'],
  mine: ['m', 'Assign it to yourself'],
  other: ['o', 'From escalations to approvals, to field updates, and back'],
  help: ['?', 'This list'],
} as const satisfies Record<string, readonly [key: string, label: string]>;

/** Puts the focus on what carries the name, so that a key alone decides nothing. */
export function focusOn(name: keyof typeof inboxKeys): void {
  document.querySelector<HTMLElement>(`[data-key-target="${name}"]`)?.focus();
}

/** Of a field: Escape gives the keys back to the page. */
export function leaveByEscape(event: KeyboardEvent<HTMLElement>): void {
  if (event.key === 'Escape') event.currentTarget.blur();
}
