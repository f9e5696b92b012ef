import type { ModelLost } from '../core/journal.ts';
import { timeLimit } from '../core/time-limit.ts';
import { readDecisions } from './answered-approvals.ts';
import {
  askForStart,
  type OpenApproval,
  openApprovals,
  ownApproval,
  putToPeople,
  waitForPeople,
} from './approvals.ts';
import { askModel, lostCalls } from './ask-model.ts';
import { dueInChain } from './chain.ts';
import { awaitChildren, isChildCall, startChildren } from './child-runs.ts';
import { messagesOf } from './conversation.ts';
import { type Addition, type DrivenRun, RunLost } from './driven-run.ts';
import { judgeMessages, openGuardrail } from './guardrails.ts';
import { conclude } from './held-outcome.ts';
import { judgeReply } from './judge-reply.ts';
import { capSentence, capsOf, hitCap, usedBy } from './limits.ts';
import { modelOf } from './model-chain.ts';
import type { AdvanceDeps, Next } from './next.ts';
import { failedOutcome } from './outcome.ts';
import { endIfLate, nextOfReply, openReply } from './reply.ts';
import { contextEntry } from './run-context.ts';
import { filesOfSteps } from './step-files.ts';
import { extract, takeAction } from './take-action.ts';
import { endCalls, openCalls, ownIntent } from './tool-calls.ts';
import { delayOver, openDelay } from './waits.ts';

// `advance` is the only way a run goes forward. It reads the journal, performs exactly one next step,
// commits it with what it causes (I2), and says what comes next. It knows nothing of who calls it.

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
  using timeLeft = timeLimit(caps.timeoutMs - elapsedMs, signal);
  const stepSignal = timeLeft.signal;

  const late = await endIfLate(driven);
  if (late !== null) return late;
  const { newContext } = driven;
  if (newContext !== null) {
    await driven.commit([contextEntry(newContext)]);
    return 'again';
  }
  const reply = openReply(driven.entries);
  if (reply !== null) {
    return await nextOfReply(driven, reply, {
      ...{ now: deps.now(), mayStart: deps.mayStart, signal },
    });
  }
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
  if (decided !== null && decided.outcome !== null) {
    return await conclude(driven, decided.additions, decided.outcome);
  }
  if (asked.length > 0) return await waitForPeople(driven);
  const start = askForStart(driven);
  if (start !== null) {
    await driven.commit([start]);
    return 'again';
  }

  const judging = openGuardrail(driven.entries);
  const { actions } = driven.definition;
  const due =
    judging === null && actions !== null ? await dueInChain(driven, actions, deps.now()) : null;
  if (due !== null && due.kind !== 'extract') {
    const used = usedBy(driven.run, driven.entries, deps.now().getTime());
    const cap = due.kind === 'commit' ? hitCap(caps, used) : null;
    if (cap === null) return await takeAction(driven, due);
    await driven.commit([], failedOutcome(cap, capSentence(cap, caps)));
    return 'done';
  }
  const messages =
    judging !== null
      ? judgeMessages(driven, judging.data.outcome)
      : (due?.messages ?? messagesOf(driven.opening, driven.entries, await filesOfSteps(driven)));
  const model = await modelOf(deps.models, driven);
  const lost = await lostCalls(deps, driven, { messages, model });
  const used = usedBy(driven.run, driven.entries, deps.now().getTime());
  const cap = hitCap(caps, {
    ...used,
    tokens: used.tokens + sum(lost.map((call) => call.estimatedInputTokens)),
    costUsd: addCosts(used.costUsd, lost),
  });
  const type = judging === null ? 'model' : 'guardrail';
  const lostEntries = lost.map((data): Addition => ({ type, state: 'lost', data }));
  if (cap !== null) {
    await driven.commit(lostEntries, failedOutcome(cap, capSentence(cap, caps)));
    return 'done';
  }
  const asking = {
    deps,
    driven,
    signal: stepSignal,
    givenUp: signal,
    messages,
    model,
    lostEntries,
  };
  if (judging !== null) return await judgeReply(asking, judging);
  return due === null ? await askModel(asking) : await extract(asking, due.action);
}

async function answersTo(driven: DrivenRun, asked: readonly OpenApproval[]) {
  const ids = asked.map(({ data }) => data.approvalId);
  return readDecisions(driven, asked, await driven.approvals.answers(driven.run.id, ids));
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
