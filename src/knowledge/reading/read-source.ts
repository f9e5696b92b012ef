import { parse as parseCsv } from 'csv-parse/sync';
import mammoth from 'mammoth';
import type { SourceType } from '../../core/knowledge.ts';
import { decodeText } from './decode-text.ts';
import { htmlToMarkdown, tableMarkdown } from './html-to-markdown.ts';
import { readPdf } from './read-pdf.ts';
import { namedSourceType } from './source-types.ts';
import { Unreadable } from './unreadable.ts';
import { checkZip } from './zip-bounds.ts';

// A file or page as text that can be cut and searched. Runs in a process of its own (readers.ts): the libraries
// here are given whatever people upload.

export interface SourceFile {
  readonly bytes: Buffer;
  readonly name: string | null;
  readonly mediaType: string | null;
}

export interface ReadSource {
  readonly sourceType: SourceType;
  /** As the file says it. */
  readonly title: string | null;
  readonly body: string;
}

/** Characters of a body. */
const maxBodyLength = 5_000_000;

/** Throws `Unreadable`. */
export async function readSource(file: SourceFile): Promise<ReadSource> {
  const sourceType = sourceTypeOf(file);
  const { title, body } = await readAs(sourceType, file);
  const text = body.trim();
  if (text === '') throw new Unreadable('The file has no text.');
  if (text.length > maxBodyLength) {
    throw new Unreadable(`The file has more than ${maxBodyLength} characters of text. Split it.`);
  }
  return { sourceType, title: title === null ? null : title.slice(0, 300), body: text };
}

async function readAs(
  sourceType: SourceType,
  file: SourceFile,
): Promise<{ readonly title: string | null; readonly body: string }> {
  if (sourceType === 'pdf') {
    const { title, markdown } = await readPdf(file.bytes);
    return { title, body: markdown };
  }
  if (sourceType === 'docx') {
    checkZip(file.bytes);
    return { title: null, body: await readDocx(file.bytes) };
  }
  const text = decodeText(file.bytes, charsetOf(file));
  if (sourceType === 'html') {
    const { title, markdown } = htmlToMarkdown(text);
    return { title, body: markdown };
  }
  return { title: null, body: sourceType === 'csv' ? readCsv(text) : text };
}

async function readDocx(bytes: Buffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: bytes },
      {
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      },
    );
    return htmlToMarkdown(value).markdown;
  } catch (cause) {
    throw new Unreadable('The document is damaged, or no DOCX at all. Save it anew.', { cause });
  }
}

function readCsv(text: string): string {
  try {
    const rows = parseCsv(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: 1_000_000,
    }) as string[][];
    return tableMarkdown(rows);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Unreadable(`The CSV file cannot be read: ${reason.replace(/\.?$/, '.')}`, { cause });
  }
}

/** The one that the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.slice(0, 10_000).split('\n')[0] ?? '';
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, n: line.split(mark).length }));
  return counts.toSorted((a, b) => b.n - a.n)[0]?.mark ?? ',';
}

/** What the bytes are, where they say it themselves; else what name and type promise. Throws `Unreadable`. */
function sourceTypeOf({ bytes, name, mediaType }: SourceFile): SourceType {
  const head = bytes.subarray(0, 1_024).toString('latin1');
  const named = namedSourceType(name, mediaType);
  if (head.includes('%PDF-')) return 'pdf';
  if (head.startsWith('PK\x03\x04')) {
    if (named === null || named === 'docx') return 'docx';
    throw new Unreadable(`The file is a ZIP archive, not ${named}. Of those only DOCX is read.`);
  }
  if (head.startsWith('\xd0\xcf\x11\xe0')) {
    throw new Unreadable(
      'The file is of an old Office format (.doc, .xls). Save it as DOCX or PDF.',
    );
  }
  if (named === 'pdf' || named === 'docx') {
    throw new Unreadable(`The file is no ${named.toUpperCase()}, whatever its name says.`);
  }
  if (named !== null) return named;
  return /^\s*(<!doctype html|<html)/i.test(head) ? 'html' : 'text';
}

/** Of the media type, or of the page's own `meta`. */
function charsetOf({ bytes, mediaType }: SourceFile): string | null {
  const said = /charset="?([\w-]+)/i.exec(mediaType ?? '')?.[1];
  if (said !== undefined) return said;
  const head = bytes.subarray(0, 2_048).toString('latin1');
  return /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1] ?? null;
}
