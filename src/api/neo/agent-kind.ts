import type { Agent, Trigger } from '../../core/agent.ts';

// The kinds of Neo's documentation, read off an agent's triggers, whether enabled or not.

export const agentStates = ['ENABLED', 'DISABLED'] as const;
export type AgentState = (typeof agentStates)[number];

export const triggerKinds = ['TRIGGERED', 'SCHEDULED', 'NONE'] as const;
export type TriggerKind = (typeof triggerKinds)[number];

export const autonomyKinds = ['CHAINED_ACTIONS', 'AGENTIC', 'CONVERSATIONAL'] as const;
export type AutonomyKind = (typeof autonomyKinds)[number];

export function stateOf(agent: Pick<Agent, 'enabled'>): AgentState {
  return agent.enabled ? 'ENABLED' : 'DISABLED';
}

/** A webhook or an event outweighs a schedule; messages alone, or nothing, are `NONE`. */
export function triggerKindOf(triggers: readonly Pick<Trigger, 'type'>[]): TriggerKind {
  const types = new Set(triggers.map((trigger) => trigger.type));
  if (types.has('webhook') || types.has('event')) return 'TRIGGERED';
  return types.has('cron') ? 'SCHEDULED' : 'NONE';
}
