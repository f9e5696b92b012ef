import { z } from '@hono/zod-openapi';
import type { FilterComparison } from '../../core/filter.ts';
import type { Problems } from '../../core/validate.ts';
import { type EntityType, kindOfEntity } from '../../records/psa-kinds.ts';

// Conditions on entities, as comparisons of the filters of event triggers. A condition that could not be kept is
// refused: an agent that runs for more than it says would be worse.

const ops = {
  '=': 'eq',
  eq: 'eq',
  '!=': 'ne',
  ne: 'ne',
  '>': 'gt',
  gt: 'gt',
  '>=': 'gte',
  gte: 'gte',
  '<': 'lt',
  lt: 'lt',
  '<=': 'lte',
  lte: 'lte',
  in: 'in',
  notIn: 'not_in',
  not_in: 'not_in',
  contains: 'contains',
  beginsWith: 'starts_with',
  starts_with: 'starts_with',
  endsWith: 'ends_with',
  ends_with: 'ends_with',
  exists: 'exists',
} as const satisfies Readonly<Record<string, FilterComparison['op']>>;

const rule = z.looseObject({
  field: z.string().min(1).max(200),
  operator: z.string(),
  value: z.unknown(),
});

export const conditionsShape = z.looseObject({
  conditions: z
    .looseObject({ combinator: z.string().default('and'), rules: z.array(rule).max(40) })
    .nullable()
    .optional(),
  custom_field_conditions: z.unknown().optional(),
  workload_conditions: z.unknown().optional(),
});

export type Conditions = z.output<typeof conditionsShape>;

/** The comparisons that an event of an entity must pass; everything that cannot be one is a problem of `field`. */
export function comparisonsOf(
  given: Conditions | null | undefined,
  at: { readonly field: string; readonly problems: Problems },
): readonly FilterComparison[] {
  const { field, problems } = at;
  for (const name of ['custom_field_conditions', 'workload_conditions'] as const) {
    if (given?.[name] === undefined || given[name] === null) continue;
    problems.set(`${field}.${name}`, 'cannot be kept here; leave it out, or write it as a rule');
  }
  const conditions = given?.conditions;
  if (conditions === null || conditions === undefined) return [];
  if (conditions.combinator.toLowerCase() !== 'and' && conditions.rules.length > 1) {
    problems.set(`${field}.conditions.combinator`, 'must be "and": every rule has to hold');
  }
  return conditions.rules.flatMap(({ field: name, operator, value }, index) => {
    if (Object.hasOwn(ops, operator)) {
      const op = ops[operator as keyof typeof ops];
      return [{ field: `after.${name}`, op, value } as FilterComparison];
    }
    const known = Object.keys(ops).join(', ');
    problems.set(`${field}.conditions.rules[${index}].operator`, `must be one of ${known}`);
    return [];
  });
}

/** What of an entity starts runs. */
const changes = {
  CREATE: 'record.created',
  TICKET_CREATED: 'record.created',
  UPDATE: 'record.updated',
  FIELD_UPDATED: 'record.updated',
  DELETE: 'record.deleted',
} as const;

export const changeTypes = Object.keys(changes) as (keyof typeof changes)[];

export const targetChange = z.looseObject({
  change_type: z.enum(changeTypes as [keyof typeof changes, ...(keyof typeof changes)[]]),
  field_name: z.string().min(1).max(200).nullable().optional(),
});

export type TargetChange = z.output<typeof targetChange>;

/** The triggers that a change of an entity fires. */
export function eventTriggers(
  entity: EntityType,
  targets: readonly TargetChange[],
  comparisons: readonly FilterComparison[],
) {
  return targets.map(({ change_type: change, field_name: changed = null }) => ({
    name: changed === null ? `${entity} ${change}` : `${entity} ${change} ${changed}`,
    type: 'event' as const,
    config: {
      event: changes[change],
      filter: [
        { field: 'kind', op: 'eq', value: kindOfEntity(entity) },
        ...(changed === null ? [] : [{ field: 'changed', op: 'contains', value: changed }]),
        ...comparisons.map((one) => ofChange(one, change)),
      ],
    },
  }));
}

/** What was deleted has nothing after it. */
function ofChange(comparison: FilterComparison, change: keyof typeof changes): FilterComparison {
  if (change !== 'DELETE') return comparison;
  return { ...comparison, field: comparison.field.replace(/^after\./, 'before.') };
}

/** What of an entity a trigger of the agent hears, as it was written. */
export function targetChangesOf(
  triggers: readonly {
    readonly type: string;
    readonly config: Readonly<Record<string, unknown>>;
  }[],
): TargetChange[] {
  return triggers.flatMap(({ type, config }): TargetChange[] => {
    const change = changeTypes.find((name) => changes[name] === config.event);
    if (type !== 'event' || change === undefined) return [];
    const filter = Array.isArray(config.filter) ? (config.filter as FilterComparison[]) : [];
    const changed = filter.find(({ field }) => field === 'changed')?.value;
    if (typeof changed !== 'string') return [{ change_type: change, field_name: null }];
    const shown = change === 'UPDATE' ? 'FIELD_UPDATED' : change;
    return [{ change_type: shown, field_name: changed }];
  });
}
