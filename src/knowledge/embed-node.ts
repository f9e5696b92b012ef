import type { Embedder } from '../core/knowledge.ts';
import type { Database } from '../store/connect.ts';
import type { ClaimedNode } from '../store/kb-claims.ts';
import { chunksToEmbed, finishEmbedding, storeVectors } from '../store/kb-vectors.ts';
import { packVector } from './vectors.ts';

export interface EmbedDeps {
  readonly db: Database;
  readonly embedder: Embedder;
  readonly leaseMs: number;
  readonly signal: AbortSignal;
}

/** Chunks of a request; each one's vectors are kept before the next is made. */
const batchSize = 64;

/**
 * Gives every chunk of a claimed node the vector it lacks. Its words are found all the while. Throws what the
 * provider throws: what was kept by then is kept.
 */
export async function embedNode(deps: EmbedDeps, node: ClaimedNode): Promise<void> {
  const { db, embedder, leaseMs, signal } = deps;
  const model = node.embeddingModel;
  for (;;) {
    const chunks =
      model === null ? [] : await chunksToEmbed(db, node.id, { model, limit: batchSize });
    if (model === null || chunks.length === 0) return await finishEmbedding(db, node);
    const texts = chunks.map(({ context, text }) => `${context}\n\n${text}`);
    const vectors = await embedder.embed({
      workspaceId: node.workspaceId,
      model,
      texts,
      signal,
      runId: null,
    });
    const packed = chunks.map(({ no }, at) => ({
      no,
      bytes: packVector(vectors[at] ?? new Float32Array(0)),
    }));
    if (!(await storeVectors(db, node, { model, leaseMs, vectors: packed }))) return;
  }
}
