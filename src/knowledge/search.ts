import type { Embedder, FoundPassage, Reranker } from '../core/knowledge.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { nearestByPgvector } from '../store/kb-pgvector.ts';
import {
  analyzeWords,
  chunksInScope,
  findAlike,
  findSpace,
  type QueryWord,
  rankByText,
  readPassages,
  type SearchScope,
  type Space,
  type TermWeight,
  type TextHit,
  type TextResult,
} from '../store/kb-search.ts';
import { vectorsOf } from '../store/kb-vectors.ts';
import type { Nearest, VectorIndex } from './vector-index.ts';
import { unpackVector } from './vectors.ts';
import { wordsOf } from './words.ts';

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

/** Words of a question that are looked at: the first ones of more. */
const maxWords = 64;
/** What a word that is only alike weighs, beside one that is the same. */
const alikeWeight = 0.8;
/**
 * What a word weighs that a language of the workspace takes for one that says nothing. In a text of another language,
 * or of one that was told wrongly, it is a rare word, and would outweigh all others.
 */
const stopWordWeight = 0.1;
const shortestMisspelled = 4;
/** The most that a term which is repeated for ever can add, in weights (k1 + 1). */
const saturation = 2.2;

export interface SearchOptions {
  readonly scope: SearchScope;
  readonly query: string;
  readonly maxResults: number;
  readonly signal?: AbortSignal;
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
/**
 * How slowly a rank loses weight, and what the two rankings weigh. The usual 60 and equal parts (Cormack, Clarke and
 * Büttcher 2009) are for rankings of one quality: a small model's vectors then cost more at the top than they find.
 */
const rankConstant = 10;
const textWeight = 2 / 3;
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
  { scope: { workspaceId }, query, signal: outer }: SearchOptions,
  found: readonly FoundPassage[],
): Promise<{ readonly passages: readonly FoundPassage[]; readonly problem: string | null }> {
  const answer = await withinTime(outer, rerankWithinMs, (signal) => {
    const texts = found.map(({ context, text }) => `${context}\n\n${text}`);
    return reranker.rerank({ workspaceId, model, query, texts, signal });
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
    embedder.embed({ workspaceId, model, texts: [request.query], signal }),
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
  const texts = request.by === 'vectors' ? [] : await searchText(tx, space, { ...request, limit });
  const near =
    asked === null || request.by === 'text'
      ? null
      : await nearestTo(deps, tx, { space, scope, asked, texts });
  const ranked = (near === null ? texts : fused(texts, near)).slice(0, maxResults);
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

/** Two rankings as one, by ranks alone: their scores have no common measure. */
function fused(texts: readonly RankedText[], near: readonly Nearest[]): readonly RankedText[] {
  const all = new Map<number, RankedText>();
  const add = (no: number, rank: number, given: { coverage: number; weight: number }) => {
    const before = all.get(no) ?? { no, score: 0, coverage: given.coverage };
    // The best of both rankings has 1.
    const share = (given.weight * (rankConstant + 1)) / (rankConstant + 1 + rank);
    all.set(no, { ...before, score: before.score + share });
  };
  for (const [rank, { no, coverage }] of texts.entries()) {
    add(no, rank, { coverage, weight: textWeight });
  }
  for (const [rank, { no }] of near.entries()) {
    add(no, rank, { coverage: 0, weight: 1 - textWeight });
  }
  return [...all.values()].toSorted((a, b) => b.score - a.score || a.no - b.no);
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

interface RankedText {
  readonly no: number;
  /** 0 to 1. */
  readonly score: number;
  readonly coverage: number;
}

async function searchText(
  db: Queryable,
  space: Space,
  request: { readonly scope: SearchScope; readonly query: string; readonly limit: number },
): Promise<readonly RankedText[]> {
  const words = [...new Set(wordsOf(request.query.toLowerCase()))].slice(0, maxWords);
  if (words.length === 0) return [];
  const analyzed = await analyzeWords(db, space.no, words);
  const ask = (terms: readonly TermWeight[]) =>
    rankByText(db, space, { scope: request.scope, terms, limit: request.limit });
  const asked = askedTerms(analyzed);
  const first = await ask(asked);
  const alike = await alikeTerms(db, space, analyzed, first);
  const result = alike.size === 0 ? first : await ask(withAlike(asked, alike));
  return scored(result, analyzed, alike);
}

function askedTerms(words: readonly QueryWord[]): readonly TermWeight[] {
  const all = new Map<string, number>();
  for (const { terms, isStopWord } of words) {
    const weight = isStopWord ? stopWordWeight : 1;
    for (const term of terms) all.set(term, Math.max(weight, all.get(term) ?? 0));
  }
  return Array.from(all, ([term, weight]) => ({ term, weight }));
}

/** For words that nothing in scope has: terms that look like them. */
async function alikeTerms(
  db: Queryable,
  space: Space,
  words: readonly QueryWord[],
  { weights }: TextResult,
): Promise<ReadonlyMap<string, readonly TermWeight[]>> {
  const found = new Map<string, readonly TermWeight[]>();
  for (const { word, terms, isStopWord } of words) {
    const isKnown = isStopWord || terms.some((term) => weights.has(term));
    if (isKnown || word.length < shortestMisspelled || !/\p{L}/u.test(word)) continue;
    const terms_ = await findAlike(db, space.no, word);
    if (terms_.length > 0) {
      found.set(
        word,
        terms_.map(({ term, similarity }) => ({ term, weight: alikeWeight * similarity })),
      );
    }
  }
  return found;
}

function withAlike(
  asked: readonly TermWeight[],
  alike: ReadonlyMap<string, readonly TermWeight[]>,
): readonly TermWeight[] {
  const all = new Map(asked.map(({ term, weight }) => [term, weight]));
  for (const { term, weight } of [...alike.values()].flat()) {
    if ((all.get(term) ?? 0) < weight) all.set(term, weight);
  }
  return Array.from(all, ([term, weight]) => ({ term, weight }));
}

/** Scores as a part of the best that is possible, and how much of the question each hit has. */
function scored(
  result: TextResult,
  words: readonly QueryWord[],
  alike: ReadonlyMap<string, readonly TermWeight[]>,
): readonly RankedText[] {
  const demands = words.map((word) => demandOf(word, result, alike));
  const total = demands.reduce((sum, { weight }) => sum + weight, 0);
  return result.hits.map((hit: TextHit) => {
    const matched = new Set(hit.matched);
    const covered = demands
      .filter(({ terms }) => terms.some((term) => matched.has(term)))
      .reduce((sum, { weight }) => sum + weight, 0);
    return {
      no: hit.no,
      score: total === 0 ? 0 : Math.min(1, hit.score / (total * saturation)),
      coverage: total === 0 ? 0 : covered / total,
    };
  });
}

/** What a word asks for: a rare one, or one that is nowhere, weighs most. */
function demandOf(
  { word, terms, isStopWord }: QueryWord,
  { weights, absentWeight }: TextResult,
  alike: ReadonlyMap<string, readonly TermWeight[]>,
): { readonly weight: number; readonly terms: readonly string[] } {
  const all = [...terms, ...(alike.get(word) ?? []).map(({ term }) => term)];
  const present = all.flatMap((term) => weights.get(term) ?? []);
  if (present.length > 0) return { weight: Math.max(...present), terms: all };
  return { weight: isStopWord ? 0 : absentWeight, terms: all };
}
