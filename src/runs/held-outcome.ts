import type { RunOutcome } from '../core/run.ts';
import { askForOutcome } from './approvals.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { needsJudging } from './guardrails.ts';

// What a run decided does not always take effect at once: guardrails judge a reply, and people may have to
// let it. Each is a step of its own, whose entry holds the outcome, so that it outlives its process.

/** Through which of these the outcome has come; null: it has just been decided. */
export type Passed = null | 'guardrail' | 'approval';

/** What the outcome has to pass next; null: it takes effect. */
export function holdOutcome(
  driven: DrivenRun,
  outcome: RunOutcome,
  passed: Passed,
): Addition | null {
  if (outcome.status !== 'completed') return null;
  if (passed === null && needsJudging(driven, outcome)) {
    return { type: 'guardrail', state: 'started', data: { outcome } };
  }
  return passed === 'approval' ? null : askForOutcome(driven, outcome);
}

/** Commits the entries, and what the outcome does now that nothing holds it any more: the run ends with it. */
export async function conclude(
  driven: DrivenRun,
  additions: readonly Addition[],
  outcome: RunOutcome,
): Promise<'again' | 'done'> {
  await driven.commit(additions, outcome);
  return 'done';
}
