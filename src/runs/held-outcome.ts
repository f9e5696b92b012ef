import type { RunOutcome } from '../core/run.ts';
import { askForOutcome } from './approvals.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { needsJudging } from './guardrails.ts';
import { planReply } from './plan-reply.ts';

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

/** Commits the entries, and what the outcome does now: the run ends with it, or its reply is planned first. */
export async function conclude(
  driven: DrivenRun,
  additions: readonly Addition[],
  outcome: RunOutcome,
): Promise<'again' | 'done'> {
  const plan = planReply(driven.run, outcome);
  if (plan.kind === 'none') {
    await driven.commit(additions, outcome);
    return 'done';
  }
  const { conversationId, readRev } = plan;
  const data = { conversationId, readRev, outcome };
  if (driven.run.dryRun) {
    await driven.commit([...additions, { type: 'delivery', state: 'planned', data }], outcome);
    return 'done';
  }
  await driven.commit([...additions, { type: 'delivery', state: 'started', data }]);
  return 'again';
}
