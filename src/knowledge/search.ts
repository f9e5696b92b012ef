import type { FoundPassage } from '../core/knowledge.ts';
import type { Database, Queryable } from '../store/connect.ts';
import {
  analyzeWords,
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
import { wordsOf } from './words.ts';

// The passages that answer a question best. Scope is part of every statement: what is not in it is neither
// ranked nor counted.

export interface SearchDeps {
  readonly db: Database;
}

/** Words of a question that are looked at: the first ones of more. */
const maxWords = 64;
/** What a word that is only alike weighs, beside one that is the same. */
const alikeWeight = 0.8;
const shortestMisspelled = 4;
/** The most that a term which is repeated for ever can add, in weights (k1 + 1). */
const saturation = 2.2;

export interface SearchOptions {
  readonly scope: SearchScope;
  readonly query: string;
  readonly maxResults: number;
}

/** Best first. Empty when nothing in scope has any word of the question. */
export async function searchKnowledge(
  deps: SearchDeps,
  request: SearchOptions,
): Promise<readonly FoundPassage[]> {
  // One snapshot: what is ranked is there to be read, whatever is indexed meanwhile.
  return await deps.db.transaction((tx) => searchIn(tx, request), {
    isolation: 'repeatable read',
    readOnly: true,
  });
}

async function searchIn(tx: Queryable, request: SearchOptions): Promise<readonly FoundPassage[]> {
  const { scope, maxResults } = request;
  const space = await findSpace(tx, scope.workspaceId);
  if (space === null) return [];
  const ranked = await searchText(tx, space, { ...request, limit: maxResults });
  const nos = ranked.map(({ no }) => no);
  const rows = await readPassages(tx, scope, nos);
  const byNo = new Map(rows.map((row) => [row.no, row]));
  return ranked.flatMap(({ no, score, coverage }) => {
    const row = byNo.get(no);
    return row === undefined ? [] : [{ ...row, score, coverage, similarity: null }];
  });
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
  const exact = [...new Set(analyzed.flatMap(({ terms }) => terms))];
  const ask = (terms: readonly TermWeight[]) =>
    rankByText(db, space, { scope: request.scope, terms, limit: request.limit });
  const asked = exact.map((term) => ({ term, weight: 1 }));
  const first = await ask(asked);
  const alike = await alikeTerms(db, space, analyzed, first);
  const result = alike.size === 0 ? first : await ask(withAlike(asked, alike));
  return scored(result, analyzed, alike);
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
