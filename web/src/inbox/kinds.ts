import type { InboxKind, InboxSearch } from '../search.ts';
import { ApprovalView } from './ApprovalView.tsx';
import { EscalationView } from './EscalationView.tsx';
import { FieldDecisionView } from './FieldDecisionView.tsx';

/** What the inbox holds: how each kind is called, filtered and shown, and what is said where there is none. */
export const kinds = {
  escalations: {
    label: 'Escalations',
    mine: 'Assigned to me',
    View: EscalationView,
    nothing: 'Nobody waits for you',
    about:
      'What agents hand over comes here: replies of copilots, open questions, broken guardrails.',
  },
  approvals: {
    label: 'Approvals',
    mine: 'That name me',
    View: ApprovalView,
    nothing: 'Nothing waits for approval',
    about:
      'Calls of tools that need approval, and runs that ask before they begin or answer, come here.',
  },
  fields: {
    label: 'Field updates',
    mine: null,
    View: FieldDecisionView,
    nothing: 'Nothing is proposed',
    about:
      'What agents propose for fields of records comes here, and whom they would give a ticket to.',
  },
} as const satisfies Record<InboxKind, object>;

export const kindNames = Object.keys(kinds) as readonly InboxKind[];

/** The list of a kind, by the filters that there are. */
export function listOf(
  { item: _, show: _shown, ...kept }: InboxSearch,
  kind: InboxKind,
): InboxSearch {
  return kind === 'escalations' ? kept : { ...kept, show: kind };
}
