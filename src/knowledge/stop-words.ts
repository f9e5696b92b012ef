import { ara, gle, hin, ind, ron, tur } from 'stopword';

// Words that say nothing, of languages for which Postgres has no list, or a short one (Turkish). They only weigh
// less in questions: texts are indexed with them, as Postgres has it.

const lists: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['arabic', new Set(ara)],
  ['hindi', new Set(hin)],
  ['indonesian', new Set(ind)],
  ['irish', new Set(gle)],
  ['romanian', new Set(ron)],
  ['turkish', new Set(tur)],
]);

/** The text search configurations of languages that take the word, in lower case, for one that says nothing. */
export function languagesThatIgnore(word: string): readonly string[] {
  return Array.from(lists).flatMap(([language, words]) => (words.has(word) ? [language] : []));
}
