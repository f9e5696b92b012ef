import { ApiError } from '../core/errors.ts';
import type { ExternalRecord, RecordKind } from '../core/record.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Queryable } from '../store/connect.ts';
import { findRecords, getRecord } from '../store/records.ts';
import { changeLocked } from './change-here.ts';
import type { UpsertDeps } from './upsert.ts';

// What is done with records here: found, and moved between their states.

/** Throws `not_found`. */
export async function requireRecord(
  db: Queryable,
  key: ScopedKey & { readonly kind: string },
): Promise<ExternalRecord> {
  const record = await getRecord(db, key.scope, key);
  if (record !== null) return record;
  throw new ApiError('not_found', `There is no ${singular(key.kind)} ${key.id}.`);
}

/** The record by what its source calls it. Throws `not_found`, and `conflict` where several sources call one so. */
export async function requireRecordOf(
  db: Queryable,
  of: { readonly workspaceId: string; readonly kind: string },
  key: { readonly externalId: string; readonly source?: string | undefined },
): Promise<ExternalRecord> {
  const [record, ...others] = await findRecords(db, of, key);
  if (record === undefined) {
    throw new ApiError('not_found', `There is no ${singular(of.kind)} ${key.externalId}.`);
  }
  if (others.length === 0) return record;
  const sources = [record, ...others].map(({ source }) => source).join(', ');
  throw new ApiError(
    'conflict',
    `Several sources have a ${singular(of.kind)} ${key.externalId}: name one as source (${sources}).`,
  );
}

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
  const state = Object.hasOwn(data, states.field) ? data[states.field] : null;
  if (typeof state !== 'string' || !step.from.includes(state)) {
    throw new ApiError(
      'conflict',
      `The ${singular(kind.name)} ${id} is ${state ?? 'in no state'}: ${action} is for what is ${step.from.join(' or ')}.`,
    );
  }
  return { [states.field]: step.to };
}

/** `reservations` → `reservation`, `end-companies` → `end company`. */
function singular(kind: string): string {
  return kind.replaceAll('-', ' ').replace(/ies$/, 'y').replace(/s$/, '');
}
