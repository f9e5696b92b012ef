import { marked, type Token, type Tokens } from 'marked';
import type { ChunkText } from '../core/knowledge.ts';

// A body in passages that can stand alone: never across a heading, paragraphs together up to a length, and
// lists, tables and code whole as long as a model can read them at once. Pure, but for hostile texts slow:
// it runs where text is read.

/** Characters. About 300 tokens: enough to answer from, and within what embedding models read. */
const targetLength = 1_200;
const maxLength = 1_800;
/** Up to this length a list, table or piece of code stays whole. */
const maxWholeLength = 4_000;

interface Block {
  readonly text: string;
  /** Cut only between these, each piece under the same head. */
  readonly parts: readonly string[];
  readonly head: string;
  readonly isWhole: boolean;
}

/** The passages of a body in order. Text is cut at blank lines, Markdown by its structure. */
export function chunksOf(body: string, format: 'markdown' | 'text'): ChunkText[] {
  const chunks: ChunkText[] = [];
  let above: { readonly depth: number; readonly text: string }[] = [];
  const headings = () => above.map(({ text }) => text);
  let open: Block[] = [];
  let hasText = true;
  const flush = () => {
    if (open.length > 0)
      chunks.push({ headings: headings(), text: open.map(({ text }) => text).join('\n\n') });
    open = [];
  };
  for (const item of format === 'markdown' ? markdownItems(body) : textItems(body)) {
    if ('heading' in item) {
      flush();
      const { depth, heading: text } = item;
      above = [...above.filter((one) => one.depth < depth), { depth, text }];
      hasText = false;
      continue;
    }
    hasText = true;
    for (const block of cut(item)) {
      const length = open.reduce((sum, { text }) => sum + text.length, 0);
      const limit = block.isWhole ? maxLength : targetLength;
      if (open.length > 0 && length + block.text.length > limit) flush();
      open.push(block);
    }
  }
  flush();
  // A body that ends in headings still says what they say.
  if (!hasText && above.length > 0) {
    chunks.push({ headings: headings().slice(0, -1), text: above.at(-1)?.text ?? '' });
  }
  return chunks;
}

type Item = Block | { readonly heading: string; readonly depth: number };

function* textItems(body: string): Generator<Item> {
  for (const text of body.split(/\n[ \t\r]*\n/)) {
    if (text.trim() !== '') yield paragraph(text.trim());
  }
}

function* markdownItems(body: string): Generator<Item> {
  let tokens: readonly Token[];
  try {
    tokens = marked.lexer(body);
  } catch (error) {
    // Nested beyond what can be read by its structure.
    if (!(error instanceof RangeError)) throw error;
    yield* textItems(body);
    return;
  }
  let at = 0;
  for (const token of tokens) {
    at += 1;
    const text = token.raw.trim();
    if (text === '' || token.type === 'space' || token.type === 'def') continue;
    // Front matter reads as a rule and a heading, and says nothing to people.
    if (token.type === 'hr') continue;
    if (token.type === 'heading') {
      const { depth, text: heading } = token as Tokens.Heading;
      if (at <= 2 && /^[\w-]+:\s/.test(heading) && body.startsWith('---')) continue;
      yield { heading: plain(heading), depth };
    } else yield blockOf(token, text);
  }
}

function blockOf(token: Token, text: string): Block {
  switch (token.type) {
    case 'list':
      return {
        text,
        parts: (token as Tokens.List).items.map(({ raw }) => raw.trimEnd()),
        head: '',
        isWhole: true,
      };
    case 'table': {
      const lines = text.split('\n');
      const head = `${lines.slice(0, 2).join('\n')}\n`;
      // A head that fills a passage by itself is repeated nowhere.
      return head.length > targetLength / 2
        ? { text, parts: lines, head: '', isWhole: true }
        : { text, parts: lines.slice(2), head, isWhole: true };
    }
    case 'code':
      return { text, parts: text.split('\n'), head: '', isWhole: true };
    default:
      return paragraph(text);
  }
}

function paragraph(text: string): Block {
  return { text, parts: [], head: '', isWhole: false };
}

/** The block, or pieces of it where it is too long. */
function* cut(block: Block): Generator<Block> {
  const limit = block.isWhole ? maxWholeLength : maxLength;
  if (block.text.length <= limit) {
    yield block;
    return;
  }
  const parts = block.isWhole ? block.parts : sentences(block.text);
  const between = block.isWhole ? '\n' : '';
  let open = '';
  for (const long of parts) {
    for (const part of fitting(long)) {
      const next = open === '' ? part : `${open}${between}${part}`;
      if (open !== '' && block.head.length + next.length > targetLength) {
        yield { ...block, text: `${block.head}${open}`.trim() };
        open = part;
      } else open = next;
    }
  }
  if (open.trim() !== '') yield { ...block, text: `${block.head}${open}`.trim() };
}

function sentences(text: string): string[] {
  const segmenter = new Intl.Segmenter('und', { granularity: 'sentence' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The text in pieces that fit, cut at a space where there is one, never inside a character. */
function* fitting(text: string): Generator<string> {
  let rest = text;
  while (rest.length > targetLength) {
    const space = rest.lastIndexOf(' ', targetLength);
    let end = space > targetLength / 2 ? space + 1 : targetLength;
    if (/[\uD800-\uDBFF]/.test(rest.charAt(end - 1))) end -= 1;
    yield rest.slice(0, end);
    rest = rest.slice(end);
  }
  if (rest !== '') yield rest;
}

/** A heading without its marks. */
function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`~]{1,3}(\S(?:.*?\S)?)[*_`~]{1,3}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
