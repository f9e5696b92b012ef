import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { ExternalRecord, RecordData, RecordKey } from '../core/record.ts';
import { fromStorableText, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { announceSql, listenersOf } from './internal-events.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface RecordRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly kind: string;
  readonly source: string;
  readonly external_id: string;
  readonly data: string;
  readonly contact_id: string | null;
  readonly version: number | null;
  readonly rev: number;
  readonly at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `r.id, r.workspace_id, r.kind, r.source, r.external_id, r.data, r.contact_id, r.version, r.rev,
  r.at, r.created_at, r.updated_at`;

/** Of one kind: all that changes together. */
export interface KindKey {
  readonly workspaceId: string;
  readonly kind: string;
}

/** A record as it is kept, deleted ones included. */
export interface StoredRecord extends ExternalRecord {
  readonly sourceHash: string;
  readonly isDeleted: boolean;
}

interface LockedRow extends RecordRow {
  readonly source_hash: string;
  readonly deleted_at: Date | null;
}

/** How a transaction writes records of a kind: what it adds may be added by others meanwhile, or not. */
export type Turn = 'beside others' | 'alone';

/**
 * Waits for its turn among those who write records of the kind, until the transaction ends: beside the others, or
 * alone. Who waits to be alone comes before all who ask after it.
 */
export async function takeTurn(
  tx: Queryable,
  { workspaceId, kind }: KindKey,
  how: Turn,
): Promise<void> {
  await tx.query({
    text: `SELECT pg_advisory_xact_lock${how === 'alone' ? '' : '_shared'}(hashtextextended(concat_ws(' ', 'records', $1::text, $2::text), 0))`,
    values: [workspaceId, kind],
  });
}

/** Locks those that there are, in the order of their keys, so that two batches never wait for each other. */
export async function lockRecords(
  tx: Queryable,
  { workspaceId, kind }: KindKey,
  keys: readonly RecordKey[],
): Promise<readonly StoredRecord[]> {
  const rows = await tx.query<LockedRow>({
    name: 'records-lock',
    text: `SELECT ${columns}, r.source_hash, r.deleted_at FROM records r
      WHERE r.workspace_id = $1 AND r.kind = $2 AND (r.source, r.external_id) IN (
        SELECT * FROM unnest($3::text[], $4::text[]))
      ORDER BY r.source, r.external_id FOR UPDATE`,
    values: [
      workspaceId,
      kind,
      keys.map(({ source }) => toStorableText(source)),
      keys.map(({ externalId }) => toStorableText(externalId)),
    ],
  });
  return rows.map((row) => ({
    ...toRecord(row),
    sourceHash: row.source_hash,
    isDeleted: row.deleted_at !== null,
  }));
}

/** What is written of a record. `at` null: when it was created. */
export interface RecordWrite extends RecordKey {
  readonly id: string;
  readonly data: RecordData;
  readonly contactId: string | null;
  readonly version: number | null;
  readonly sourceHash: string;
  readonly rev: number;
  readonly at: Date | null;
  /** Values of the kind's filters, in its order. */
  readonly facets: readonly (string | null)[];
  readonly isDeleted: boolean;
}

const writtenColumns = `id, source, external_id, data, contact_id, version, source_hash, rev, at, is_deleted,
  f1, f2, f3, f4, f5, f6`;
const writtenTypes = `$3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],
  $10::int[], $11::timestamptz[], $12::boolean[], $13::text[], $14::text[], $15::text[], $16::text[],
  $17::text[], $18::text[]`;

/** Adds new ones; the ids of those that nobody else added in the meantime. */
export async function insertRecords(
  tx: Queryable,
  key: KindKey,
  records: readonly RecordWrite[],
): Promise<ReadonlySet<string>> {
  if (records.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>({
    name: 'records-insert',
    text: `INSERT INTO records (workspace_id, kind, id, source, external_id, data, contact_id, version, source_hash,
        rev, at, created_at, deleted_at, f1, f2, f3, f4, f5, f6)
      SELECT $1, $2, w.id, w.source, w.external_id, w.data, w.contact_id, w.version, w.source_hash, w.rev,
        coalesce(w.at, statement_timestamp()), statement_timestamp(), CASE WHEN w.is_deleted THEN clock_timestamp() END,
        w.f1, w.f2, w.f3, w.f4, w.f5, w.f6
      FROM unnest(${writtenTypes}) AS w (${writtenColumns})
      ORDER BY w.source, w.external_id
      ON CONFLICT (workspace_id, kind, source, external_id) DO NOTHING
      RETURNING id`,
    values: writeValues(key, records),
  });
  return new Set(rows.map(({ id }) => id));
}

/** Writes locked ones. */
export async function updateRecords(
  tx: Queryable,
  key: KindKey,
  records: readonly RecordWrite[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.execute({
    name: 'records-update',
    text: `UPDATE records r SET data = w.data, contact_id = w.contact_id, version = w.version,
        source_hash = w.source_hash, rev = w.rev, at = coalesce(w.at, r.created_at),
        deleted_at = CASE WHEN w.is_deleted THEN coalesce(r.deleted_at, clock_timestamp()) END,
        f1 = w.f1, f2 = w.f2, f3 = w.f3, f4 = w.f4, f5 = w.f5, f6 = w.f6,
        updated_at = CASE WHEN w.rev > r.rev THEN clock_timestamp() ELSE r.updated_at END
      FROM unnest(${writtenTypes}) AS w (${writtenColumns})
      WHERE r.id = w.id AND r.workspace_id = $1 AND r.kind = $2`,
    values: writeValues(key, records),
  });
}

function writeValues({ workspaceId, kind }: KindKey, records: readonly RecordWrite[]): unknown[] {
  const facet = (n: number) => records.map(({ facets }) => storableOrNull(facets[n]));
  return [
    workspaceId,
    kind,
    records.map(({ id }) => id),
    records.map(({ source }) => toStorableText(source)),
    records.map(({ externalId }) => toStorableText(externalId)),
    records.map(({ data }) => toJsonColumn(data)),
    records.map(({ contactId }) => contactId),
    records.map(({ version }) => version),
    records.map(({ sourceHash }) => sourceHash),
    records.map(({ rev }) => rev),
    records.map(({ at }) => at),
    records.map(({ isDeleted }) => isDeleted),
    ...[0, 1, 2, 3, 4, 5].map(facet),
  ];
}

export interface RecordEvent {
  /** Unique to the change. */
  readonly id: string;
  readonly type: 'record.created' | 'record.updated' | 'record.deleted';
  readonly recordId: string;
  readonly payloadJson: string;
  readonly causedByRunId: string | null;
}

/** Tells of changes, in their transaction. */
export async function announceRecords(
  tx: Queryable,
  workspaceId: string,
  events: readonly RecordEvent[],
): Promise<void> {
  for (const [type, ofType] of Map.groupBy(events, (event) => event.type)) {
    await tx.execute({
      name: 'records-announce',
      text: `WITH told AS (
          SELECT t.id, $1::text AS workspace_id, t.payload, t.entity_id, t.caused_by_run
          FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS t (id, payload, entity_id, caused_by_run)
        ) ${announceSql('told', 6)}`,
      values: [
        workspaceId,
        ofType.map(({ id }) => id),
        ofType.map(({ payloadJson }) => toStorableText(payloadJson)),
        ofType.map(({ recordId }) => recordId),
        ofType.map(({ causedByRunId }) => causedByRunId),
        ...listenersOf(type),
      ],
    });
  }
}

export interface RecordFilterValues {
  readonly workspaceId: string;
  readonly kind: string;
  /** Of one contact only. */
  readonly contactId?: string | undefined;
  /** By place of the filter in its kind, from 0: any of these values. */
  readonly facets?: ReadonlyMap<number, readonly string[]>;
  /** By what the list is ordered: `from` inclusive, `to` exclusive. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A page of a kind, by its time and id. What it costs does not depend on how many there are. */
export async function listRecords(
  db: Queryable,
  filter: RecordFilterValues,
  page: PageRequest & { readonly order: 'asc' | 'desc' },
): Promise<Page<ExternalRecord>> {
  const { text, values } = listRecordsStatement(filter, page);
  const rows = await db.query<RecordRow>({ text, values });
  return toPage(rows.map(toRecord), page.limit, ({ at, id }) => ({ createdAt: at, id }));
}

/**
 * The statement of a list. One value of a filter is one range of an index; several are read range by range and
 * merged, since one scan over all of them would have to be sorted.
 */
export function listRecordsStatement(
  filter: RecordFilterValues,
  page: PageRequest & { readonly order: 'asc' | 'desc' },
): { readonly text: string; readonly values: readonly unknown[] } {
  const { order } = page;
  const conditions = new Conditions().inScope([filter.workspaceId], 'r.workspace_id');
  conditions.add(filter.kind, (p) => `r.kind = ${p}`);
  const { contactId, from, to } = filter;
  if (contactId !== undefined) conditions.add(contactId, (p) => `r.contact_id = ${p}`);
  if (from !== undefined) conditions.add(from, (p) => `r.at >= ${p}`);
  if (to !== undefined) conditions.add(to, (p) => `r.at < ${p}`);
  const facets = [...(filter.facets ?? [])].map(
    ([place, wanted]) => [`r.f${place + 1}`, wanted.map(toStorableText)] as const,
  );
  const [split] = facets.filter(([, wanted]) => wanted.length > 1);
  for (const facet of facets) {
    if (facet === split) continue;
    const [column, wanted] = facet;
    if (wanted.length === 1) conditions.add(wanted[0], (p) => `${column} = ${p}`);
    else conditions.add(wanted, (p) => `${column} = ANY(${p})`);
  }
  const by = { at: 'r.at', id: 'r.id', order } as const;
  const tail = conditions.orderedPageOf(page, by, ['r.deleted_at IS NULL']);
  const { values } = conditions;
  if (split === undefined) return { text: `SELECT ${columns} FROM records r ${tail}`, values };
  const [column, wanted] = split;
  const parts = wanted.map((value) => {
    values.push(value);
    const own = tail.replace('WHERE ', `WHERE ${column} = $${values.length} AND `);
    return `(SELECT ${columns} FROM records r ${own})`;
  });
  return {
    text: `SELECT * FROM (${parts.join(' UNION ALL ')}) AS r
      ORDER BY r.at ${order}, r.id ${order} LIMIT ${page.limit + 1}`,
    values,
  };
}

/** The record by our id; null when there is none in scope. */
export async function getRecord(
  db: Queryable,
  scope: WorkspaceScope,
  key: { readonly kind: string; readonly id: string },
): Promise<ExternalRecord | null> {
  const rows = await db.query<RecordRow>({
    name: 'record-get',
    text: `SELECT ${columns} FROM records r
      WHERE r.id = $1 AND r.kind = $2 AND r.deleted_at IS NULL AND ${inScopeSql('r.workspace_id', '$3')}`,
    values: [key.id, key.kind, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** Those of a kind that go by this external id: one a source. */
export async function findRecords(
  db: Queryable,
  { workspaceId, kind }: KindKey,
  key: { readonly externalId: string; readonly source?: string | undefined },
): Promise<readonly ExternalRecord[]> {
  const rows = await db.query<RecordRow>({
    name: 'records-find',
    text: `SELECT ${columns} FROM records r
      WHERE r.workspace_id = $1 AND r.kind = $2 AND r.external_id = $3 AND r.deleted_at IS NULL
        AND ($4::text IS NULL OR r.source = $4) ORDER BY r.source LIMIT 10`,
    values: [workspaceId, kind, toStorableText(key.externalId), storableOrNull(key.source)],
  });
  return rows.map(toRecord);
}

function toRecord(row: RecordRow): ExternalRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    kind: row.kind,
    source: fromStorableText(row.source),
    externalId: fromStorableText(row.external_id),
    data: fromJsonColumn<RecordData>(row.data),
    contactId: row.contact_id,
    version: row.version,
    rev: row.rev,
    at: row.at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
