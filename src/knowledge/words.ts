import type { WordForm } from '../store/kb-search.ts';
import { languagesThatIgnore } from './stop-words.ts';

// Words of a text, as Postgres's text search is given them. Its parser would take `a/b` for a file and
// `x.y` for a host; it gets bare words and only reduces them to terms.

const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** Scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const linkTarget = /\]\([^()\s]*\)/g;
/** Postgres keeps no longer term. */
const maxWordLength = 200;

let segmenter: Intl.Segmenter | null = null;

/** The words in order. */
export function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const [run] of text.normalize('NFKC').replace(linkTarget, '] ').matchAll(word)) {
    if (unspaced.test(run)) found.push(...segmented(run));
    else if (run.length <= maxWordLength) found.push(run);
  }
  return found;
}

/** Those words as one text, in lower case: not every server's locale knows capitals beyond A to Z. */
export function searchableText(text: string): string {
  return wordsOf(text).map(lowered).join(' ');
}

export interface QuestionWord {
  /** In lower case. */
  readonly word: string;
  /** As which it stands in searchable texts. */
  readonly forms: readonly Omit<WordForm, 'at'>[];
}

/**
 * The different words of a question. Turkish has two letters i, of which capitals and foreign keyboards make the
 * other one.
 */
export function questionWords(text: string): readonly QuestionWord[] {
  const all = new Map<string, QuestionWord>();
  for (const written of wordsOf(text)) {
    const word = lowered(written);
    if (all.has(word)) continue;
    const turkish = /[ıI]/.test(written)
      ? [lowered(written.toLocaleLowerCase('tr')), word.replaceAll('ı', 'i')]
      : [];
    const forms = [
      { form: word, language: null, isStopWord: false },
      ...turkish.map((form) => ({ form, language: 'turkish', isStopWord: false })),
      ...languagesThatIgnore(word).map((language) => ({ form: word, language, isStopWord: true })),
    ];
    all.set(word, { word, forms });
  }
  return [...all.values()];
}

/** Without the dot that is left over an i when it comes from a Turkish capital. */
function lowered(word: string): string {
  return word.toLowerCase().replaceAll('i\u0307', 'i');
}

function segmented(run: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(run)) {
    if (isWordLike === true && segment.length <= maxWordLength) words.push(segment);
  }
  return words;
}
