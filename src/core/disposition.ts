/** What a run decided. */
export const dispositions = [
  'escalated',
  'escalation_and_answer',
  'resolved',
  'unresolved',
  'no_op',
  'proactive',
] as const;
export type Disposition = (typeof dispositions)[number];
