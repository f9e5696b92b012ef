import type { Queryable } from '../store/connect.ts';
import {
  findAlike,
  type ReadWord,
  rankByText,
  readWords,
  type SearchScope,
  type Space,
  type TermWeight,
  type TextHit,
  type TextResult,
} from '../store/kb-search.ts';
import { questionWords } from './words.ts';

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
  const words = questionWords(request.query).slice(0, maxWords);
  if (words.length === 0) return [];
  const forms = words.flatMap((word, at) => word.forms.map((form) => ({ at, ...form })));
  const read = await readWords(db, space.no, forms);
  const analyzed = read.map((one): QueryWord => ({ ...one, word: words[one.at]?.word ?? '' }));
  const ask = (terms: readonly TermWeight[]) =>
    rankByText(db, space, { scope: request.scope, terms, limit: request.limit });
  const asked = askedTerms(analyzed);
  const first = await ask(asked);
  const alike = await alikeTerms(db, space, analyzed, first);
  const result = alike.size === 0 ? first : await ask(withAlike(asked, alike));
  return scored(result, analyzed, alike);
}

interface QueryWord extends ReadWord {
  readonly word: string;
}

/** Words that have a term in common are one word: chunks that have it do not tell them apart. */
function askedTerms(words: readonly QueryWord[]): readonly TermWeight[] {
  const all = new Map<string, { weight: number; word: number }>();
  for (const { at, terms, isStopWord } of words) {
    const same = new Set(terms.map((term) => all.get(term)?.word));
    for (const one of all.values()) if (same.has(one.word)) one.word = at;
    for (const term of terms) {
      const weight = Math.max(isStopWord ? stopWordWeight : 1, all.get(term)?.weight ?? 0);
      all.set(term, { weight, word: at });
    }
  }
  return Array.from(all, ([term, one]) => ({ term, ...one }));
}

type AlikeTerm = Pick<TermWeight, 'term' | 'weight'>;
type Alike = ReadonlyMap<string, readonly AlikeTerm[]>;

/** For words that nothing in scope has: terms that look like them. */
async function alikeTerms(
  db: Queryable,
  space: Space,
  words: readonly QueryWord[],
  { weights }: TextResult,
): Promise<Alike> {
  const found = new Map<string, readonly AlikeTerm[]>();
  for (const { word, terms, isStopWord } of words) {
    const isKnown = isStopWord || terms.some((term) => weights.has(term));
    if (isKnown || word.length < shortestMisspelled || !/\p{L}/u.test(word)) continue;
    const terms_ = await findAlike(db, space, word);
    if (terms_.length > 0) {
      found.set(
        word,
        terms_.map(({ term, similarity }) => ({ term, weight: alikeWeight * similarity })),
      );
    }
  }
  return found;
}

/** Each is as rare as it is: they are guesses, not forms of one word. */
function withAlike(asked: readonly TermWeight[], alike: Alike): readonly TermWeight[] {
  const all = new Map(asked.map((one) => [one.term, one]));
  for (const [at, { term, weight }] of [...alike.values()].flat().entries()) {
    const before = all.get(term);
    if (before === undefined) all.set(term, { term, weight, word: maxWords + at });
    else if (before.weight < weight) all.set(term, { ...before, weight });
  }
  return [...all.values()];
}

/** Scores as a part of the best that is possible, and how much of the question each hit has. */
function scored(
  result: TextResult,
  words: readonly QueryWord[],
  alike: Alike,
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
  alike: Alike,
): { readonly weight: number; readonly terms: readonly string[] } {
  const all = [...terms, ...(alike.get(word) ?? []).map(({ term }) => term)];
  const present = all.flatMap((term) => weights.get(term) ?? []);
  if (present.length > 0) return { weight: Math.max(...present), terms: all };
  return { weight: isStopWord ? 0 : absentWeight, terms: all };
}
