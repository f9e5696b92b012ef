import type { RetrievalSet } from './sets.ts';

// How good rankings are, over the first ten documents. Relevance is yes or no in all sets.

const depth = 10;

/** Ids of documents, best first. */
export type Ranker = (query: string) => Promise<readonly string[]>;

export interface Scores {
  /** 0 to 1. */
  readonly ndcg: number;
  readonly recall: number;
}

export async function scoresOf(rank: Ranker, set: RetrievalSet): Promise<Scores> {
  let ndcg = 0;
  let recall = 0;
  for (const { text, relevant } of set.queries) {
    const wanted = new Set(relevant);
    const found = (await rank(text)).slice(0, depth);
    if (new Set(found).size !== found.length) throw new Error('A document was ranked twice.');
    ndcg += gain(found.map((id) => wanted.has(id))) / gain(Array(wanted.size).fill(true));
    recall += found.filter((id) => wanted.has(id)).length / wanted.size;
  }
  return { ndcg: ndcg / set.queries.length, recall: recall / set.queries.length };
}

function gain(hits: readonly boolean[]): number {
  return hits
    .slice(0, depth)
    .reduce((sum, isHit, at) => sum + (isHit ? 1 / Math.log2(at + 2) : 0), 0);
}
