import { z } from '@hono/zod-openapi';
import type { AgentPatch } from '../../agents/agent-input.ts';
import type { ChainAction } from '../../core/chain.ts';
import { type EntityType, kindOfEntity } from '../../records/psa-kinds.ts';
import { requestApprovalToolName } from '../../tools/request-approval.ts';
import { merged } from './merge.ts';
import { unwritable } from './unwritable.ts';

// Actions of a chain in this dialect: `{id, action_type, input_as_dict}`. What finds the entity is the server's own.

const types = {
  RUN_TOOL: 'tool',
  FIND_ENTITIES: 'find',
  EXTRACT: 'extract',
  CONDITION: 'condition',
  RESPOND: 'respond',
} as const;
const approval = 'REQUEST_TECHNICIAN_APPROVAL';
const findId = 'find_entities';
const foundId = 'found';

export const actionInput = z.looseObject({
  id: z.string().max(64).optional(),
  action_type: z.string().max(64).optional(),
  input_as_dict: z.record(z.string(), z.unknown()).default({}),
});

export type ActionInput = z.output<typeof actionInput>;
type Written = NonNullable<AgentPatch['actions']>[number];

export function showAction({ id, type, ...input }: ChainAction) {
  if (type === 'tool' && 'tool' in input && input.tool === requestApprovalToolName) {
    const { tool: _, ...own } = input;
    return { id, action_type: approval, input_as_dict: own };
  }
  const name = Object.entries(types).find(([, own]) => own === type)?.[0] ?? type;
  return { id, action_type: name, input_as_dict: input };
}

/** The chain with what the patch says: an entry changes one action, or is appended. Nothing is dropped or moved. */
export function mergedActions(
  before: readonly ChainAction[],
  patch: readonly ActionInput[],
): Written[] {
  const actions: Written[] = [...before] as Written[];
  for (const [index, given] of patch.entries()) {
    const field = `actions[${index}]`;
    const at = targetOf(actions, given, field);
    if (at === null) {
      actions.push(written(given, { field, taken: actions.map(({ id }) => id) }));
      continue;
    }
    const target = actions[at];
    if (target === undefined) continue;
    requireOwn(target.id, field);
    const { id, type, ...input } = target;
    actions[at] = { ...merged(input, given.input_as_dict), id, type } as Written;
  }
  return actions;
}

function targetOf(
  actions: readonly Written[],
  { id, action_type: type }: ActionInput,
  field: string,
): number | null {
  if (id !== undefined) {
    const index = actions.findIndex((one) => one.id === id);
    return index === -1 ? null : index;
  }
  const same = actions.flatMap((one, index) =>
    showAction(one as ChainAction).action_type === type ? [index] : [],
  );
  if (same.length > 1) throw unwritable(`${field}.id`, `is required: there are several of ${type}`);
  return same[0] ?? null;
}

function written(
  given: ActionInput,
  at: { readonly field: string; readonly taken: readonly string[] },
): Written {
  const { action_type: name = '', input_as_dict: input } = given;
  if (name === 'FIND_ENTITIES') {
    throw unwritable(`${at.field}.action_type`, 'is made by the server: leave it out');
  }
  const id = given.id ?? freeId(name.toLowerCase(), at.taken);
  requireOwn(id, at.field);
  if (name === approval) {
    return { ...input, id, type: 'tool', tool: requestApprovalToolName } as Written;
  }
  if (!Object.hasOwn(types, name)) {
    const writable = Object.keys(types).filter(
      (one) => types[one as keyof typeof types] !== 'find',
    );
    const known = [...writable, approval].join(', ');
    throw unwritable(`${at.field}.action_type`, `must be one of ${known}`);
  }
  return { ...input, id, type: types[name as keyof typeof types] } as Written;
}

function freeId(base: string, taken: readonly string[]): string {
  for (let count = taken.length + 1; ; count += 1) {
    const id = `${base}_${count}`;
    if (!taken.includes(id)) return id;
  }
}

function requireOwn(id: string, field: string): void {
  if (id !== findId && id !== foundId) return;
  throw unwritable(`${field}.id`, `is the server's own ("${id}"): change the conditions`);
}

/** What the server puts first: the entity that the run is about, or those that a schedule works on. */
export function findingActions(
  entity: EntityType,
  where: Readonly<Record<string, string | number | boolean>> | null,
): Written[] {
  const how = where === null ? { external_id: '{{entity_id}}' } : { where, limit: 50 };
  return [
    { id: findId, type: 'find', kind: kindOfEntity(entity), ...how },
    {
      id: foundId,
      type: 'condition',
      all: [{ field: `actions.${findId}.rawData.records.0`, op: 'exists', value: true }],
    },
  ];
}

/** The chain behind what the server put first. */
export function ownActions(actions: readonly ChainAction[]): readonly ChainAction[] {
  return actions.filter(({ id }) => id !== findId && id !== foundId);
}
