import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { summary } from '../support/measure.ts';
import type { BenchPostgres } from '../support/postgres.ts';
import { openOurs } from './ours.ts';
import { type Indexed, miniSearch, orama, type PythonPeers } from './peers.ts';
import { readSet, type SetDocument } from './sets.ts';

// Time and memory of search among many chunks. Their text is sentences of the sets in another order, so words
// are as frequent as in real texts.

export interface ScaleFigures {
  readonly name: string;
  readonly indexSeconds: number;
  /** In the memory of the process that searches; null: not told. */
  readonly bytes: number | null;
  readonly diskBytes: number | null;
  readonly n: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const chunksANode = 20;
const chunkLength = 900;
const entities = 50;
const questions = 200;

interface Corpus {
  readonly nodes: readonly (SetDocument & { readonly entityIds: readonly string[] })[];
  /** The same text, a document each: what the peers index. */
  readonly chunks: readonly SetDocument[];
  readonly queries: readonly string[];
}

export async function measureScale(
  chunkCount: number,
  given: {
    readonly postgres: BenchPostgres;
    readonly python: PythonPeers;
    readonly cacheDir: string;
    readonly report: (line: string) => void;
  },
): Promise<readonly ScaleFigures[]> {
  const { postgres, python, cacheDir, report } = given;
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NodeJS.GCFunction;
  const corpus = await makeCorpus(chunkCount);
  const figures: ScaleFigures[] = [];
  const keep = (one: ScaleFigures) => {
    figures.push(one);
    report(
      `${one.name}: p50 ${one.p50Ms.toFixed(1)} ms, p99 ${one.p99Ms.toFixed(1)} ms, indexed in ${Math.round(one.indexSeconds)} s`,
    );
  };
  const peer = async (name: string, index: Indexed | null, lastMs?: () => number) => {
    if (index === null) return;
    const { indexSeconds, bytes, rank } = index;
    const times = await timesOf(corpus.queries, rank, lastMs);
    keep({ ...times, name, indexSeconds, bytes, diskBytes: null });
  };
  await peer('MiniSearch', await miniSearch(corpus.chunks));
  await peer('Orama', await orama(corpus.chunks, 'english'));
  await peer('bm25s', await python.bm25s(corpus.chunks, 'english'), python.lastMs);

  const weights = join(cacheDir, 'wordllama');
  await using ours = await openOurs({ postgres, weights, embeddingsUrl: null });
  let indexSeconds = await ours.add(corpus.nodes);
  const [stored] = await ours.db.query<{ n: number }>('SELECT count(*) AS n FROM kb_chunks');
  if (stored?.n !== corpus.chunks.length) {
    throw new Error(`There are ${stored?.n} chunks, not ${corpus.chunks.length}.`);
  }
  await ours.db.execute('VACUUM ANALYZE');
  const scope = { workspaceId: ours.workspaceId, withUnscoped: false };
  const measureOurs = async (name: string, entityOf?: (at: number) => string) => {
    let at = 0;
    const search = async (query: string) => {
      at += 1;
      const entityIds = entityOf === undefined ? null : [entityOf(at)];
      const { passages, degraded } = await ours.search(query, { scope: { ...scope, entityIds } });
      if (degraded !== null) throw new Error(degraded);
      return passages.map(({ id }) => id);
    };
    const times = await timesOf(corpus.queries, search);
    const [disk] = await ours.db.query<{ bytes: number }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    );
    const bytes = ours.vectors.bytes;
    keep({ ...times, name, indexSeconds, bytes, diskBytes: disk?.bytes ?? null });
  };
  const entityOf = (at: number) => `house-${at % entities}`;
  await measureOurs('ours, words');
  await measureOurs('ours, words, of one entity', entityOf);
  indexSeconds = await ours.embedWith('local/static');
  await measureOurs('ours, words + WordLlama');
  await measureOurs('ours, words + WordLlama, of one entity', entityOf);
  return figures;
}

async function timesOf(
  queries: readonly string[],
  search: (query: string) => Promise<readonly string[]>,
  lastMs?: () => number,
) {
  for (const query of queries.slice(0, 20)) await search(query);
  const took: number[] = [];
  const startedAt = performance.now();
  for (const query of queries) {
    const from = performance.now();
    await search(query);
    took.push(lastMs?.() ?? performance.now() - from);
  }
  const { n, p50Ms, p99Ms } = summary(took, {
    concurrency: 1,
    elapsedMs: performance.now() - startedAt,
  });
  return { n, p50Ms, p99Ms };
}

async function makeCorpus(count: number): Promise<Corpus> {
  const random = seededRandom(11);
  const sets = await Promise.all(
    (['scifact', 'pubmedqa', 'xquad-en'] as const).map((name) => readSet(name)),
  );
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const sentences = sets
    .flatMap(({ documents }) => documents)
    .flatMap(({ text }) => Array.from(segmenter.segment(text), ({ segment }) => segment.trim()))
    .filter((sentence) => sentence.length > 20 && sentence.length < 400)
    // What Markdown would take for its own.
    .filter((sentence) => /^\p{Lu}/u.test(sentence));
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const chunks = Array.from({ length: count }, (_, at) => {
    let text = pick(sentences);
    for (;;) {
      const more = `${text} ${pick(sentences)}`;
      if (more.length > chunkLength) break;
      text = more;
    }
    return { id: String(at), title: `Section ${at}`, text };
  });
  const nodes = Array.from({ length: Math.ceil(count / chunksANode) }, (_, at) => ({
    id: String(at),
    title: `Document ${at}`,
    text: chunks
      .slice(at * chunksANode, (at + 1) * chunksANode)
      .map(({ title, text }) => `## ${title}\n\n${text}\n`)
      .join('\n'),
    entityIds: [`house-${at % entities}`],
  }));
  const asked = sets.flatMap(({ queries }) => queries.map(({ text }) => text));
  return { nodes, chunks, queries: Array.from({ length: questions }, () => pick(asked)) };
}
