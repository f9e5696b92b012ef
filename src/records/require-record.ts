import { ApiError } from '../core/errors.ts';
import type { ExternalRecord } from '../core/record.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Queryable } from '../store/connect.ts';
import { findRecords, getRecord, type KindKey } from '../store/records.ts';

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
  of: KindKey,
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

/** `reservations` → `reservation`, `end-companies` → `end company`. */
export function singular(kind: string): string {
  return kind.replaceAll('-', ' ').replace(/ies$/, 'y').replace(/s$/, '');
}
