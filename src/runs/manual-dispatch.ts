import type { Agent, Trigger } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';

// Which trigger a manual dispatch runs. The rules are the same for both dialects; each renders them.

/** A trigger that can be dispatched by hand. */
export type DispatchableTrigger = Trigger & { readonly type: 'cron' | 'webhook' | 'event' };

/**
 * The trigger that a dispatch through `/v1` runs. All triggers count towards "more than one", disabled
 * ones too. Throws `validation_error`, `not_found` or `trigger_not_dispatchable`.
 */
export function triggerToRun(agent: Agent, triggerId: string | null): DispatchableTrigger {
  requireActive(agent, 'trigger_not_dispatchable');
  const trigger = triggerId === null ? onlyTrigger(agent) : namedTrigger(agent, triggerId);
  return requireDispatchable(trigger);
}

/**
 * The trigger that Neo's run-now runs: with an entity the first enabled webhook or event trigger, without
 * one the first enabled cron trigger. Throws `invalid_for_conversational`, `agent_disabled`,
 * `target_entity_required` or `trigger_not_dispatchable`.
 */
export function triggerToRunNow(agent: Agent, entityId: string | null): DispatchableTrigger {
  if (agent.triggers.every((trigger) => trigger.type === 'message')) {
    throw new ApiError(
      'invalid_for_conversational',
      'This agent is conversational. Reach it through a chat session.',
    );
  }
  requireActive(agent, 'agent_disabled');
  const first = (...types: readonly string[]) =>
    agent.triggers.find((trigger) => trigger.enabled && types.includes(trigger.type));
  if (entityId !== null) {
    const trigger = first('webhook', 'event');
    if (trigger !== undefined) return requireDispatchable(trigger);
    throw new ApiError(
      'trigger_not_dispatchable',
      'This agent has no enabled webhook or event trigger to run for an entity.',
    );
  }
  const cron = first('cron');
  if (cron !== undefined) return requireDispatchable(cron);
  throw new ApiError(
    'target_entity_required',
    'This agent runs for an entity. Send `target_entity_id`.',
    { details: { target_entity_id: 'is required for an agent without an enabled cron trigger' } },
  );
}

function requireActive(agent: Agent, problem: 'agent_disabled' | 'trigger_not_dispatchable'): void {
  if (!agent.enabled) {
    throw new ApiError(problem, 'The agent is disabled. Enable it first.');
  }
  if (agent.definition.operation_mode === 'inactive') {
    throw new ApiError(
      problem,
      'The agent is inactive. Set its operation_mode to autopilot or copilot.',
    );
  }
}

function onlyTrigger(agent: Agent): Trigger {
  const [trigger, another] = agent.triggers;
  if (trigger === undefined) {
    throw new ApiError(
      'trigger_not_dispatchable',
      'The agent has no trigger to run. Add a cron, webhook or event trigger.',
    );
  }
  if (another !== undefined) {
    throw new ApiError(
      'validation_error',
      `trigger_id is required, because the agent has ${agent.triggers.length} triggers.`,
      { details: { trigger_id: 'is required when the agent has more than one trigger' } },
    );
  }
  return trigger;
}

function namedTrigger(agent: Agent, triggerId: string): Trigger {
  const trigger = agent.triggers.find((candidate) => candidate.id === triggerId);
  if (trigger === undefined) {
    throw new ApiError('not_found', `The agent has no trigger ${triggerId}.`, {
      details: { trigger_id: 'is not one of the agent’s triggers' },
    });
  }
  return trigger;
}

function requireDispatchable(trigger: Trigger): DispatchableTrigger {
  if (trigger.type === 'message') {
    throw new ApiError(
      'trigger_not_dispatchable',
      `Trigger ${trigger.id} is a message trigger, which cannot be dispatched by hand.`,
    );
  }
  if (!trigger.enabled) {
    throw new ApiError(
      'trigger_not_dispatchable',
      `Trigger ${trigger.id} is disabled. Enable it first.`,
    );
  }
  return trigger as DispatchableTrigger;
}
