import type { Embedder, FoundPassage, Reranker } from '../core/knowledge.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { nearestByPgvector } from '../store/kb-pgvector.ts';
import {
  chunksInScope,
  findSpace,
  readPassages,
  type SearchScope,
  type Space,
} from '../store/kb-search.ts';
import { vectorsOf } from '../store/kb-vectors.ts';
import { fuse } from './fuse.ts';
import { type RankedText, rankByWords } from './rank-by-words.ts';
import type { Nearest, VectorIndex } from './vector-index.ts';
import { unpackVector } from './vectors.ts';

// The passages that answer a question best. Scope is part of every statement: what is not in it is neither
// ranked nor counted.

export interface SearchDeps {
  readonly db: Database;
  readonly embedder: Embedder;
  readonly reranker: Reranker;
  readonly vectors: VectorIndex;
  /** The database finds by vectors itself; `vectors` is then not asked. */
  readonly hasPgvector: boolean;
}

export interface SearchOptions {
  readonly scope: SearchScope;
  readonly query: string;
  readonly maxResults: number;
  readonly signal?: AbortSignal;
  /** What models are asked counts to the run; null: to the workspace alone. */
  readonly runId: string | null;
  /** One of both alone; for measuring. */
  readonly by?: 'text' | 'vectors';
}

export interface SearchResult {
  /** Best first. */
  readonly passages: readonly FoundPassage[];
  /** What search had to do without, in a sentence. */
  readonly degraded: string | null;
}

/** How many of each ranking are fused. */
const fusedDepth = 100;
/** How many of the best a model orders anew. */
const rerankedDepth = 30;
const rerankWithinMs = 8_000;
const embedWithinMs = 5_000;

/**
 * By words, and by likeness where the workspace has an embedding model; the best are ordered anew where it has a
 * model for that.
 */
export async function searchKnowledge(
  deps: SearchDeps,
  request: SearchOptions,
): Promise<SearchResult> {
  const space = await findSpace(deps.db, request.scope.workspaceId);
  if (space === null) return { passages: [], degraded: null };
  const asked = await embedQuestion(deps, space, request);
  const model = request.by === undefined ? space.rerankModel : null;
  const maxResults =
    model === null ? request.maxResults : Math.max(rerankedDepth, request.maxResults);
  // One snapshot: what is ranked is there to be read, whatever is indexed meanwhile.
  const found = await deps.db.transaction(
    (tx) => searchIn(deps, tx, { ...request, maxResults }, asked.vector),
    { isolation: 'repeatable read', readOnly: true },
  );
  if (model === null || found.length < 2) {
    return { passages: found.slice(0, request.maxResults), degraded: asked.problem };
  }
  const { passages, problem } = await reranked(deps, model, request, found);
  const problems = [asked.problem, problem].filter((one) => one !== null);
  return {
    passages: passages.slice(0, request.maxResults),
    degraded: problems.length === 0 ? null : problems.join(' '),
  };
}

/** A provider that does not answer leaves the order as it was. */
async function reranked(
  { reranker }: SearchDeps,
  model: string,
  { scope: { workspaceId }, query, runId, signal: outer }: SearchOptions,
  found: readonly FoundPassage[],
): Promise<{ readonly passages: readonly FoundPassage[]; readonly problem: string | null }> {
  const answer = await withinTime(outer, rerankWithinMs, (signal) => {
    const texts = found.map(({ context, text }) => `${context}\n\n${text}`);
    return reranker.rerank({ workspaceId, model, query, texts, signal, runId });
  });
  if ('reason' in answer) {
    const problem = `The order is that of search alone: ${model} could not be asked (${answer.reason}).`;
    return { passages: found, problem };
  }
  const passages = found
    .map((passage, at) => ({ ...passage, score: answer.value[at] ?? 0 }))
    .toSorted((a, b) => b.score - a.score);
  return { passages, problem: null };
}

/** What a provider gives in time, or why it gave nothing. Throws only when the caller went away. */
async function withinTime<T>(
  outer: AbortSignal | undefined,
  ms: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T } | { readonly reason: string }> {
  const limit = AbortSignal.timeout(ms);
  try {
    return { value: await ask(outer === undefined ? limit : AbortSignal.any([limit, outer])) };
  } catch (error) {
    outer?.throwIfAborted();
    if (limit.aborted) return { reason: `no answer within ${ms / 1_000} s` };
    return { reason: (error instanceof Error ? error.message : String(error)).slice(0, 200) };
  }
}

interface AskedVector {
  readonly model: string;
  readonly query: Float32Array;
}

/** A provider that does not answer costs search its vectors, never its answer. */
async function embedQuestion(
  { embedder }: SearchDeps,
  { embeddingModel: model }: Space,
  request: SearchOptions,
): Promise<{ readonly vector: AskedVector | null; readonly problem: string | null }> {
  if (model === null) return { vector: null, problem: null };
  const { workspaceId } = request.scope;
  const answer = await withinTime(request.signal, embedWithinMs, (signal) =>
    embedder.embed({ workspaceId, model, texts: [request.query], signal, runId: request.runId }),
  );
  if ('reason' in answer) {
    const problem = `Only words were searched: ${model} could not be asked (${answer.reason}).`;
    return { vector: null, problem };
  }
  const [query] = answer.value;
  return {
    vector: query === undefined ? null : { model, query: normalized(query) },
    problem: null,
  };
}

async function searchIn(
  deps: SearchDeps,
  tx: Queryable,
  request: SearchOptions,
  asked: AskedVector | null,
): Promise<readonly FoundPassage[]> {
  const { scope, maxResults } = request;
  const space = await findSpace(tx, scope.workspaceId);
  if (space === null) return [];
  const limit = asked === null ? maxResults : Math.max(fusedDepth, maxResults);
  const texts = request.by === 'vectors' ? [] : await rankByWords(tx, space, { ...request, limit });
  const near =
    asked === null || request.by === 'text'
      ? null
      : await nearestTo(deps, tx, { space, scope, asked, texts });
  const ranked = (near === null ? texts : fuse(texts, near)).slice(0, maxResults);
  const nos = ranked.map(({ no }) => no);
  const rows = await readPassages(tx, scope, nos);
  const byNo = new Map(rows.map((row) => [row.no, row]));
  const similarities = new Map(near?.map(({ no, similarity }) => [no, similarity]));
  return ranked.flatMap(({ no, score, coverage }) => {
    const row = byNo.get(no);
    const similarity = similarities.get(no) ?? null;
    return row === undefined ? [] : [{ ...row, score, coverage, similarity }];
  });
}

async function nearestTo(
  { vectors, hasPgvector }: SearchDeps,
  tx: Queryable,
  given: {
    readonly space: Space;
    readonly scope: SearchScope;
    readonly asked: AskedVector;
    readonly texts: readonly RankedText[];
  },
): Promise<readonly Nearest[]> {
  const { space, scope, asked, texts } = given;
  const isWhole = scope.entityIds === null && !space.hasHidden;
  if (hasPgvector) {
    return await nearestByPgvector(tx, { ...asked, scope, isWhole, limit: 2 * fusedDepth });
  }
  const found = await vectors.nearest(tx, {
    ...asked,
    workspaceId: scope.workspaceId,
    allowed: isWhole ? null : new Set(await chunksInScope(tx, scope)),
    // Some may be of chunks that are gone.
    limit: 2 * fusedDepth,
  });
  if (found !== null) return found;
  // More vectors than are kept in memory: what words found is ranked anew.
  const rows = await vectorsOf(
    tx,
    asked.model,
    texts.map(({ no }) => no),
  );
  return rows
    .map(({ no, vector }) => ({ no, similarity: cosine(asked.query, unpackVector(vector)) }))
    .toSorted((a, b) => b.similarity - a.similarity || a.no - b.no);
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
