import type { IndexStatus } from '../core/knowledge.ts';
import type { Queryable } from './connect.ts';

export interface SpaceSettings {
  /** A text search configuration, or `auto`. */
  readonly language: string;
  readonly embeddingModel: string | null;
  /** Orders what was found anew; null: nothing does. */
  readonly rerankModel: string | null;
}

/** What is in force; the defaults where the workspace has no knowledge yet. */
export async function getSpaceSettings(db: Queryable, workspaceId: string): Promise<SpaceSettings> {
  const [row] = await db.query<{
    language: string;
    embedding_model: string | null;
    rerank_model: string | null;
  }>({
    name: 'get_kb_settings',
    text: 'SELECT language, embedding_model, rerank_model FROM kb_spaces WHERE workspace_id = $1',
    values: [workspaceId],
  });
  return {
    language: row?.language ?? 'auto',
    embeddingModel: row?.embedding_model ?? null,
    rerankModel: row?.rerank_model ?? null,
  };
}

/**
 * Writes the settings, and has indexed anew what they change: everything by another language, vectors only by
 * another model. The caller holds the space.
 */
export async function putSpaceSettings(
  tx: Queryable,
  workspaceId: string,
  settings: SpaceSettings,
): Promise<void> {
  const before = await getSpaceSettings(tx, workspaceId);
  if (before.language !== settings.language) {
    await tx.execute({
      name: 'index_kb_anew',
      text: `UPDATE kb_nodes SET index_status = 'pending', due_at = clock_timestamp(), claim = claim + 1, tries = 0
        WHERE workspace_id = $1 AND NOT is_directory AND deleted_at IS NULL AND language IS NULL`,
      values: [workspaceId],
    });
  }
  if (before.embeddingModel !== settings.embeddingModel && settings.embeddingModel !== null) {
    await tx.execute({
      name: 'embed_kb_anew',
      text: `UPDATE kb_nodes SET index_status = 'embedding', due_at = clock_timestamp(), claim = claim + 1,
          tries = 0
        WHERE workspace_id = $1 AND index_status IN ('ready', 'embedding') AND deleted_at IS NULL`,
      values: [workspaceId],
    });
  }
  // Last, as in publications: who writes a node and then the space must not meet who does it the other way round.
  await tx.execute({
    name: 'put_kb_settings',
    text: `UPDATE kb_spaces SET language = $2, embedding_model = $3, rerank_model = $4
      WHERE workspace_id = $1`,
    values: [workspaceId, settings.language, settings.embeddingModel, settings.rerankModel],
  });
}

export interface SpaceProgress {
  readonly nodes: Readonly<Partial<Record<IndexStatus, number>>>;
  readonly chunkCount: number;
  readonly vectorCount: number;
  readonly hasTrigrams: boolean;
}

/** How far the workspace's knowledge is indexed. */
export async function getSpaceProgress(db: Queryable, workspaceId: string): Promise<SpaceProgress> {
  const rows = await db.query<{ status: IndexStatus; n: number }>({
    name: 'count_kb_nodes',
    text: `SELECT index_status AS status, count(*) AS n FROM kb_nodes
      WHERE workspace_id = $1 AND deleted_at IS NULL GROUP BY 1`,
    values: [workspaceId],
  });
  const [chunks] = await db.query<{ n: number; vectors: number; trigrams: boolean }>({
    name: 'count_kb_vectors',
    text: `SELECT count(*) AS n,
        count(*) FILTER (WHERE c.vector_model = s.embedding_model) AS vectors,
        EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams
      FROM kb_chunks c JOIN kb_spaces s ON s.workspace_id = c.workspace_id WHERE c.workspace_id = $1`,
    values: [workspaceId],
  });
  return {
    nodes: Object.fromEntries(rows.map(({ status, n }) => [status, n])),
    chunkCount: chunks?.n ?? 0,
    vectorCount: chunks?.vectors ?? 0,
    hasTrigrams: chunks?.trigrams ?? false,
  };
}
