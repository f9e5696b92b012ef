import type { Trigger } from '../core/agent.ts';
import type { MatchedCandidate, Refusal } from './firing.ts';

// Why a trigger that matches starts nothing. The reasons are part of the API.

/** A chain of agents that fire agents ends here. */
export const maxChainDepth = 8;
/** Runs that chains may start in a minute. */
export const chainRates = { agent: 60, workspace: 600 } as const;
/** Runs that one event may start. */
export const maxRunsPerEvent = 100;

/** What speaks against a candidate whatever else fires. */
export function whyNotNow({ agent, trigger }: MatchedCandidate): Refusal | null {
  if (!agent.enabled) return { reason: 'agent_disabled', detail: 'The agent is disabled.' };
  if (agent.definition.operation_mode === 'inactive') {
    return { reason: 'inactive', detail: 'The agent’s operation_mode is inactive.' };
  }
  if (!trigger.enabled) return { reason: 'trigger_disabled', detail: 'The trigger is disabled.' };
  return null;
}

export const chainTooDeep: Refusal = {
  reason: 'chain_depth',
  detail: `Runs that fire runs: ${maxChainDepth} firings follow one another at most.`,
};

export function chainTooFast(of: keyof typeof chainRates): Refusal {
  const whose = of === 'agent' ? 'this agent' : 'this workspace';
  return {
    reason: 'chain_rate',
    detail: `Runs of ${whose} have fired ${chainRates[of]} runs within a minute.`,
  };
}

export const tooManyRuns: Refusal = {
  reason: 'too_many_runs',
  detail: `One event starts ${maxRunsPerEvent} runs at most.`,
};

export const notOnceMore: Refusal = {
  reason: 'once_per_entity',
  detail: 'The agent runs only once for an entity, and has done so.',
};

export const overlaps: Refusal = {
  reason: 'overlap',
  detail: 'The run of the trigger’s firing before has not ended, and its overlap is skip.',
};

/** Whether a trigger's runs must not overlap, and which way. */
export function overlapOf(trigger: Pick<Trigger, 'type' | 'config'>): 'allow' | 'skip' | 'queue' {
  const { overlap } = trigger.config;
  return trigger.type === 'cron' && (overlap === 'skip' || overlap === 'queue') ? overlap : 'allow';
}
