import type { RecordKind } from '../core/record.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';

// Kinds that workspaces described.

interface KindRow {
  readonly definition: string;
}

/** All of a workspace, by name. */
export async function listRecordKinds(
  db: Queryable,
  workspaceId: string,
): Promise<readonly RecordKind[]> {
  const rows = await db.query<KindRow>({
    name: 'record-kinds-list',
    text: 'SELECT definition FROM record_kinds WHERE workspace_id = $1 ORDER BY name',
    values: [workspaceId],
  });
  return rows.map(({ definition }) => fromJsonColumn<RecordKind>(definition));
}

/** The kind; null when the workspace described none of this name. Locked against changes where that is asked for. */
export async function getRecordKind(
  db: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
  lock: 'none' | 'shared' | 'exclusive' = 'none',
): Promise<RecordKind | null> {
  const clause = { none: '', shared: 'FOR SHARE', exclusive: 'FOR UPDATE' }[lock];
  const rows = await db.query<KindRow>({
    text: `SELECT definition FROM record_kinds WHERE workspace_id = $1 AND name = $2 ${clause}`,
    values: [key.workspaceId, key.name],
  });
  return rows[0] === undefined ? null : fromJsonColumn<RecordKind>(rows[0].definition);
}

/** Writes the kind anew; false where the workspace has `maxCount` others already. */
export async function putRecordKind(
  tx: Queryable,
  workspaceId: string,
  given: { readonly kind: RecordKind; readonly maxCount: number },
): Promise<boolean> {
  const written = await tx.execute({
    text: `INSERT INTO record_kinds (workspace_id, name, definition)
      SELECT $1, $2, $3
      WHERE (SELECT count(*) FROM record_kinds WHERE workspace_id = $1 AND name <> $2) < $4
      ON CONFLICT (workspace_id, name)
        DO UPDATE SET definition = excluded.definition, updated_at = clock_timestamp()`,
    values: [workspaceId, given.kind.name, toJsonColumn(given.kind), given.maxCount],
  });
  return written > 0;
}

/** Writes the kind where there is none of its name; who does so at the same time waits. */
export async function ensureRecordKind(
  tx: Queryable,
  workspaceId: string,
  kind: RecordKind,
): Promise<void> {
  await tx.execute({
    text: `INSERT INTO record_kinds (workspace_id, name, definition) VALUES ($1, $2, $3)
      ON CONFLICT (workspace_id, name) DO NOTHING`,
    values: [workspaceId, kind.name, toJsonColumn(kind)],
  });
}

/** Takes the kind away. */
export async function deleteRecordKind(
  tx: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
): Promise<void> {
  await tx.execute({
    text: 'DELETE FROM record_kinds WHERE workspace_id = $1 AND name = $2',
    values: [key.workspaceId, key.name],
  });
}

/** Whether there is any record of the kind, marks of deleted ones left out. */
export async function hasRecords(
  db: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
): Promise<boolean> {
  const rows = await db.query({
    text: `SELECT 1 FROM records WHERE workspace_id = $1 AND kind = $2 AND deleted_at IS NULL LIMIT 1`,
    values: [key.workspaceId, key.name],
  });
  return rows.length > 0;
}
