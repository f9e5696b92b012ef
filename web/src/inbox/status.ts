import type { Approval, Escalation, FieldDecision } from '../api/work-types.ts';

/** How an item was decided, in words. Null while somebody is waited for. */
export function decidedAs(item: Approval | Escalation | FieldDecision): string | null {
  const { status } = item;
  return status === 'pending' || status === 'proposed' ? null : status.replaceAll('_', ' ');
}
