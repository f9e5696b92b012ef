import type { AgentPatch } from '../../agents/agent-input.ts';
import type { Problems } from '../../core/validate.ts';
import { builtInKind } from '../../records/kinds.ts';
import { type EntityType, kindOfEntity } from '../../records/psa-kinds.ts';
import { whyNoFilter } from '../../records/why-not-found.ts';
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
  const where = isScheduled ? searchOf(body, kept, { field, entity, problems }) : null;
  return [...findingActions(entity as EntityType, where), ...own];
}

/** What a schedule looks its entities up by. What the search cannot do is a problem: it would find others. */
function searchOf(
  body: AgentUpdate,
  kept: NeoAttributes,
  at: { readonly field: string; readonly entity: string; readonly problems: Problems },
): Record<string, string | number | boolean> {
  const { field, entity, problems } = at;
  const kind = builtInKind(kindOfEntity(entity as EntityType));
  const where: Record<string, string | number | boolean> = {};
  // What is wrong with the conditions themselves is said where triggers are made of them.
  const comparisons = comparisonsOf(conditionsOf(body, kept), { field, problems: new Map() });
  for (const [index, { field: path, op, value }] of comparisons.entries()) {
    const name = path.replace(/^after\./, '');
    const rule = `${field}.conditions.rules[${index}]`;
    const noFilter = whyNoFilter(kind, name);
    if (noFilter !== null) problems.set(`${rule}.field`, noFilter);
    else if (op !== 'eq')
      problems.set(`${rule}.operator`, 'must be "=": a schedule looks up by it');
    else if (value === null) problems.set(`${rule}.value`, 'must be text, a number or a boolean');
    else if (Object.hasOwn(where, name)) problems.set(`${rule}.field`, 'is there twice');
    else where[name] = value as string | number | boolean;
  }
  return where;
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
