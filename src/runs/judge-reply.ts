import type { GuardrailJudged } from '../core/journal.ts';
import { ModelError } from '../core/model.ts';
import type { RunOutcome } from '../core/run.ts';
import { refusedFinish } from './answered-approvals.ts';
import { type Asking, modelFailed } from './ask-model.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import {
  earlierVerdicts,
  type OpenGuardrail,
  readVerdict,
  repairText,
  verdictJsonSchema,
  withheldOutcome,
} from './guardrails.ts';
import { conclude, holdOutcome } from './held-outcome.ts';
import type { Next } from './next.ts';

/** Has the reply judged, and commits the verdict with what it means for the run. */
export async function judgeReply(asking: Asking, open: OpenGuardrail): Promise<Next> {
  const { deps, driven, signal, messages, model, lostEntries } = asking;
  const { guardrails } = driven.definition;
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    if (deps.mayStart?.() === false) return 'held';
    const answer = await deps.models.call({
      model,
      workspaceId: driven.run.workspaceId,
      purpose: 'guardrail',
      messages,
      tools: [],
      responseSchema: verdictJsonSchema(guardrails),
      signal,
      ...(deps.mayStart === undefined ? {} : { mayStart: deps.mayStart }),
    });
    const violations =
      answer.finishReason === 'length' ? null : readVerdict(guardrails, answer.text);
    const judged: Omit<GuardrailJudged, 'modelText'> = {
      model: answer.model ?? model,
      reply: open.data.outcome.response ?? '',
      violations,
      usage: answer.usage,
      costUsd: answer.costUsd,
      failedAttempts: answer.failedAttempts,
      durationMs: elapsed(),
    };
    const { additions, outcome } = afterVerdict(driven, open, judged);
    const entries = [...lostEntries, ...additions];
    if (outcome !== null) return await conclude(driven, entries, outcome);
    await driven.commit(entries);
    return 'again';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return await modelFailed(asking, error, { durationMs: elapsed(), type: 'guardrail' });
  }
}

function afterVerdict(
  driven: DrivenRun,
  open: OpenGuardrail,
  judged: Omit<GuardrailJudged, 'modelText'>,
): { readonly additions: readonly Addition[]; readonly outcome: RunOutcome | null } {
  const { violations } = judged;
  const done = (modelText: string | null): Addition => ({
    type: 'guardrail',
    state: 'done',
    step: open.step,
    data: { ...judged, modelText },
  });
  if (violations === null) {
    return { additions: [done(null)], outcome: withheldOutcome(null) };
  }
  if (violations.length === 0) {
    const { outcome } = open.data;
    const held = holdOutcome(driven, outcome, 'guardrail');
    return held === null
      ? { additions: [done(null)], outcome }
      : { additions: [done(null), held], outcome: null };
  }
  const hasBroken = earlierVerdicts(driven.entries).some((one) => one.violations?.length !== 0);
  if (hasBroken) return { additions: [done(null)], outcome: withheldOutcome(violations) };
  const text = repairText(violations);
  const finish = refusedFinish(driven, open.step, text);
  return { additions: finish === null ? [done(text)] : [done(null), finish], outcome: null };
}
