// Text measured in columns of a terminal, where some characters take two and some none.

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const wide =
  /\p{Emoji_Presentation}|\ufe0f|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60\u3000-\u303e]/u;
const printableAscii = /^[\x20-\x7e]*$/;

/** How many columns a line of text without control characters takes. */
export function columnsOf(text: string): number {
  if (printableAscii.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

/** The text with spaces to the right, up to the given column. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Cut to the given columns, the cut marked by an ellipsis. */
export function clipped(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += columnsOf(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Breaks text into lines of at most the given columns, at spaces where there are any. */
export function wrapped(text: string, columns: number): string[] {
  return text
    .replaceAll('\t', '  ')
    .split('\n')
    .flatMap((line) => wrappedLine(line.trimEnd(), columns));
}

function wrappedLine(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const hanging = indent.length < columns / 2 ? indent : '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
    for (const piece of pieces(word, columns - hanging.length)) {
      const fits = columnsOf(current + piece.trimEnd()) <= columns;
      if (!fits && current.trim() !== '') {
        lines.push(current.trimEnd());
        current = hanging;
      }
      current += piece;
    }
  }
  if (current.trim() !== '') lines.push(current.trimEnd());
  return lines;
}

/** A word that is longer than a line, in pieces that are not. */
function pieces(word: string, columns: number): string[] {
  if (columnsOf(word.trimEnd()) <= columns) return [word];
  const found: string[] = [];
  let current = '';
  let used = 0;
  for (const { segment } of segmenter.segment(word)) {
    const width = columnsOf(segment);
    if (used + width > columns && current !== '') {
      found.push(current);
      current = '';
      used = 0;
    }
    current += segment;
    used += width;
  }
  return [...found, current];
}
