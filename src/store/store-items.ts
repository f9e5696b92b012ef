import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Values that clients keep, by namespace and key.

export interface StoreItem {
  readonly namespace: readonly string[];
  readonly key: string;
  /** JSON text of an object. */
  readonly valueJson: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface StoreKey {
  readonly workspaceId: string;
  readonly namespace: readonly string[];
  readonly key: string;
}

interface Row {
  readonly namespace: readonly string[];
  readonly key: string;
  readonly value: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'namespace, key, value, created_at, updated_at';

/** Writes the item, or puts the value in place of its own. False: the workspace has `maxCount` items already. */
export async function putStoreItem(
  db: Queryable,
  { workspaceId, namespace, key }: StoreKey,
  { valueJson, maxCount }: { readonly valueJson: string; readonly maxCount: number },
): Promise<boolean> {
  const count = await db.execute({
    name: 'store_item_put',
    text: `INSERT INTO store_items AS i (workspace_id, namespace, key, value)
      SELECT $1, $2, $3, $4
      WHERE EXISTS (SELECT 1 FROM store_items WHERE workspace_id = $1 AND namespace = $2 AND key = $3)
        OR (SELECT count(*) FROM store_items WHERE workspace_id = $1) < $5
      ON CONFLICT (workspace_id, namespace, key) DO UPDATE
        SET value = excluded.value, updated_at = clock_timestamp()`,
    values: [
      workspaceId,
      labels(namespace),
      toStorableText(key),
      toStorableText(valueJson),
      maxCount,
    ],
  });
  return count === 1;
}

/** Null: there is none. */
export async function getStoreItem(db: Queryable, at: StoreKey): Promise<StoreItem | null> {
  const [row] = await db.query<Row>({
    name: 'store_item_get',
    text: `SELECT ${columns} FROM store_items WHERE workspace_id = $1 AND namespace = $2 AND key = $3`,
    values: [at.workspaceId, labels(at.namespace), toStorableText(at.key)],
  });
  return row === undefined ? null : toItem(row);
}

/** Nothing happens where there is none. */
export async function deleteStoreItem(db: Queryable, at: StoreKey): Promise<void> {
  await db.execute({
    name: 'store_item_delete',
    text: 'DELETE FROM store_items WHERE workspace_id = $1 AND namespace = $2 AND key = $3',
    values: [at.workspaceId, labels(at.namespace), toStorableText(at.key)],
  });
}

/** Items below the namespace, the latest changed first; `filter`: JSON text of what their values contain. */
export async function searchStoreItems(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly prefix: readonly string[];
    readonly filterJson: string;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<readonly StoreItem[]> {
  const rows = await db.query<Row>({
    text: `SELECT ${columns} FROM store_items
      WHERE workspace_id = $1 AND namespace[1:$3] = $2::text[] AND value::jsonb @> $4::jsonb
      ORDER BY updated_at DESC, namespace, key LIMIT $5 OFFSET $6`,
    values: [
      of.workspaceId,
      labels(of.prefix),
      of.prefix.length,
      toStorableText(of.filterJson),
      of.limit,
      of.offset,
    ],
  });
  return rows.map(toItem);
}

/** Namespaces in which there are items, in their order, cut at `maxDepth` labels where that is given. */
export async function listNamespaces(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly prefix: readonly string[];
    readonly maxDepth: number | null;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<readonly (readonly string[])[]> {
  const rows = await db.query<{ namespace: readonly string[] }>({
    text: `SELECT DISTINCT namespace[1:coalesce($4, 100)] AS namespace FROM store_items
      WHERE workspace_id = $1 AND namespace[1:$3] = $2::text[]
      ORDER BY namespace LIMIT $5 OFFSET $6`,
    values: [of.workspaceId, labels(of.prefix), of.prefix.length, of.maxDepth, of.limit, of.offset],
  });
  return rows.map(({ namespace }) => namespace.map(fromStorableText));
}

function labels(namespace: readonly string[]): readonly string[] {
  return namespace.map(toStorableText);
}

function toItem(row: Row): StoreItem {
  return {
    namespace: row.namespace.map(fromStorableText),
    key: fromStorableText(row.key),
    valueJson: fromStorableText(row.value),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
