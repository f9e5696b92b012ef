import { ApiError } from '../core/errors.ts';
import { requirePayload } from '../core/retention.ts';
import type { TriggerEvent } from '../core/trigger-event.ts';
import { listAgentsByIds } from '../store/agents.ts';
import {
  countTriggerEvents,
  listTriggerEvents,
  type TriggerEventFilter,
} from '../store/trigger-events.ts';
import { readVerdicts } from '../store/verdicts.ts';
import { type FireDeps, fire } from './fire.ts';
import { fireEvent } from './fire-event.ts';
import type { Candidate, FireResult, Firing } from './firing.ts';

// Firing again what has fired. A named event is held against all triggers as they are now, new ones
// included; what was one trigger's own (a tick, a webhook, a dispatch) fires that trigger as it is now. What
// keeps runs from happening twice for an entity, or at the same time, holds for a replay as well.

export interface ReplayRequest {
  /** Only triggers of this agent are looked at; null: all. */
  readonly agentId: string | null;
  /** A second replay of an event with the same key is a repeat. */
  readonly key: string | null;
  readonly traceparent: string | null;
}

/** Fires an event again. Throws `conflict` when none of its triggers is there any more. */
export async function replayEvent(
  deps: FireDeps,
  event: TriggerEvent,
  request: ReplayRequest,
): Promise<FireResult> {
  requirePayload(event.payloadJson, `trigger event ${event.id}`);
  const firing = {
    workspaceId: event.workspaceId,
    source: 'replay',
    payloadJson: event.payloadJson,
    onceKey: request.key === null ? null : `replay:${event.id}:${request.key}`,
    occurredAt: event.occurredAt ?? event.createdAt,
    entityId: event.entityId,
    causedByRunId: event.causedByRunId,
    depth: event.depth,
    replayOf: event.id,
    traceparent: request.traceparent,
  } as const satisfies Partial<Firing>;
  const { agentId } = request;
  if (event.type !== null) {
    return await fireEvent(deps, { ...firing, eventType: event.type }, agentId);
  }
  const candidates = await ownCandidates(deps, event, agentId);
  if (candidates.length === 0) {
    throw new ApiError(
      'conflict',
      `Trigger event ${event.id} cannot be replayed: ${agentId === null ? 'its trigger is' : 'a trigger of this agent is'} not there any more.`,
    );
  }
  return await fire(deps, { ...firing, eventType: null, triggerId: event.triggerId, candidates });
}

/** The triggers that the event was about, as they are now. */
async function ownCandidates(
  deps: FireDeps,
  event: TriggerEvent,
  agentId: string | null,
): Promise<readonly Candidate[]> {
  const verdicts = (await readVerdicts(deps.db, [event.id])).get(event.id) ?? [];
  const meant = verdicts.filter(({ agent }) => agentId === null || agent.id === agentId);
  const agents = await listAgentsByIds(
    deps.db,
    [event.workspaceId],
    [...new Set(meant.map(({ agent }) => agent.id))],
  );
  return meant.flatMap((verdict): Candidate[] => {
    const agent = agents.find((one) => one.id === verdict.agent.id);
    const trigger = agent?.triggers.find((one) => one.id === verdict.trigger?.id);
    if (agent === undefined || trigger === undefined) return [];
    return [{ agent, trigger, matched: true, comparisons: [], entityId: event.entityId }];
  });
}

/** Events that one request replays at most. */
export const maxReplayed = 500;

export type ReplayRange = Omit<TriggerEventFilter, 'agentId' | 'triggerId'>;

/** How many events a replay of the range would fire. Throws `unprocessable` when they are too many. */
export async function countReplay(deps: FireDeps, range: ReplayRange): Promise<number> {
  const count = await countTriggerEvents(deps.db, withoutReplays(range), maxReplayed + 1);
  if (count <= maxReplayed) return count;
  throw new ApiError(
    'unprocessable',
    `The range has more than the ${maxReplayed} trigger events that are replayed at once. Narrow it.`,
  );
}

export interface RangeReplay {
  readonly event: TriggerEvent;
  /** The refusal's sentence where it could not be fired. */
  readonly result: FireResult | string;
}

/** Replays a range, the oldest first. What cannot be replayed is left out, and told. */
export async function replayRange(
  deps: FireDeps,
  range: ReplayRange,
  request: ReplayRequest,
): Promise<readonly RangeReplay[]> {
  const page = { limit: maxReplayed, after: null };
  const { items } = await listTriggerEvents(deps.db, withoutReplays(range), page);
  const done: RangeReplay[] = [];
  for (const event of items.toReversed()) {
    try {
      done.push({ event, result: await replayEvent(deps, event, request) });
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem === 'unavailable') throw error;
      done.push({ event, result: error.message });
    }
  }
  return done;
}

/** A replay of replays would double what was replayed before, unless it is asked for. */
function withoutReplays(range: ReplayRange): ReplayRange {
  return range.source === undefined ? { ...range, withoutSource: 'replay' } : range;
}
