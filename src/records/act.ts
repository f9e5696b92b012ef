import { ApiError } from '../core/errors.ts';
import type { ExternalRecord, RecordKind } from '../core/record.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { changeLocked } from './change-here.ts';
import { fieldOf } from './check-data.ts';
import { requireRecord, singular } from './require-record.ts';
import type { UpsertDeps } from './upsert.ts';

/** Moves a record to the state that the action leads to. Throws `not_found`, `conflict` in any other state. */
export async function actOn(
  { db }: UpsertDeps,
  key: ScopedKey & { readonly kind: string },
  action: string,
): Promise<ExternalRecord> {
  return await db.transaction(async (tx) => {
    const found = await requireRecord(tx, key);
    const of = { workspaceId: found.workspaceId, kind: key.kind };
    await changeLocked(tx, of, {
      records: [found],
      change: (kind, before) => ({ ...before.data, ...stateAfter(kind, before, action) }),
    });
    return await requireRecord(tx, key);
  });
}

function stateAfter(kind: RecordKind, { id, data }: ExternalRecord, action: string) {
  const { states } = kind;
  const step =
    states === null || !Object.hasOwn(states.actions, action) ? null : states.actions[action];
  if (states === null || step === null || step === undefined) {
    const known = Object.keys(states?.actions ?? {}).join(', ') || 'none';
    throw new ApiError('not_found', `${kind.name} have no action ${action}; there is: ${known}.`);
  }
  const state = fieldOf(data, states.field);
  if (typeof state !== 'string' || !step.from.includes(state)) {
    throw new ApiError(
      'conflict',
      `The ${singular(kind.name)} ${id} is ${state ?? 'in no state'}: ${action} is for what is ${step.from.join(' or ')}.`,
    );
  }
  return { [states.field]: step.to };
}
