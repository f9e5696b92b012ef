import type { Queryable } from '../store/connect.ts';
import {
  analyzeWords,
  findAlike,
  type QueryWord,
  rankByText,
  type SearchScope,
  type Space,
  type TermWeight,
  type TextHit,
  type TextResult,
} from '../store/kb-search.ts';
import { wordsOf } from './words.ts';

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

/** A chunk that was found. */
export interface RankedText {
  readonly no: number;
  /** 0 to 1. */
  readonly score: number;
  readonly coverage: number;
}

/** The chunks that have words of the question, the best first; what is misspelled finds what is alike. */
export async function rankByWords(
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
