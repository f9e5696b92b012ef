import type { SourceType } from '../core/knowledge.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Nodes that there is something to do for, claimed by one process at a time: a claim makes the node due again
// later, so that work which died with its process is done once more. Who lost a claim writes nothing.

export interface ClaimedNode {
  readonly id: string;
  readonly claim: number;
  readonly workspaceId: string;
  readonly title: string;
  readonly body: string | null;
  readonly chunkBody: boolean;
  readonly sourceType: SourceType;
  /** As it decides: the node's, else the workspace's; `auto` where neither names one. */
  readonly language: string;
  readonly version: number;
  readonly embeddingModel: string | null;
  /** Claims since it last changed, this one included. */
  readonly tries: number;
  readonly isDeleted: boolean;
  /** Its chunks are found already; only vectors are missing. */
  readonly isEmbedding: boolean;
  /** A file or page that has not been read since it was given. */
  readonly hasUnread: boolean;
}

interface ClaimedRow {
  readonly id: string;
  readonly claim: number;
  readonly workspace_id: string;
  readonly title: string;
  readonly body: string | null;
  readonly chunk_body: boolean;
  readonly source_type: SourceType;
  readonly language: string;
  readonly version: number;
  readonly embedding_model: string | null;
  readonly tries: number;
  readonly is_deleted: boolean;
  readonly is_embedding: boolean;
  readonly has_file: boolean;
}

/** Claims what is due, what has waited longest first. */
export async function claimNodes(
  db: Queryable,
  request: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly ClaimedNode[]> {
  const rows = await db.query<ClaimedRow>({
    name: 'claim_kb_nodes',
    text: `WITH due AS MATERIALIZED (
        SELECT id FROM kb_nodes WHERE due_at <= clock_timestamp()
        ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
      )
      UPDATE kb_nodes n SET claim = n.claim + 1, tries = n.tries + 1,
        due_at = clock_timestamp() + make_interval(secs => $2),
        index_status = CASE WHEN n.index_status = 'pending' THEN 'processing' ELSE n.index_status END
      FROM due, kb_spaces s
      WHERE n.id = due.id AND s.workspace_id = n.workspace_id
      RETURNING n.id, n.claim, n.workspace_id, n.title, n.body, n.chunk_body, n.source_type, n.version,
        coalesce(n.language, s.language) AS language, s.embedding_model, n.tries,
        n.deleted_at IS NOT NULL AS is_deleted, n.index_status = 'embedding' AS is_embedding,
        EXISTS (SELECT 1 FROM kb_files f WHERE f.node_id = n.id AND f.is_unread) AS has_file`,
    values: [request.limit, request.leaseMs / 1_000],
  });
  return rows.map((row) => ({
    id: row.id,
    claim: row.claim,
    workspaceId: row.workspace_id,
    title: fromStorableText(row.title),
    body: fromStorableOrNull(row.body),
    chunkBody: row.chunk_body,
    sourceType: row.source_type,
    language: row.language,
    version: row.version,
    embeddingModel: row.embedding_model,
    tries: row.tries,
    isDeleted: row.is_deleted,
    isEmbedding: row.is_embedding,
    hasUnread: row.has_file,
  }));
}

type Claim = Pick<ClaimedNode, 'id' | 'claim'>;

/** Whether the claim still holds; the node is locked for the rest of the transaction. */
export async function holdClaim(tx: Queryable, { id, claim }: Claim): Promise<boolean> {
  const rows = await tx.query({
    name: 'hold_kb_claim',
    text: 'SELECT 1 FROM kb_nodes WHERE id = $1 AND claim = $2 FOR UPDATE',
    values: [id, claim],
  });
  return rows.length > 0;
}

/** Nothing more is done for the node until it changes. */
export async function failNode(db: Queryable, { id, claim }: Claim, error: string): Promise<void> {
  await db.execute({
    name: 'fail_kb_node',
    text: `UPDATE kb_nodes SET index_status = 'failed', index_error = $3, due_at = NULL, tries = 0
      WHERE id = $1 AND claim = $2`,
    values: [id, claim, toStorableText(error)],
  });
}

/** Gives the claim back: the node is due again after so long. */
export async function retryNode(
  db: Queryable,
  { id, claim }: Claim,
  retry: { readonly afterMs: number; readonly error: string | null; readonly isTry: boolean },
): Promise<void> {
  await db.execute({
    name: 'retry_kb_node',
    text: `UPDATE kb_nodes SET due_at = clock_timestamp() + make_interval(secs => $3), index_error = $4,
        tries = tries - CASE WHEN $5 THEN 0 ELSE 1 END,
        index_status = CASE WHEN index_status = 'processing' THEN 'pending' ELSE index_status END
      WHERE id = $1 AND claim = $2`,
    values: [id, claim, retry.afterMs / 1_000, storableOrNull(retry.error), retry.isTry],
  });
}

/** Work on a claimed node goes on: it does not count as lost for as long again. */
export async function extendClaim(
  db: Queryable,
  { id, claim }: Claim,
  leaseMs: number,
): Promise<void> {
  await db.execute({
    name: 'extend_kb_node_claim',
    text: `UPDATE kb_nodes SET due_at = clock_timestamp() + make_interval(secs => $3)
      WHERE id = $1 AND claim = $2 AND due_at IS NOT NULL`,
    values: [id, claim, leaseMs / 1_000],
  });
}

/** Milliseconds until something is due; null when nothing is. */
export async function nextDueMs(db: Queryable): Promise<number | null> {
  const [row] = await db.query<{ ms: number | null }>({
    name: 'next_due_kb_node',
    text: `SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 AS ms
      FROM kb_nodes WHERE due_at IS NOT NULL`,
  });
  return row?.ms ?? null;
}

/** What a file or page that a node is read from consists of. */
export async function readNodeFile(
  db: Queryable,
  nodeId: string,
): Promise<{
  readonly name: string | null;
  readonly mediaType: string | null;
  readonly bytes: Buffer | null;
  readonly url: string | null;
  readonly takesTitle: boolean;
} | null> {
  const [row] = await db.query<{
    name: string | null;
    media_type: string | null;
    bytes: Buffer | null;
    url: string | null;
    takes_title: boolean;
  }>({
    name: 'read_kb_file',
    text: 'SELECT name, media_type, bytes, url, takes_title FROM kb_files WHERE node_id = $1',
    values: [nodeId],
  });
  if (row === undefined) return null;
  return {
    name: fromStorableOrNull(row.name),
    mediaType: fromStorableOrNull(row.media_type),
    bytes: row.bytes,
    url: row.url,
    takesTitle: row.takes_title,
  };
}
