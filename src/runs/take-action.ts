import type { ExtractAction } from '../core/chain.ts';
import { ModelError } from '../core/model.ts';
import { isModelName } from '../core/model-entry.ts';
import { type Asking, modelFailed } from './ask-model.ts';
import type { Due } from './chain.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { whyNotExtracted } from './extraction.ts';
import { outputJsonSchema } from './finish.ts';
import { conclude, holdOutcome } from './held-outcome.ts';
import type { Next } from './next.ts';
import { spillIfLarge } from './spill.ts';

/** Commits what is due of a chain, where no model is asked for it. */
export async function takeAction(
  driven: DrivenRun,
  due: Exclude<Due, { kind: 'extract' }>,
): Promise<Next> {
  if (due.kind === 'commit') {
    await driven.commit(due.additions);
    return 'again';
  }
  const held = due.isDecision ? holdOutcome(driven, due.outcome, null) : null;
  if (held === null) return await conclude(driven, due.additions, due.outcome);
  await driven.commit([...due.additions, held]);
  return 'again';
}

/** Has a model fill the fields of an action, and commits its answer, or what it is to mend. */
export async function extract(asking: Asking, action: ExtractAction): Promise<Next> {
  const { deps, driven, signal, messages, model, lostEntries } = asking;
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    if (deps.mayStart?.() === false) return 'held';
    const answer = await deps.models.call({
      model,
      workspaceId: driven.run.workspaceId,
      messages,
      tools: [],
      responseSchema: outputJsonSchema(action.fields),
      signal,
      ...(deps.mayStart === undefined ? {} : { mayStart: deps.mayStart }),
    });
    const json = /\{[\s\S]*\}/.exec(answer.text)?.[0] ?? answer.text;
    const nudge =
      answer.finishReason === 'length'
        ? 'Your answer was cut at the output limit. Answer again, shorter.'
        : whyNotExtracted(action, json);
    const text = nudge === null ? json : answer.text;
    const step = driven.nextSeq + lostEntries.length;
    const spilled = await spillIfLarge(driven.spills, { step, text, signal: asking.givenUp });
    const done: Addition = {
      type: 'model',
      state: 'done',
      data: {
        model: answer.model ?? model,
        ...(isModelName(model) ? { alias: model } : {}),
        ...(answer.firstChunkMs === undefined ? {} : { firstChunkMs: answer.firstChunkMs }),
        text: spilled?.modelText ?? text,
        ...(spilled === null ? {} : { spilled: spilled.spilled }),
        reasoning: answer.reasoning,
        toolCalls: [],
        finishReason: answer.finishReason,
        usage: answer.usage,
        costUsd: answer.costUsd,
        failedAttempts: answer.failedAttempts,
        durationMs: elapsed(),
        nudge,
        action: action.id,
      },
    };
    await driven.commit([...lostEntries, done]);
    return 'again';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return await modelFailed(asking, error, { durationMs: elapsed(), type: 'model' });
  }
}
