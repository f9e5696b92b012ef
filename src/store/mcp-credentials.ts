import type { Queryable } from './connect.ts';

// OAuth state of MCP servers. Sealed values only pass through here.

/** What is kept of a server; null when there is nothing. */
export async function readMcpCredentials(db: Queryable, sourceId: string): Promise<string | null> {
  const rows = await db.query<{ sealed: string }>({
    name: 'read_mcp_credentials',
    text: 'SELECT sealed FROM mcp_credentials WHERE source_id = $1',
    values: [sourceId],
  });
  return rows[0]?.sealed ?? null;
}

export async function putMcpCredentials(
  db: Queryable,
  of: { readonly sourceId: string; readonly sealed: string },
): Promise<void> {
  await db.execute({
    name: 'put_mcp_credentials',
    text: `INSERT INTO mcp_credentials (source_id, sealed) VALUES ($1, $2)
      ON CONFLICT (source_id) DO UPDATE SET sealed = excluded.sealed, updated_at = clock_timestamp()`,
    values: [of.sourceId, of.sealed],
  });
}

/** Forgets tokens, client and open authorizations of a server. */
export async function deleteMcpCredentials(db: Queryable, sourceId: string): Promise<void> {
  await db.execute({
    text: 'DELETE FROM mcp_credentials WHERE source_id = $1',
    values: [sourceId],
  });
  await db.execute({
    text: 'DELETE FROM mcp_authorizations WHERE source_id = $1',
    values: [sourceId],
  });
}

/** Keeps what an authorization waits with, and forgets those that nobody finished. */
export async function insertMcpAuthorization(
  db: Queryable,
  of: { readonly stateHash: Buffer; readonly sourceId: string; readonly sealed: string },
): Promise<void> {
  await db.execute(
    `DELETE FROM mcp_authorizations WHERE created_at < clock_timestamp() - interval '10 minutes'`,
  );
  await db.execute({
    text: `INSERT INTO mcp_authorizations (state_hash, source_id, sealed) VALUES ($1, $2, $3)`,
    values: [of.stateHash, of.sourceId, of.sealed],
  });
}

/** Takes the authorization that a callback names, once, within ten minutes; null when there is none. */
export async function takeMcpAuthorization(
  db: Queryable,
  stateHash: Buffer,
): Promise<{ readonly sourceId: string; readonly sealed: string } | null> {
  const rows = await db.query<{ source_id: string; sealed: string; is_old: boolean }>({
    text: `DELETE FROM mcp_authorizations WHERE state_hash = $1
      RETURNING source_id, sealed, created_at < clock_timestamp() - interval '10 minutes' AS is_old`,
    values: [stateHash],
  });
  const [row] = rows;
  return row === undefined || row.is_old ? null : { sourceId: row.source_id, sealed: row.sealed };
}
