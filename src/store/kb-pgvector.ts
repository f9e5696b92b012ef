import type { Database, Queryable } from './connect.ts';
import { type SearchScope, scopeSql } from './kb-search.ts';

// Vectors in pgvector, where the server has it. The column of `kb_chunks` stays what counts: a trigger copies it, so
// that whatever writes chunks need not know, a backup holds vectors once, and a server without pgvector can take the
// database over. The copy has a schema of its own, which no backup and no migration looks at.

/** Has half-precision vectors of up to 16,000 dimensions. */
const oldestVersion = [0, 7] as const;
const lockKey = 7_215_030_411;
const copiedAtOnce = 2_000;

const setUpSql = `
  CREATE EXTENSION IF NOT EXISTS vector;
  CREATE SCHEMA IF NOT EXISTS kb_pgvector;
  CREATE TABLE kb_pgvector.vectors (
    chunk_no integer PRIMARY KEY REFERENCES kb_chunks (no) ON DELETE CASCADE,
    workspace_id text COLLATE "C" NOT NULL,
    model text NOT NULL,
    vector halfvec NOT NULL
  );
  CREATE INDEX vectors_by_workspace ON kb_pgvector.vectors (workspace_id);
  -- A scale, which says nothing of the direction, and a signed byte a dimension.
  CREATE FUNCTION kb_pgvector.unpacked(packed bytea) RETURNS halfvec LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(((get_byte(packed, at) + 128) % 256 - 128)::real ORDER BY at)::halfvec
    FROM generate_series(4, length(packed) - 1) at
  $$;
  CREATE FUNCTION kb_pgvector.keep() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.vector IS NULL OR length(NEW.vector) <= 4 THEN
      DELETE FROM kb_pgvector.vectors WHERE chunk_no = NEW.no;
    ELSE
      INSERT INTO kb_pgvector.vectors (chunk_no, workspace_id, model, vector)
      VALUES (NEW.no, NEW.workspace_id, NEW.vector_model, kb_pgvector.unpacked(NEW.vector))
      ON CONFLICT (chunk_no) DO UPDATE SET model = excluded.model, vector = excluded.vector;
    END IF;
    RETURN NULL;
  END
  $$;
  CREATE TRIGGER kb_pgvector_keep AFTER INSERT OR UPDATE OF vector, vector_model ON kb_chunks
    FOR EACH ROW EXECUTE FUNCTION kb_pgvector.keep();`;

/**
 * Has the server keep vectors in pgvector, those that are there included. False: it has none, or too old a one. Throws
 * when it has one that may not be used.
 */
export async function setUpPgvector(db: Database): Promise<boolean> {
  const [server] = await db.query<{ version: string | null; is_set_up: boolean }>(`
    SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'),
        (SELECT default_version FROM pg_available_extensions WHERE name = 'vector')) AS version,
      to_regclass('kb_pgvector.vectors') IS NOT NULL AS is_set_up`);
  if (server === undefined || server.version === null || !isRecent(server.version)) return false;
  await using connection = await db.connect({
    applicationName: 'signalbox pgvector',
    statementTimeoutMs: 0,
    transactionTimeoutMs: 0,
  });
  await connection.query({ text: 'SELECT pg_advisory_lock($1)', values: [lockKey] });
  const [now] = await connection.query<{ is_set_up: boolean }>(
    "SELECT to_regclass('kb_pgvector.vectors') IS NOT NULL AS is_set_up",
  );
  if (now?.is_set_up !== true) await inTransaction(connection, setUpSql);
  // The trigger is in force by now: what it has not seen was there before, or came with a death before this line.
  for (;;) {
    const copied = await connection.execute({
      text: `INSERT INTO kb_pgvector.vectors (chunk_no, workspace_id, model, vector)
        SELECT no, workspace_id, vector_model, kb_pgvector.unpacked(vector) FROM kb_chunks c
        WHERE length(vector) > 4 AND NOT EXISTS (SELECT 1 FROM kb_pgvector.vectors v WHERE v.chunk_no = c.no)
        ORDER BY no LIMIT $1 ON CONFLICT (chunk_no) DO NOTHING`,
      values: [copiedAtOnce],
    });
    if (copied === 0) return true;
  }
}

async function inTransaction(connection: Queryable, sql: string): Promise<void> {
  await connection.execute('BEGIN');
  try {
    await connection.execute(sql);
    await connection.execute('COMMIT');
  } catch (error) {
    await connection.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1]);
}

/** The chunks in scope whose vectors are nearest to the question, by cosine, best first; exact. */
export async function nearestByPgvector(
  db: Queryable,
  request: {
    readonly scope: SearchScope;
    /** All chunks of the workspace are in scope. */
    readonly isWhole: boolean;
    readonly model: string;
    readonly query: Float32Array;
    readonly limit: number;
  },
): Promise<readonly { readonly no: number; readonly similarity: number }[]> {
  const { scope, isWhole, model, query, limit } = request;
  const within = scopeSql(scope, 6);
  const seen = isWhole
    ? ''
    : `AND EXISTS (SELECT 1 FROM kb_chunks c JOIN kb_nodes n ON n.id = c.node_id
        WHERE c.no = v.chunk_no AND ${within.sql})`;
  // A model that changed its size under the same name has vectors that are like nothing.
  const rows = await db.query<{ no: number; similarity: number }>({
    text: `SELECT v.chunk_no AS no, 1 - d.distance AS similarity FROM kb_pgvector.vectors v
      CROSS JOIN LATERAL (
        SELECT CASE WHEN vector_dims(v.vector) = $4 THEN v.vector <=> $3::text::halfvec END AS distance
      ) d
      WHERE v.workspace_id = $1 AND v.model = $2 AND d.distance <> 'NaN' ${seen}
      ORDER BY d.distance, v.chunk_no LIMIT $5`,
    values: [
      ...[scope.workspaceId, model, `[${Array.from(query).join(',')}]`, query.length, limit],
      ...(isWhole ? [] : within.values),
    ],
  });
  return rows;
}
