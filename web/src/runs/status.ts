import type { RunRow } from '../api/types.ts';
import type { Tone } from '../ui/Badge.tsx';

export const dispositionNames: Readonly<Record<NonNullable<RunRow['disposition']>, string>> = {
  resolved: 'Resolved',
  escalated: 'Escalated',
  escalation_and_answer: 'Escalated with an answer',
  unresolved: 'Unresolved',
  no_op: 'Nothing to do',
  proactive: 'Wrote first',
};

const stopNames: Readonly<Record<NonNullable<RunRow['stop_reason']>, string>> = {
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  max_steps: 'Step limit hit',
  max_tokens: 'Token limit hit',
  max_cost: 'Cost limit hit',
  timeout: 'Out of time',
  poison: 'Poisoned',
  interrupted: 'Interrupted',
};

type Outcome = Pick<RunRow, 'status' | 'disposition' | 'stop_reason'>;

/** The one word for where a run stands. */
export function outcomeOf(run: Outcome): string {
  if (run.status === 'accepted') return 'Queued';
  if (run.status === 'running') return 'Running';
  if (run.status === 'failed') return stopNames[run.stop_reason ?? 'failed'];
  return run.disposition === null ? 'Completed' : dispositionNames[run.disposition];
}

export function toneOf(run: Outcome): Tone {
  if (run.status === 'accepted') return 'plain';
  if (run.status === 'running') return 'live';
  if (run.status === 'failed') return run.stop_reason === 'cancelled' ? 'plain' : 'bad';
  return run.disposition === 'resolved' || run.disposition === 'proactive'
    ? 'good'
    : run.disposition === 'no_op'
      ? 'plain'
      : 'warn';
}

export function isEnded(run: Pick<RunRow, 'status'>): boolean {
  return run.status === 'completed' || run.status === 'failed';
}
