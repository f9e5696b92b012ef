import { listenedNames } from '../core/event-name.ts';
import { compareAll, type FilterComparison } from '../core/filter.ts';
import { listAgentsByIds } from '../store/agents.ts';
import type { Queryable } from '../store/connect.ts';
import { findEventTriggers } from '../store/event-triggers.ts';
import { type FireDeps, fire } from './fire.ts';
import type { Candidate, FireResult, Firing } from './firing.ts';

/** Triggers that are held against one event at most; the oldest of those that listen to its name. */
const maxTriggersPerEvent = 500;

/**
 * Fires what listens to an event's name and has a filter that its payload passes; with `onlyAgentId` nothing of
 * other agents is looked at.
 */
export async function fireEvent(
  deps: FireDeps,
  event: Omit<Firing, 'candidates' | 'triggerId' | 'eventType'> & { readonly eventType: string },
  onlyAgentId: string | null = null,
): Promise<FireResult> {
  const candidates = await candidatesFor(deps.db, event, onlyAgentId);
  return await fire(deps, { ...event, triggerId: null, candidates });
}

async function candidatesFor(
  db: Queryable,
  event: Pick<Firing, 'workspaceId' | 'payloadJson' | 'entityId'> & { readonly eventType: string },
  onlyAgentId: string | null,
): Promise<readonly Candidate[]> {
  const { workspaceId, eventType, entityId = null } = event;
  const triggers = await findEventTriggers(db, {
    workspaceId,
    names: listenedNames(eventType),
    agentId: onlyAgentId,
    limit: maxTriggersPerEvent,
  });
  if (triggers.length === 0) return [];
  const payload: unknown = JSON.parse(event.payloadJson);
  const judged = triggers.map((trigger) => {
    const comparisons = compareAll(filterOf(trigger.config), payload);
    return { trigger, comparisons, matched: comparisons.every((one) => one.matched) };
  });
  const agentIds = judged.filter((one) => one.matched).map(({ trigger }) => trigger.agentId);
  const found = await listAgentsByIds(db, [workspaceId], [...new Set(agentIds)]);
  const agents = new Map(found.map((agent) => [agent.id, agent]));
  return judged.flatMap(({ trigger, comparisons, matched }): Candidate[] => {
    if (!matched) {
      return [{ agent: { id: trigger.agentId }, trigger, comparisons, matched }];
    }
    const agent = agents.get(trigger.agentId);
    // The agent as it was saved last; what was taken from it in the meantime listens no more.
    const current = agent?.triggers.find((one) => one.id === trigger.id);
    if (agent === undefined || current === undefined) return [];
    return [{ agent, trigger: current, comparisons, matched, entityId }];
  });
}

function filterOf(config: Readonly<Record<string, unknown>>): readonly FilterComparison[] {
  return Array.isArray(config.filter) ? (config.filter as FilterComparison[]) : [];
}
