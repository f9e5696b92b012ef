import { ApiError } from '../core/errors.ts';
import {
  type ExternalRecord,
  ownSource,
  type RecordData,
  type RecordKind,
} from '../core/record.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { Queryable } from '../store/connect.ts';
import {
  announceRecords,
  findRecords,
  type KindKey,
  lockRecords,
  updateRecords,
} from '../store/records.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { checkData } from './check-data.ts';
import { requireKind } from './kinds.ts';
import { recordEvent } from './record-event.ts';
import { requireRecord, requireRecordOf, singular } from './require-record.ts';
import { hashOf, placesOf, type UpsertDeps, upsertRecord } from './upsert.ts';

// What is changed of records here, not told by their source: it stays when the source repeats what it said before,
// and goes when the source says something new.

/** Adds a record of our own. Throws `conflict` where any source has one of this id, `validation_error`. */
export async function createHere(
  { db }: UpsertDeps,
  of: KindKey,
  given: {
    readonly externalId: string;
    readonly data: RecordData;
    readonly inTransaction?: InTransaction<ExternalRecord>;
  },
): Promise<ExternalRecord> {
  const { externalId, data } = given;
  const told = { source: ownSource, externalId, version: null, data };
  const exists = () =>
    new ApiError('conflict', `The ${singular(of.kind)} ${externalId} exists already.`);
  if ((await findRecords(db, of, { externalId })).length > 0) throw exists();
  const written: ExternalRecord[] = [];
  await upsertRecord({ db }, of, told, async (tx, { id, outcome }) => {
    // Somebody else was faster.
    if (outcome !== 'created' || id === null) throw exists();
    const record = await requireRecord(tx, { scope: [of.workspaceId], kind: of.kind, id });
    written.push(record);
    await given.inTransaction?.(tx, record);
  });
  const [record] = written;
  if (record === undefined) throw new Error('The record was not written.');
  return record;
}

/**
 * Changes records in one transaction, all or nothing; null takes a value away, and of one named twice, both changes
 * are made in order. Throws `not_found`, `conflict` where several sources call one so, `validation_error`.
 */
export async function patchHere(
  { db }: UpsertDeps,
  of: KindKey,
  patches: readonly { readonly externalId: string; readonly patch: RecordData }[],
): Promise<readonly ExternalRecord[]> {
  return await db.transaction(async (tx) => {
    const merged = new Map<string, RecordData>();
    for (const { externalId, patch } of patches) {
      merged.set(externalId, { ...merged.get(externalId), ...patch });
    }
    const records: ExternalRecord[] = [];
    for (const externalId of merged.keys()) {
      records.push(await requireRecordOf(tx, of, { externalId }));
    }
    return await changeLocked(tx, of, {
      records,
      change: (_, { externalId, data }) => ({ ...data, ...merged.get(externalId) }),
    });
  });
}

/** Writes what `change` makes of each, and tells of those that it makes another of. Gives all as they are then. */
export async function changeLocked(
  tx: Queryable,
  of: KindKey,
  given: {
    readonly records: readonly ExternalRecord[];
    readonly change: (kind: RecordKind, before: ExternalRecord) => RecordData;
    /** The run that changes them; by default none does. */
    readonly causedByRunId?: string | null;
  },
): Promise<readonly ExternalRecord[]> {
  const kind = await requireKind(tx, { ...of, name: of.kind }, 'shared');
  const locked = (await lockRecords(tx, of, given.records)).filter(({ isDeleted }) => !isDeleted);
  const problems: Problems = new Map();
  const changes = locked.flatMap((before) => {
    const data = given.change(kind, before);
    checkData(kind, data, { at: [], problems });
    if (hashOf(data) === hashOf(before.data)) return [];
    const from = { ...before, ...placesOf(kind, before.data) };
    return [{ from, to: { ...before, ...placesOf(kind, data), data, rev: before.rev + 1 } }];
  });
  refuse(problems);
  await updateRecords(
    tx,
    of,
    changes.map(({ to }) => to),
  );
  const { causedByRunId = null } = given;
  const events = changes.map((change) => recordEvent({ ...change, key: of, causedByRunId }));
  await announceRecords(tx, of.workspaceId, events);
  return changes.length === 0 ? locked : await lockRecords(tx, of, locked);
}
