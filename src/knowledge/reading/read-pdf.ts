import { getDocumentProxy } from 'unpdf';
import { Unreadable } from './unreadable.ts';

interface Line {
  text: string;
  readonly size: number;
  readonly y: number;
}

const maxPages = 5_000;

/** A PDF's text as Markdown: lines in larger letters are headings. Throws `Unreadable`. */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ readonly title: string | null; readonly markdown: string }> {
  const document = await open(bytes);
  if (document.numPages > maxPages) {
    throw new Unreadable(`The PDF has more than ${maxPages} pages. Split it.`);
  }
  const pages: Line[][] = [];
  for (let n = 1; n <= document.numPages; n++) {
    try {
      const page = await document.getPage(n);
      pages.push(linesOf((await page.getTextContent()).items as readonly Item[]));
      page.cleanup();
    } catch {
      // A damaged page is one page less.
      pages.push([]);
    }
  }
  const title = await titleOf(document);
  const markdown = toMarkdown(pages);
  if (markdown === '') {
    throw new Unreadable(
      'The PDF has no text: its pages are pictures. Recognize their text (OCR) first.',
    );
  }
  return { title, markdown };
}

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

async function open(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      stopAtErrors: false,
      verbosity: 0,
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') {
      throw new Unreadable('The PDF asks for a password. Save it without one.', { cause: error });
    }
    throw new Unreadable('The PDF is damaged, or no PDF at all. Save it anew.', { cause: error });
  }
}

async function titleOf(document: PdfDocument): Promise<string | null> {
  try {
    const { info } = await document.getMetadata();
    const { Title: title } = info as { readonly Title?: unknown };
    return typeof title === 'string' && title.trim() !== '' ? title.trim() : null;
  } catch {
    return null;
  }
}

interface Item {
  readonly str?: string;
  readonly hasEOL?: boolean;
  readonly height?: number;
  readonly transform?: readonly number[];
}

function linesOf(items: readonly Item[]): Line[] {
  const lines: Line[] = [];
  let open: Line | null = null;
  for (const { str = '', hasEOL, height = 0, transform } of items) {
    const y = transform?.[5] ?? 0;
    if (open !== null && str.trim() !== '' && Math.abs(open.y - y) > Math.max(2, open.size / 2)) {
      lines.push(open);
      open = null;
    }
    if (str !== '') {
      if (open === null) open = { text: str, size: height, y };
      else open.text += str;
    }
    if (hasEOL === true && open !== null) {
      lines.push(open);
      open = null;
    }
  }
  if (open !== null) lines.push(open);
  return lines
    .map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== '');
}

function toMarkdown(pages: readonly (readonly Line[])[]): string {
  const usual = usualSize(pages.flat());
  const blocks: string[] = [];
  for (const lines of pages) {
    let open: string[] = [];
    const flush = () => {
      if (open.length > 0) blocks.push(joined(open));
      open = [];
    };
    for (const [at, line] of lines.entries()) {
      const before = lines[at - 1];
      const isHeading = line.size > usual * 1.15 && line.text.length <= 120;
      const gap = before === undefined ? 0 : Math.abs(before.y - line.y);
      if (isHeading || gap > usual * 1.9) flush();
      if (isHeading) blocks.push(`${line.size > usual * 1.5 ? '#' : '##'} ${line.text}`);
      else open.push(line.text);
    }
    flush();
  }
  return blocks.join('\n\n');
}

/** Lines of a paragraph as one; a word that was divided is whole again. */
function joined(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/(\p{Ll})[-\u00ad]\n(\p{Ll})/gu, '$1$2')
    .replaceAll('\n', ' ')
    .replace(/^([#>+*-]|\d+[.)])(\s)/, '\\$1$2');
}

function usualSize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  const [most] = [...letters].toSorted((a, b) => b[1] - a[1]);
  return most?.[0] ?? 10;
}
