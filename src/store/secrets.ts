import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { Secret } from '../core/secret.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

// Sealed values only pass through here; the rules and the key are the callers'.

interface SecretRow {
  readonly workspace_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'workspace_id, name, created_at, updated_at';

/** A page of the workspace's secrets, newest first, without values. */
export async function listSecrets(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Secret>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const tail = conditions.pageOf(page);
  const rows = await db.query<SecretRow>({
    text: `SELECT ${columns} FROM (SELECT *, name AS id FROM secrets) s ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toSecret), page.limit, ({ createdAt, name }) => ({ createdAt, id: name }));
}

/** The secret without its value; null when there is none. */
export async function getSecret(
  db: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
): Promise<Secret | null> {
  const rows = await db.query<SecretRow>({
    name: 'get_secret',
    text: `SELECT ${columns} FROM secrets WHERE workspace_id = $1 AND name = $2`,
    values: [key.workspaceId, key.name],
  });
  return rows[0] === undefined ? null : toSecret(rows[0]);
}

/** Sets a secret; null when it would be a new one beyond `maxCount`. */
export async function putSecret(
  db: Queryable,
  secret: {
    readonly workspaceId: string;
    readonly name: string;
    readonly sealed: string;
    readonly maxCount: number;
  },
): Promise<{ readonly secret: Secret; readonly isNew: boolean } | null> {
  const rows = await db.query<SecretRow & { is_new: boolean }>({
    name: 'put_secret',
    text: `INSERT INTO secrets (workspace_id, name, sealed)
      SELECT $1, $2, $3
      WHERE EXISTS (SELECT 1 FROM secrets WHERE workspace_id = $1 AND name = $2)
        OR (SELECT count(*) FROM secrets WHERE workspace_id = $1) < $4
      ON CONFLICT (workspace_id, name)
        DO UPDATE SET sealed = excluded.sealed, updated_at = clock_timestamp()
      RETURNING ${columns}, xmax = 0 AS is_new`,
    values: [secret.workspaceId, secret.name, secret.sealed, secret.maxCount],
  });
  const [row] = rows;
  return row === undefined ? null : { secret: toSecret(row), isNew: row.is_new };
}

/** Whether there was one. */
export async function deleteSecret(
  db: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
): Promise<boolean> {
  const rows = await db.query({
    name: 'delete_secret',
    text: 'DELETE FROM secrets WHERE workspace_id = $1 AND name = $2 RETURNING name',
    values: [key.workspaceId, key.name],
  });
  return rows.length > 0;
}

/** Sealed values by name, of those that exist. */
export async function readSealedSecrets(
  db: Queryable,
  of: { readonly workspaceId: string; readonly names: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ name: string; sealed: string }>({
    name: 'read_sealed_secrets',
    text: 'SELECT name, sealed FROM secrets WHERE workspace_id = $1 AND name = ANY ($2)',
    values: [of.workspaceId, of.names],
  });
  return new Map(rows.map(({ name, sealed }) => [name, sealed]));
}

function toSecret(row: SecretRow): Secret {
  return {
    workspaceId: row.workspace_id,
    name: row.name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
