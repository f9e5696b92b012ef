import { createHash } from 'node:crypto';
import type { SourceType } from '../../core/knowledge.ts';
import { chunksOf } from '../chunks.ts';
import { detectLanguage } from '../languages.ts';
import { searchableText } from '../words.ts';
import { readSource, type SourceFile } from './read-source.ts';

// What a reading process is asked, and what it answers.

export interface ReadRequest {
  readonly title: string;
  /** The file's own title is better, if it has one. */
  readonly takesTitle: boolean;
  /** To be read; null where `body` is there already. */
  readonly file: SourceFile | null;
  readonly body: string | null;
  readonly sourceType: SourceType;
  readonly chunkBody: boolean;
  /** A text search configuration, or `auto`. */
  readonly language: string;
}

export interface ReadChunk {
  /** Of all that terms and vector are made of. */
  readonly hash: Buffer;
  readonly context: string;
  readonly text: string;
  readonly contextWords: string;
  readonly textWords: string;
}

export interface ReadAnswer {
  readonly sourceType: SourceType;
  readonly title: string;
  readonly body: string;
  readonly language: string;
  readonly chunks: readonly ReadChunk[];
}

/** Words of one chunk that are searched: a text search vector holds no more than 1 MB. */
const maxWordsLength = 200_000;

/** Throws `Unreadable`. */
export async function answerRead(request: ReadRequest): Promise<ReadAnswer> {
  const read =
    request.file === null
      ? { sourceType: request.sourceType, title: null, body: request.body ?? '' }
      : await readSource(request.file);
  const { body } = read;
  const language = request.language === 'auto' ? detectLanguage(body) : request.language;
  const format = read.sourceType === 'text' ? 'text' : 'markdown';
  const whole = body.trim() === '' ? [] : [{ headings: [], text: body }];
  const texts = request.chunkBody ? chunksOf(body, format) : whole;
  const title = (request.takesTitle ? read.title : null) ?? request.title;
  const chunks = texts.map(({ headings, text }): ReadChunk => {
    const context = [title, ...headings].join(' › ');
    return {
      hash: createHash('sha256').update(`${language}\0${context}\0${text}`).digest(),
      context,
      text,
      contextWords: searchableText([title, ...headings].join(' ')),
      textWords: searchableText(text).slice(0, maxWordsLength),
    };
  });
  return { ...read, title, language, chunks };
}
