import type { ModelLost } from '../core/journal.ts';
import { ModelError, type ModelMessage } from '../core/model.ts';
import { isModelName } from '../core/model-entry.ts';
import { logFields } from '../core/trace-context.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { conclude, holdOutcome } from './held-outcome.ts';
import { capSentence, capsOf } from './limits.ts';
import { hasFallback } from './model-chain.ts';
import type { AdvanceDeps, Next } from './next.ts';
import { failedOutcome } from './outcome.ts';
import { readAnswer } from './read-answer.ts';
import { spillIfLarge } from './spill.ts';
import { waitForModel } from './waits.ts';

// One call of a model, and what becomes of it.

export interface Asking {
  readonly deps: AdvanceDeps;
  readonly driven: DrivenRun;
  readonly signal: AbortSignal;
  /** Fired when the run was cancelled, lost or handed back, not when its time ran out. */
  readonly givenUp: AbortSignal;
  readonly messages: readonly ModelMessage[];
  readonly model: string;
  readonly lostEntries: readonly Addition[];
}

/** Asks the run's model for the next step, and commits its answer with what that means. */
export async function askModel(asking: Asking): Promise<Next> {
  const { deps, driven, signal, messages, model, lostEntries } = asking;
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const { id: runId, epoch } = driven.run;
  const text = deps.texts?.open({ runId, epoch, seq: driven.nextSeq });
  try {
    if (deps.mayStart?.() === false) return 'held';
    const answer = await deps.models.call({
      model,
      workspaceId: driven.run.workspaceId,
      labels: logFields(driven.run),
      messages,
      tools: driven.toolSpecs,
      signal,
      ...(deps.mayStart === undefined ? {} : { mayStart: deps.mayStart }),
      ...(text === undefined ? {} : { onText: text.onText }),
    });
    const modelSeq = driven.nextSeq + lostEntries.length;
    const read = readAnswer(driven, answer, { now: deps.now(), modelSeq });
    const held = read.outcome === null ? null : holdOutcome(driven, read.outcome, null);
    const outcome =
      read.outcome === null || held !== null
        ? null
        : checkedOutcome(asking, read.outcome, answer.text);
    // Its provider's own form of a spilled answer holds all of the text, so it is let go.
    const spilled = await spillIfLarge(driven.spills, {
      step: modelSeq,
      text: answer.text,
      signal: asking.givenUp,
    });
    const providerData = spilled === null ? answer.providerData : undefined;
    const done: Addition = {
      type: 'model',
      state: 'done',
      data: {
        model: answer.model ?? model,
        ...(isModelName(model) ? { alias: model } : {}),
        ...(answer.firstChunkMs === undefined ? {} : { firstChunkMs: answer.firstChunkMs }),
        text: spilled?.modelText ?? answer.text,
        ...(spilled === null ? {} : { spilled: spilled.spilled }),
        reasoning: answer.reasoning,
        toolCalls: read.toolCalls,
        finishReason: answer.finishReason,
        usage: answer.usage,
        costUsd: answer.costUsd,
        failedAttempts: answer.failedAttempts,
        durationMs: elapsed(),
        ...(providerData === undefined ? {} : { providerData }),
        nudge: read.nudge,
      },
    };
    const asked = held === null ? [] : [held];
    const additions = [...lostEntries, done, ...read.additions, ...asked];
    if (outcome !== null) return await conclude(driven, additions, outcome);
    await driven.commit(additions);
    return 'again';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return await modelFailed(asking, error, { durationMs: elapsed(), type: 'model' });
  } finally {
    text?.close();
  }
}

/** What becomes of a call that failed for good: another model is asked, the run waits, or it fails. */
export async function modelFailed(
  asking: Asking,
  error: ModelError,
  call: { readonly durationMs: number; readonly type: 'model' | 'guardrail' },
): Promise<Next> {
  const { deps, driven, givenUp, model, lostEntries } = asking;
  if (givenUp.aborted) return 'aborted';
  const failed: Addition = {
    type: call.type,
    state: 'failed',
    data: {
      model,
      kind: error.kind,
      error: error.message,
      failedAttempts: error.failedAttempts,
      durationMs: call.durationMs,
    },
  };
  const additions = [...lostEntries, failed];
  const caps = capsOf(driven.definition, driven.run);
  if (error.kind === 'aborted') {
    await driven.commit(additions, failedOutcome('timeout', capSentence('timeout', caps)));
    return 'done';
  }
  if (await hasFallback(deps.models, driven, { model, kind: error.kind })) {
    await driven.commit(additions);
    return 'again';
  }
  const wait = waitForModel(driven, error, deps.now());
  if (wait !== null) {
    await driven.wait([...additions, wait.step], wait.forMs);
    return 'waiting';
  }
  await driven.commit(additions, failedOutcome('failed', error.message));
  return 'done';
}

/** A scripted model's answers must all have been used when a run ends well. */
function checkedOutcome(
  asking: Asking,
  outcome: NonNullable<ReturnType<typeof readAnswer>['outcome']>,
  text: string,
): typeof outcome {
  if (outcome.status !== 'completed') return outcome;
  const problem = asking.deps.models.whyIncomplete({
    model: asking.model,
    messages: [...asking.messages, { role: 'assistant', text, toolCalls: [] }],
  });
  return problem === null ? outcome : failedOutcome('failed', problem);
}

/** I4: owners that died while this model call was due may each have made it; they count as lost calls. */
export async function lostCalls(
  deps: AdvanceDeps,
  driven: DrivenRun,
  call: { readonly messages: readonly ModelMessage[]; readonly model: string },
): Promise<ModelLost[]> {
  if (driven.run.lostAttempts === 0) return [];
  const estimatedInputTokens = Math.ceil(
    call.messages.reduce((total, message) => total + message.text.length, 0) / 4,
  );
  const usage = {
    inputTokens: estimatedInputTokens,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
  };
  const { models } = deps;
  const estimatedCostUsd =
    models.registry === undefined
      ? models.cost(call.model, usage)
      : await models.registry.costOf(driven.run.workspaceId, call.model, usage);
  const lost: ModelLost = { model: call.model, estimatedInputTokens, estimatedCostUsd };
  return Array.from({ length: driven.run.lostAttempts }, () => lost);
}
