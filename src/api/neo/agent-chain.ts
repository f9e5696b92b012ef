import type { AgentPatch } from '../../agents/agent-input.ts';
import type { Problems } from '../../core/validate.ts';
import type { EntityType } from '../../records/psa-kinds.ts';
import { findingActions, mergedActions, ownActions } from './agent-actions.ts';
import type { NeoAttributes } from './agent-attributes.ts';
import type { AgentBefore, AgentUpdate } from './agent-body.ts';
import { comparisonsOf } from './agent-conditions.ts';
import { triggerKindOf } from './agent-kind.ts';

// What a write in this dialect makes of the agent's chain of actions.

/** The chain as the body has it, its first actions rebuilt; undefined: the one that there is. */
export function changedActions(
  body: AgentUpdate,
  at: { readonly before: AgentBefore; readonly problems: Problems; readonly isNew: boolean },
): NonNullable<AgentPatch['actions']> | undefined {
  const { before, problems, isNew } = at;
  const { kept, autonomy, triggers } = before;
  if (autonomy !== 'CHAINED_ACTIONS') return undefined;
  const field = conditionsField(body, kept);
  const isAsked = isNew || body.actions !== undefined || body.trigger_type !== undefined;
  if (!isAsked && body[field] === undefined) return undefined;
  const own = mergedActions(isNew ? [] : ownActions(before.actions), body.actions ?? []);
  const entity = body.entity_type ?? kept.entity_type ?? 'none';
  if (entity === 'none') return own;
  const isScheduled = (body.trigger_type ?? triggerKindOf(triggers)) === 'SCHEDULED';
  const comparisons = comparisonsOf(conditionsOf(body, kept), { field, problems: new Map() });
  if (isScheduled && comparisons.some(({ op }) => op !== 'eq')) {
    problems.set(field, 'of a schedule can only compare with "=": it looks records up by them');
  }
  return [...findingActions(entity as EntityType, { isScheduled, comparisons }), ...own];
}

type ConditionsField = 'ticket_conditions' | 'time_entry_conditions';

/** The field of the body that the agent's conditions stand in. */
export function conditionsField(body: AgentUpdate, kept: NeoAttributes): ConditionsField {
  const entity = body.entity_type ?? kept.entity_type;
  return entity === 'time_entry' ? 'time_entry_conditions' : 'ticket_conditions';
}

/** The conditions that hold after the write. */
export function conditionsOf(
  body: AgentUpdate,
  kept: NeoAttributes,
): AgentUpdate['ticket_conditions'] {
  const field = conditionsField(body, kept);
  const conditions = body[field] === undefined ? kept[field] : body[field];
  return conditions as AgentUpdate['ticket_conditions'];
}
