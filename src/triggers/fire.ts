import { createHash } from 'node:crypto';
import type { RunConversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import type { Comparison } from '../core/filter.ts';
import { newId } from '../core/ids.ts';
import type { Admission } from '../runs/budget-gate.ts';
import { commitFiring } from '../runs/commit-firing.ts';
import type { DispatchDeps } from '../runs/dispatch.ts';
import { conversationIn } from '../runs/named-conversation.ts';
import { planRun, sessionIdOf } from '../runs/plan-run.ts';
import { readChainRates } from '../store/chain-rates.ts';
import type { FiringOutcome, NewEvent, NewRun, NewVerdict } from '../store/new-firing.ts';
import { getFiringByKey } from '../store/run-creator.ts';
import type { Candidate, FireResult, Firing, MatchedCandidate, Refusal } from './firing.ts';
import {
  chainRates,
  chainTooDeep,
  chainTooFast,
  maxChainDepth,
  maxRunsPerEvent,
  notOnceMore,
  overlapOf,
  overlaps,
  tooManyRuns,
  whyNotNow,
} from './refusals.ts';

// The one way in which anything but a hand starts runs. The event, a verdict on every trigger that was
// looked at, and all runs are one commit (I1); a second firing with the same `onceKey` writes nothing. What
// only the database can decide under concurrency (a key, an entity, an overlap) is decided in that commit.

export type FireDeps = DispatchDeps;

/**
 * Commits a firing, whether anything matches or not, and hands its runs to the engine. Throws `unavailable`
 * (it may or may not have been committed: repeat it with its key), or `unprocessable`.
 */
export async function fire(deps: FireDeps, firing: Firing): Promise<FireResult> {
  const event = eventOf(firing);
  const { runs, verdicts, counted } = await judge(deps, firing);
  const giveBack = (isMeant: (runId: string) => boolean) => {
    for (const [runId, budgets] of counted) if (isMeant(runId)) deps.budgets?.giveBack(budgets);
  };
  let outcome: FiringOutcome;
  try {
    outcome = await commitFiring(deps, { event, runs, verdicts, idempotency: null });
  } catch (error) {
    giveBack(() => true);
    throw error;
  }
  if (outcome.kind === 'repeated') {
    giveBack(() => true);
    return await firstOf(deps, firing);
  }
  const { skippedRuns } = outcome;
  giveBack((runId) => skippedRuns.has(runId));
  const fired = runs.filter((run) => !skippedRuns.has(run.id));
  return {
    kind: 'fired',
    triggerEventId: event.id,
    runs: fired.map(({ id, runId, agentId, triggerId }) => ({
      ...{ id, runId, agentId },
      triggerId: triggerId ?? '',
    })),
  };
}

function eventOf(firing: Firing): NewEvent {
  return {
    id: newId('triggerEvent'),
    workspaceId: firing.workspaceId,
    source: firing.source,
    type: firing.eventType,
    triggerId: firing.triggerId,
    payloadJson: firing.payloadJson,
    onceKey: storedKey(firing.onceKey),
    occurredAt: firing.occurredAt,
    entityId: indexable(firing.entityId ?? null),
    causedByRunId: firing.causedByRunId,
    depth: firing.depth,
    replayOf: firing.replayOf ?? null,
  };
}

/** What the first firing with the key caused. */
async function firstOf(deps: FireDeps, firing: Firing): Promise<FireResult> {
  const { workspaceId } = firing;
  const onceKey = storedKey(firing.onceKey);
  const first = onceKey === null ? null : await getFiringByKey(deps.db, { workspaceId, onceKey });
  if (first === null) {
    throw new ApiError('unavailable', 'The event was not stored. Try again.', { retryAfterS: 1 });
  }
  return { kind: 'repeated', triggerEventId: first.eventId, runs: first.runs };
}

interface Judged {
  readonly runs: NewRun[];
  readonly verdicts: NewVerdict[];
  /** By run, the budgets that counted it. */
  readonly counted: Map<string, readonly string[]>;
}

async function judge(deps: FireDeps, firing: Firing): Promise<Judged> {
  const judged: Judged = { runs: [], verdicts: [], counted: new Map() };
  try {
    await judgeCandidates(deps, firing, judged);
    return judged;
  } catch (error) {
    // Nothing is committed: the places and budgets that earlier candidates took are free again.
    for (const { id } of judged.runs) deps.engine.notCreated(id);
    for (const budgets of judged.counted.values()) deps.budgets?.giveBack(budgets);
    throw error;
  }
}

async function judgeCandidates(deps: FireDeps, firing: Firing, judged: Judged): Promise<void> {
  const { runs, verdicts, counted } = judged;
  const candidates = inOrder(firing.candidates);
  const whyNotInChain = await chainJudge(deps, firing);
  const isMatched = candidates.some((one) => one.matched);
  const sessionId = isMatched ? sessionIdOf(firing.payloadJson) : null;
  const { workspaceId, payloadJson } = firing;
  const conversation =
    firing.conversation ??
    (isMatched ? await conversationIn(deps.db, workspaceId, payloadJson) : null);
  let before: string | null = null;
  for (const candidate of candidates) {
    if (!candidate.matched) {
      verdicts.push(verdictOn(candidate, { verdict: 'not_matched' }));
      continue;
    }
    const tooMany = runs.length >= maxRunsPerEvent ? tooManyRuns : null;
    const refusal =
      candidate.refusal ?? whyNotNow(candidate) ?? tooMany ?? whyNotInChain(candidate.agent.id);
    const isOrdered = heedsOrder(candidate);
    const admission = refusal === null ? await admit(deps, candidate) : notAsked;
    const planned: NewRun | Refusal =
      refusal ??
      overBudget(admission) ??
      plan(deps, firing, {
        ...{ candidate, sessionId, conversation },
        heldAfter: isOrdered ? before : null,
      });
    if ('reason' in planned) {
      if (admission.refused === null) deps.budgets?.giveBack(admission.counted);
      verdicts.push(verdictOn(candidate, { verdict: 'refused', refusal: planned }));
      continue;
    }
    runs.push(planned);
    if (admission.refused === null) counted.set(planned.id, admission.counted);
    if (isOrdered) before = planned.id;
    verdicts.push(verdictOn(candidate, { verdict: 'ran', run: planned }));
  }
}

const notAsked: Admission = { refused: null, counted: [] };

async function admit(deps: FireDeps, { agent }: MatchedCandidate): Promise<Admission> {
  const { workspaceId, id: agentId } = agent;
  return (await deps.budgets?.admit({ workspaceId, agentId })) ?? notAsked;
}

function overBudget({ refused }: Admission): Refusal | null {
  return refused === null ? null : { reason: 'budget_exceeded', detail: refused };
}

/** The run of a candidate, or why it cannot be dispatched. */
function plan(
  deps: FireDeps,
  firing: Firing,
  given: {
    readonly candidate: MatchedCandidate;
    readonly sessionId: string | null;
    readonly conversation: RunConversation | null;
    readonly heldAfter: string | null;
  },
): NewRun | Refusal {
  const { candidate, heldAfter, conversation } = given;
  const { agent, trigger } = candidate;
  const entityId = indexable(candidate.entityId);
  const overlap = overlapOf(trigger);
  try {
    return planRun(deps, {
      ...{ agent, trigger, entityId, heldAfter, conversation },
      payloadJson: firing.payloadJson,
      additionalInstructions: null,
      traceparent: firing.traceparent ?? null,
      sessionId: candidate.sessionId ?? given.sessionId,
      concurrencyKey: candidate.concurrencyKey ?? (overlap === 'queue' ? trigger.id : null),
      oncePerEntity:
        agent.definition.run_only_once_per_entity && entityId !== null && overlap === 'allow',
      slot: overlap === 'skip' ? trigger.id : null,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { reason: 'not_dispatchable', detail: error.message };
  }
}

/** As many characters of a key as an index entry surely holds. */
const longestKey = 255;

/** A long key goes by its hash. */
function storedKey(key: string | null): string | null {
  if (key === null || key.length <= longestKey) return key;
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** What is too long to be looked up is no entity's id. */
function indexable(entityId: string | null): string | null {
  return entityId !== null && entityId.length <= longestKey && entityId !== '' ? entityId : null;
}

function verdictOn(
  candidate: Candidate,
  of: {
    readonly verdict: NewVerdict['verdict'];
    readonly refusal?: Refusal;
    readonly run?: NewRun;
  },
): NewVerdict {
  const { refusal, run } = of;
  const mayBeSkipped = run?.oncePerEntity === true || (run?.slot ?? null) !== null;
  return {
    agentId: candidate.agent.id,
    triggerId: candidate.trigger.id,
    verdict: of.verdict,
    reason: refusal?.reason ?? null,
    detail: refusal?.detail ?? null,
    skip: mayBeSkipped ? (run?.oncePerEntity === true ? notOnceMore : overlaps) : null,
    comparisonsJson: keptComparisons(candidate.comparisons),
    runId: run?.id ?? null,
  };
}

/** Characters of a verdict's comparisons: an event is held against hundreds of triggers. */
const longestComparisons = 8_000;

/** All comparisons where they are few; else those that decided, as many as there is room for. */
function keptComparisons(comparisons: readonly Comparison[]): string {
  const whole = JSON.stringify(comparisons);
  if (whole.length <= longestComparisons) return whole;
  const texts = comparisons
    .toSorted((a, b) => Number(a.matched) - Number(b.matched))
    .map((one) => JSON.stringify(one));
  let length = 2;
  const kept = texts.filter((text) => {
    length += text.length + 1;
    return length <= longestComparisons;
  });
  return `[${kept.join(',')}]`;
}

/** Says of an agent whether a chain may start one more run of it. */
async function chainJudge(
  deps: FireDeps,
  firing: Firing,
): Promise<(agentId: string) => Refusal | null> {
  if (firing.depth === 0) return () => null;
  if (firing.depth > maxChainDepth) return () => chainTooDeep;
  const matched = firing.candidates.filter((candidate) => candidate.matched);
  const agentIds = [...new Set(matched.map(({ agent }) => agent.id))];
  if (agentIds.length === 0) return () => null;
  const { workspaceId } = firing;
  const rates = await readChainRates(deps.db, { workspaceId, agentIds });
  let ofWorkspace = rates.workspace;
  const ofAgents = new Map(rates.agents);
  return (agentId) => {
    const ofAgent = ofAgents.get(agentId) ?? 0;
    if (ofAgent >= chainRates.agent) return chainTooFast('agent');
    if (ofWorkspace >= chainRates.workspace) return chainTooFast('workspace');
    ofAgents.set(agentId, ofAgent + 1);
    ofWorkspace += 1;
    return null;
  };
}

function heedsOrder({ agent }: MatchedCandidate): boolean {
  return !agent.definition.ignore_execution_order;
}

/** Those that heed the order among the matching agents, lower ones first; then the others as they came. */
function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  const place = (candidate: Candidate) =>
    candidate.matched && heedsOrder(candidate)
      ? (candidate.agent.definition.execution_order ?? Number.MAX_SAFE_INTEGER)
      : Number.POSITIVE_INFINITY;
  const places = new Map(candidates.map((candidate) => [candidate, place(candidate)]));
  return candidates.toSorted((a, b) => {
    const [first = 0, second = 0] = [places.get(a), places.get(b)];
    return first === second ? 0 : first - second;
  });
}
