import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { create, insertMultiple, search } from '@orama/orama';
import { stemmer as arabic } from '@orama/stemmers/arabic';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as turkish } from '@orama/stemmers/turkish';
import { stopwords as arabicStops } from '@orama/stopwords/arabic';
import { stopwords as englishStops } from '@orama/stopwords/english';
import { stopwords as germanStops } from '@orama/stopwords/german';
import { stopwords as russianStops } from '@orama/stopwords/russian';
import { stopwords as spanishStops } from '@orama/stopwords/spanish';
import { stopwords as turkishStops } from '@orama/stopwords/turkish';
import MiniSearch from 'minisearch';
import type { Ranker } from './scores.ts';
import type { Language, SetDocument } from './sets.ts';

// What others make of the same documents, each set up as its documentation says for the language. What has no
// stemmer or no stop words for a language goes without.

export interface Indexed {
  readonly rank: Ranker;
  readonly indexSeconds: number;
  /** What the index costs in memory; null where that is not told. */
  readonly bytes: number | null;
}

/** The documents' text in memory is not the index's: they are there already when it is built. */
async function built(build: () => Promise<Ranker>): Promise<Indexed> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const startedAt = performance.now();
  const rank = await build();
  const indexSeconds = (performance.now() - startedAt) / 1_000;
  globalThis.gc?.();
  const bytes = globalThis.gc === undefined ? null : process.memoryUsage().heapUsed - before;
  return { rank, indexSeconds, bytes };
}

export function miniSearch(documents: readonly SetDocument[]): Promise<Indexed> {
  return built(async () => {
    const index = new MiniSearch<SetDocument>({ fields: ['title', 'text'] });
    index.addAll(documents);
    return async (query) =>
      index
        .search(query)
        .slice(0, 10)
        .map(({ id }) => String(id));
  });
}

const oramaLanguages = {
  english: { stemmer: undefined, stopWords: englishStops },
  german: { stemmer: german, stopWords: germanStops },
  spanish: { stemmer: spanish, stopWords: spanishStops },
  russian: { stemmer: russian, stopWords: russianStops },
  turkish: { stemmer: turkish, stopWords: turkishStops },
  arabic: { stemmer: arabic, stopWords: arabicStops },
} as const;

/** Null: Orama's tokenizer does not read the language. */
export async function orama(
  documents: readonly SetDocument[],
  language: Language,
): Promise<Indexed | null> {
  if (language === 'chinese') return null;
  const { stemmer, stopWords } = oramaLanguages[language];
  return await built(async () => {
    const index = create({
      schema: { title: 'string', text: 'string' } as const,
      components: {
        tokenizer: {
          ...{ language, stemming: true, stopWords },
          ...(stemmer === undefined ? {} : { stemmer }),
        },
      },
    });
    await insertMultiple(index, [...documents], 500);
    return async (query) => {
      // A threshold of 1 finds documents that have any of the words, as the others do.
      const { hits } = await search(index, { term: query, limit: 10, threshold: 1 });
      return hits.map(({ id }) => id);
    };
  });
}

/** Embeddings by an OpenAI-compatible API, and bm25s: both are Python's. */
export interface PythonPeers extends AsyncDisposable {
  readonly baseUrl: string;
  bm25s(documents: readonly SetDocument[], language: Language): Promise<Indexed>;
  /** Milliseconds of the last search, without the way to it. */
  lastMs(): number;
}

/** Throws when Python, or what it needs from its registry, is not to be had. */
export async function startPythonPeers(cacheDir: string): Promise<PythonPeers> {
  const script = fileURLToPath(new URL('serve-peers.sh', import.meta.url));
  const child = spawn('sh', [script, cacheDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => ['']),
  ])) as [string];
  if (line === '') throw new Error('The peers in Python did not start.');
  let lastMs = 0;
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${line}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return await response.json();
  };
  return {
    baseUrl: line,
    lastMs: () => lastMs,
    bm25s: async (documents, language) => {
      const texts = documents.map(({ title, text }) => `${title} ${text}`);
      const words = language === 'chinese' ? null : oramaLanguages[language].stopWords;
      const made = (await post('/bm25s/index', {
        texts,
        language: words === null ? null : language,
        stop_words: words,
      })) as { readonly seconds: number; readonly bytes: number };
      return {
        indexSeconds: made.seconds,
        bytes: made.bytes,
        rank: async (query) => {
          const answer = (await post('/bm25s/search', { query, limit: 10 })) as {
            readonly found: readonly number[];
            readonly ms: number;
          };
          lastMs = answer.ms;
          return answer.found.map((at) => documents[at]?.id ?? '');
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    },
  };
}
