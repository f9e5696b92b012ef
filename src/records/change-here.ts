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
  getRecord,
  type KindKey,
  lockRecords,
  updateRecords,
} from '../store/records.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { checkData } from './check-data.ts';
import { requireKind } from './kinds.ts';
import { recordEvent } from './record-event.ts';
import { hashOf, placesOf, type UpsertDeps, upsertRecords } from './upsert.ts';

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
  const exists = () => new ApiError('conflict', `There is a ${of.kind} ${externalId} already.`);
  if ((await findRecords(db, of, { externalId })).length > 0) throw exists();
  const written: ExternalRecord[] = [];
  await upsertRecords({ db }, of, [told], {
    fieldAt: () => [],
    inTransaction: async (tx, [result]) => {
      // Somebody else was faster.
      if (result?.outcome !== 'created') throw exists();
      const record = await getRecord(tx, [of.workspaceId], { kind: of.kind, id: result.id ?? '' });
      if (record === null) throw new Error('The record was not written.');
      written.push(record);
      await given.inTransaction?.(tx, record);
    },
  });
  const [record] = written;
  if (record === undefined) throw new Error('The record was not written.');
  return record;
}

/** Changes records in one transaction, all or nothing; null takes a value away. Throws `validation_error`. */
export async function patchHere(
  { db }: UpsertDeps,
  of: KindKey,
  patches: readonly { readonly record: ExternalRecord; readonly patch: RecordData }[],
): Promise<readonly ExternalRecord[]> {
  return await db.transaction(async (tx) => {
    const changed = await changeLocked(tx, of, {
      records: patches.map(({ record }) => record),
      change: (_, before) => {
        const { patch = {} } = patches.find(({ record }) => record.id === before.id) ?? {};
        return { ...before.data, ...patch };
      },
    });
    return changed;
  });
}

/** Writes what `change` makes of each, and tells of those that it makes another of. */
export async function changeLocked(
  tx: Queryable,
  of: KindKey,
  given: {
    readonly records: readonly ExternalRecord[];
    readonly change: (kind: RecordKind, before: ExternalRecord) => RecordData;
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
  const events = changes.map((change) =>
    recordEvent({ ...change, key: of, outcome: 'updated', causedByRunId: null }),
  );
  await announceRecords(tx, of.workspaceId, events);
  const after = new Map(changes.map(({ to }) => [to.id, to]));
  return locked.map((before) => {
    const to = after.get(before.id);
    return to === undefined ? before : { ...before, data: to.data, rev: to.rev };
  });
}
