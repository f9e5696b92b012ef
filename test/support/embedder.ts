import type { Embedder, Reranker } from '../../src/core/knowledge.ts';
import type { SearchDeps } from '../../src/knowledge/search.ts';
import { VectorIndex } from '../../src/knowledge/vector-index.ts';
import type { Database } from '../../src/store/connect.ts';

/**
 * Vectors that count letters by pairs: texts alike in spelling are alike. The model `test/down` fails.
 */
export const letterEmbedder: Embedder = {
  whyUnusable: async ({ model }) => (model.startsWith('test/') ? null : `There is no ${model}.`),
  embed: async ({ model, texts }) => {
    if (model === 'test/down') throw new Error('The provider is down');
    return texts.map((text) => {
      const vector = new Float32Array(64);
      const letters = text.toLowerCase();
      for (let at = 1; at < letters.length; at++) {
        const cell = (letters.charCodeAt(at - 1) * 31 + letters.charCodeAt(at)) % 64;
        vector[cell] = (vector[cell] ?? 0) + 1;
      }
      return vector;
    });
  },
};

/** Likes short texts best. The model `test/down` fails. */
const shortestFirst: Reranker = {
  whyUnusable: letterEmbedder.whyUnusable,
  rerank: async ({ model, texts }) => {
    if (model === 'test/down') throw new Error('The provider is down');
    return texts.map((text) => 1 / (1 + text.length));
  },
};

/** What search needs, over that embedder. */
export function searchDeps(db: Database): SearchDeps {
  const vectors = new VectorIndex(64 * 1_048_576);
  const hasPgvector = false;
  return { db, embedder: letterEmbedder, reranker: shortestFirst, vectors, hasPgvector };
}
