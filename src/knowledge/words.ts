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

/** Those words as one text. */
export function searchableText(text: string): string {
  return wordsOf(text).join(' ');
}

function segmented(run: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(run)) {
    if (isWordLike === true && segment.length <= maxWordLength) words.push(segment);
  }
  return words;
}
