import { fromStorableText } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';
import { type ClaimedNode, holdClaim } from './kb-claims.ts';

// Vectors as a compact column: a scale and a signed byte a dimension, which costs a quarter of floats and
// hardly any quality. A process that searches keeps them in memory (knowledge/vector-index.ts); what has changed
// since it read them is told by revisions.

export interface ChunkToEmbed {
  readonly no: number;
  readonly context: string;
  readonly text: string;
}

/** Chunks of the node that have no vector of the model. */
export async function chunksToEmbed(
  db: Queryable,
  nodeId: string,
  request: { readonly model: string; readonly limit: number },
): Promise<readonly ChunkToEmbed[]> {
  const rows = await db.query<{ no: number; context: string; text: string }>({
    name: 'kb_chunks_to_embed',
    text: `SELECT no, context, text FROM kb_chunks
      WHERE node_id = $1 AND vector_model IS DISTINCT FROM $2 ORDER BY position LIMIT $3`,
    values: [nodeId, request.model, request.limit],
  });
  return rows.map(({ no, context, text }) => ({
    no,
    context: fromStorableText(context),
    text: fromStorableText(text),
  }));
}

/** Keeps vectors of a claimed node and extends its claim. False: the claim is lost, and nothing is written. */
export async function storeVectors(
  db: Database,
  node: ClaimedNode,
  given: {
    readonly model: string;
    readonly leaseMs: number;
    readonly vectors: readonly { readonly no: number; readonly bytes: Buffer }[];
  },
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    if (!(await holdClaim(tx, node))) return false;
    await tx.execute({
      name: 'extend_kb_claim',
      text: `UPDATE kb_nodes SET due_at = clock_timestamp() + make_interval(secs => $2), tries = 1
        WHERE id = $1`,
      values: [node.id, given.leaseMs / 1_000],
    });
    // The space's row is held until the commit, so revisions become visible in their order.
    const [space] = await tx.query<{ revision: number }>({
      name: 'next_kb_vector_revision',
      text: `UPDATE kb_spaces SET vector_revision = vector_revision + 1 WHERE workspace_id = $1
        RETURNING vector_revision AS revision`,
      values: [node.workspaceId],
    });
    await tx.execute({
      name: 'store_kb_vectors',
      text: `UPDATE kb_chunks c SET vector = v.vector, vector_model = $1, vector_revision = $2
        FROM unnest($3::int[], $4::bytea[]) AS v (no, vector) WHERE c.no = v.no`,
      values: [
        given.model,
        space?.revision ?? 0,
        given.vectors.map(({ no }) => no),
        given.vectors.map(({ bytes }) => bytes),
      ],
    });
    return true;
  });
}

/** All chunks of the node have their vectors. */
export async function finishEmbedding(db: Queryable, node: ClaimedNode): Promise<void> {
  await db.execute({
    name: 'finish_kb_embedding',
    text: `UPDATE kb_nodes SET index_status = 'ready', index_error = NULL, due_at = NULL, tries = 0
      WHERE id = $1 AND claim = $2`,
    values: [node.id, node.claim],
  });
}

/** Where the vectors of a workspace stand. */
export async function vectorRevision(
  db: Queryable,
  workspaceId: string,
  model: string,
): Promise<{ readonly revision: number; readonly count: number }> {
  const [row] = await db.query<{ revision: number; chunks: number }>({
    name: 'kb_vector_revision',
    text: `SELECT vector_revision AS revision, chunk_count AS chunks FROM kb_spaces
      WHERE workspace_id = $1 AND embedding_model = $2`,
    values: [workspaceId, model],
  });
  return { revision: row?.revision ?? 0, count: row?.chunks ?? 0 };
}

/** Vectors that were written after a revision, in order of their chunks. */
export async function vectorsSince(
  db: Queryable,
  request: {
    readonly workspaceId: string;
    readonly model: string;
    readonly since: number;
    readonly afterNo: number;
    readonly limit: number;
  },
): Promise<readonly { readonly no: number; readonly vector: Buffer }[]> {
  return await db.query<{ no: number; vector: Buffer }>({
    text: `SELECT no, vector FROM kb_chunks
      WHERE workspace_id = $1 AND vector_model = $2 AND vector_revision > $3 AND no > $4
      ORDER BY no LIMIT $5`,
    values: [request.workspaceId, request.model, request.since, request.afterNo, request.limit],
  });
}

/** Vectors of these chunks. */
export async function vectorsOf(
  db: Queryable,
  model: string,
  nos: readonly number[],
): Promise<readonly { readonly no: number; readonly vector: Buffer }[]> {
  return await db.query<{ no: number; vector: Buffer }>({
    text: 'SELECT no, vector FROM kb_chunks WHERE no = ANY ($1::int[]) AND vector_model = $2',
    values: [nos, model],
  });
}
