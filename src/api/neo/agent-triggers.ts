import type { AgentPatch } from '../../agents/agent-input.ts';
import type { Agent } from '../../core/agent.ts';
import type { Problems } from '../../core/validate.ts';
import type { EntityType } from '../../records/psa-kinds.ts';
import type { AgentBefore, AgentUpdate } from './agent-body.ts';
import { conditionsField, conditionsOf } from './agent-chain.ts';
import { comparisonsOf, eventTriggers, targetChangesOf } from './agent-conditions.ts';
import { type TriggerKind, triggerKindOf } from './agent-kind.ts';

// What a write in this dialect makes of the agent's triggers.

/** The triggers that the body asks for; undefined: those that there are. */
export function changedTriggers(
  body: AgentUpdate,
  at: { readonly before: AgentBefore; readonly problems: Problems; readonly isNew: boolean },
): AgentPatch['triggers'] {
  const { before, problems, isNew } = at;
  const { kept, autonomy, triggers } = before;
  const isAsked =
    isNew ||
    ['trigger_type', 'schedule', 'ticket_conditions', 'time_entry_conditions'].some(
      (field) => body[field as keyof AgentUpdate] !== undefined,
    ) ||
    body.callback_settings?.target_changes !== undefined;
  if (!isAsked) return undefined;
  const kind: TriggerKind = body.trigger_type ?? (isNew ? 'NONE' : triggerKindOf(triggers));
  const entity = body.entity_type ?? kept.entity_type ?? 'none';
  const field = conditionsField(body, kept);
  if (autonomy === 'CONVERSATIONAL' && kind !== 'NONE') {
    problems.set('trigger_type', 'must be NONE for a CONVERSATIONAL agent: people write to it');
  }
  if (autonomy !== 'CONVERSATIONAL' && kind === 'NONE') {
    problems.set('trigger_type', `must be TRIGGERED or SCHEDULED for an agent that is ${autonomy}`);
  }
  const comparisons = comparisonsOf(conditionsOf(body, kept), { field, problems });
  if (kind === 'NONE') return isNew ? [] : undefined;
  const reuse = reuserOf(triggers);
  if (kind === 'SCHEDULED') {
    const schedule = body.schedule ?? triggers.find(({ type }) => type === 'cron')?.config;
    if (schedule === undefined) problems.set('schedule', 'is required for a SCHEDULED agent');
    if (comparisons.length > 0 && autonomy === 'AGENTIC') {
      problems.set(field, 'cannot be kept: a schedule has no entity; use instructions');
    }
    return reuse([{ name: 'Schedule', type: 'cron', config: schedule ?? {} }]);
  }
  if (entity === 'none') {
    if (comparisons.length > 0) {
      problems.set(field, 'need an "entity_type" that they are about');
    }
    return reuse([{ name: 'Callback', type: 'webhook' }]);
  }
  const asked = body.callback_settings?.target_changes ?? targetChangesOf(triggers);
  const targets = asked.length > 0 ? asked : [{ change_type: 'CREATE' as const }];
  return reuse(eventTriggers(entity as EntityType, targets, comparisons));
}

type WrittenTrigger = NonNullable<AgentPatch['triggers']>[number];

/** Triggers keep their ids, and with them the addresses and the history of their kind. */
function reuserOf(triggers: Agent['triggers']) {
  return (wanted: readonly WrittenTrigger[]): WrittenTrigger[] => {
    const left = [...triggers];
    return wanted.map((trigger) => {
      const index = left.findIndex(({ type }) => type === trigger.type);
      const [before] = index === -1 ? [] : left.splice(index, 1);
      return before === undefined ? trigger : { ...trigger, id: before.id };
    });
  };
}
