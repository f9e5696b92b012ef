import type { ModelLost } from '../core/journal.ts';
import { type ModelClient, ModelError, type ModelMessage } from '../core/model.ts';
import { isModelName } from '../core/model-entry.ts';
import { readDecisions } from './answered-approvals.ts';
import {
  askForOutcome,
  askForStart,
  type OpenApproval,
  openApprovals,
  ownApproval,
  putToPeople,
  waitForPeople,
} from './approvals.ts';
import { awaitChildren, isChildCall, startChildren } from './child-runs.ts';
import { messagesOf } from './conversation.ts';
import { type Addition, type DrivenRun, RunLost } from './driven-run.ts';
import { capSentence, capsOf, hitCap, usedBy } from './limits.ts';
import { hasFallback, modelOf } from './model-chain.ts';
import { failedOutcome } from './outcome.ts';
import type { ProvisionalText } from './provisional-text.ts';
import { readAnswer } from './read-answer.ts';
import { spillIfLarge } from './spill.ts';
import { endCalls, openCalls, ownIntent } from './tool-calls.ts';
import { delayOver, openDelay, waitForModel } from './waits.ts';

// `advance` is the only way a run goes forward. It reads the journal, performs exactly one next step,
// commits it with what it causes (I2), and says what comes next. It knows nothing of who calls it.

export interface AdvanceDeps {
  readonly models: ModelClient;
  readonly now: () => Date;
  /**
   * Asked right before each model call and tool starts, since timers fire late after a freeze. False: this
   * process is not known to be alive any more; whoever answers so aborts what runs before it does.
   */
  readonly mayStart?: () => boolean;
  /** Told when runs were created that anybody may claim. */
  readonly onQueued?: () => void;
  /** Where a model's text is shown as it arrives (I2). */
  readonly texts?: Pick<ProvisionalText, 'open'>;
}

/**
 * `waiting`: the run gave itself up until a time or a decision, and is nobody's now. `lost`: somebody else owns the run or it has ended; stop. `aborted`: the signal fired; nothing was
 * written for the step it interrupted. `held`: nothing may start here now, and nothing was begun.
 */
export type Next = 'again' | 'done' | 'waiting' | 'lost' | 'aborted' | 'held';

/** One step. The signal stops the call in flight; the step is then not committed. */
export async function advance(
  deps: AdvanceDeps,
  driven: DrivenRun,
  signal: AbortSignal,
): Promise<Next> {
  if (signal.aborted) return 'aborted';
  try {
    return await nextStep(deps, driven, signal);
  } catch (error) {
    if (error instanceof RunLost) return 'lost';
    if (signal.aborted) return 'aborted';
    throw error;
  }
}

async function nextStep(deps: AdvanceDeps, driven: DrivenRun, signal: AbortSignal): Promise<Next> {
  const caps = capsOf(driven.definition, driven.run);
  const { elapsedMs } = usedBy(driven.run, driven.entries, deps.now().getTime());
  const timeLeft = AbortSignal.timeout(
    Math.max(1, Math.min(caps.timeoutMs - elapsedMs, 2 ** 31 - 1)),
  );
  const stepSignal = AbortSignal.any([signal, timeLeft]);

  const delay = openDelay(driven.entries);
  if (delay !== null) {
    await driven.commit([delayOver(delay)]);
    return 'again';
  }
  const open = openCalls(driven.entries);
  const asked = openApprovals(driven.entries);
  if ([...open, ...asked].some((entry) => entry.data.copied)) {
    // The intents of a fork's copy are another run's: its own are committed before a call starts (I5).
    await driven.commit([...open.map(ownIntent), ...asked.map(ownApproval)]);
    return 'again';
  }
  if (asked.length > 0) await putToPeople(driven, asked);
  const children = open.filter(isChildCall);
  if (children.length > 0) {
    if (deps.mayStart?.() === false) return 'held';
    const used = usedBy(driven.run, driven.entries, deps.now().getTime());
    await startChildren(driven, children, { caps, used });
    deps.onQueued?.();
  }
  const calls = open.filter((call) => !isChildCall(call));
  if (calls.length > 0) {
    await endCalls({
      driven,
      calls,
      signal: stepSignal,
      givenUp: signal,
      mayStart: deps.mayStart,
    });
    return signal.aborted ? 'aborted' : 'again';
  }

  const decided = asked.length === 0 ? null : await answersTo(driven, asked);
  if (decided !== null && decided.outcome === null) {
    await driven.commit(decided.additions);
    return 'again';
  }
  if (children.length > 0) {
    const leftMs = caps.timeoutMs - elapsedMs;
    const timeout = failedOutcome('timeout', capSentence('timeout', caps));
    const timeIsUp = leftMs <= 0 ? { additions: [], outcome: timeout } : null;
    const { additions = [], outcome = null } = decided ?? {};
    const over = outcome === null ? timeIsUp : { additions, outcome };
    return await awaitChildren(driven, children, { leftMs, over, signal });
  }
  if (decided !== null) {
    await driven.commit(decided.additions, decided.outcome);
    return 'done';
  }
  if (asked.length > 0) return await waitForPeople(driven);
  const start = askForStart(driven);
  if (start !== null) {
    await driven.commit([start]);
    return 'again';
  }

  const messages = messagesOf(driven.opening, driven.entries);
  const model = await modelOf(deps.models, driven);
  const lost = await lostCalls(deps, driven, { messages, model });
  const used = usedBy(driven.run, driven.entries, deps.now().getTime());
  const cap = hitCap(caps, {
    ...used,
    tokens: used.tokens + sum(lost.map((call) => call.estimatedInputTokens)),
    costUsd: addCosts(used.costUsd, lost),
  });
  const lostEntries = lost.map((data): Addition => ({ type: 'model', state: 'lost', data }));
  if (cap !== null) {
    await driven.commit(lostEntries, failedOutcome(cap, capSentence(cap, caps)));
    return 'done';
  }
  return await askModel({
    deps,
    driven,
    signal: stepSignal,
    givenUp: signal,
    messages,
    model,
    lostEntries,
  });
}

async function answersTo(driven: DrivenRun, asked: readonly OpenApproval[]) {
  const ids = asked.map(({ data }) => data.approvalId);
  return readDecisions(driven, asked, await driven.approvals.answers(driven.run.id, ids));
}

interface Asking {
  readonly deps: AdvanceDeps;
  readonly driven: DrivenRun;
  readonly signal: AbortSignal;
  /** Fired when the run was cancelled, lost or handed back, not when its time ran out. */
  readonly givenUp: AbortSignal;
  readonly messages: readonly ModelMessage[];
  readonly model: string;
  readonly lostEntries: readonly Addition[];
}

async function askModel(asking: Asking): Promise<Next> {
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
      messages,
      tools: driven.toolSpecs,
      signal,
      ...(deps.mayStart === undefined ? {} : { mayStart: deps.mayStart }),
      ...(text === undefined ? {} : { onText: text.onText }),
    });
    const modelSeq = driven.nextSeq + lostEntries.length;
    const read = readAnswer(driven, answer, { now: deps.now(), modelSeq });
    const held = read.outcome === null ? null : askForOutcome(driven, read.outcome);
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
    await driven.commit([...lostEntries, done, ...read.additions, ...asked], outcome);
    return outcome === null ? 'again' : 'done';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return await modelFailed(asking, error, elapsed());
  } finally {
    text?.close();
  }
}

async function modelFailed(asking: Asking, error: ModelError, durationMs: number): Promise<Next> {
  const { deps, driven, givenUp, model, lostEntries } = asking;
  if (givenUp.aborted) return 'aborted';
  const failed: Addition = {
    type: 'model',
    state: 'failed',
    data: {
      model,
      kind: error.kind,
      error: error.message,
      failedAttempts: error.failedAttempts,
      durationMs,
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
async function lostCalls(
  deps: AdvanceDeps,
  driven: DrivenRun,
  call: { readonly messages: readonly ModelMessage[]; readonly model: string },
): Promise<ModelLost[]> {
  if (driven.run.lostAttempts === 0) return [];
  const estimatedInputTokens = Math.ceil(
    sum(call.messages.map((message) => message.text.length)) / 4,
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

function addCosts(costUsd: number | null, lost: readonly ModelLost[]): number | null {
  return lost.reduce<number | null>(
    (total, call) =>
      total === null || call.estimatedCostUsd === null ? null : total + call.estimatedCostUsd,
    costUsd,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
