import { join } from 'node:path';
import type { BenchPostgres } from '../support/postgres.ts';
import { openOurs } from './ours.ts';
import { miniSearch, orama, type PythonPeers } from './peers.ts';
import { type Ranker, type Scores, scoresOf } from './scores.ts';
import { type Half, readSet, type SetName, setNames } from './sets.ts';

// nDCG@10 and recall@10 of every way to search, over every set.

export interface SetScores {
  readonly set: SetName;
  readonly documents: number;
  readonly queries: number;
  readonly by: ReadonlyMap<Method, Scores>;
}

export const lexicalPeers = ['MiniSearch', 'Orama', 'bm25s'] as const;
export const ownMethods = [
  'words',
  'WordLlama',
  'words + WordLlama',
  'MiniLM',
  'words + MiniLM',
] as const;
export type Method = (typeof lexicalPeers)[number] | (typeof ownMethods)[number];

/** Vectors only where the models know the language, which is English. */
export async function scoresOfSet(
  name: SetName,
  given: {
    readonly postgres: BenchPostgres;
    readonly python: PythonPeers;
    readonly cacheDir: string;
    readonly half: Half;
    readonly report: (line: string) => void;
  },
): Promise<SetScores> {
  const { postgres, python, cacheDir, half, report } = given;
  const set = await readSet(name, half);
  const { documents, language } = set;
  const by = new Map<Method, Scores>();
  const score = async (method: Method, rank: Ranker) => {
    const scores = await scoresOf(rank, set);
    by.set(method, scores);
    report(
      `${setNames[name].name}, ${method}: nDCG ${scores.ndcg.toFixed(4)}, recall ${scores.recall.toFixed(4)}`,
    );
  };
  await score('MiniSearch', (await miniSearch(documents)).rank);
  const theirs = await orama(documents, language);
  if (theirs !== null) await score('Orama', theirs.rank);
  await score('bm25s', (await python.bm25s(documents, language)).rank);
  const weights = join(cacheDir, 'wordllama');
  await using ours = await openOurs({ postgres, weights, embeddingsUrl: python.baseUrl });
  report(`indexed in ${Math.round(await ours.add(documents))} s`);
  await score('words', ours.ranker('text'));
  if (language === 'english') {
    report(`WordLlama in ${Math.round(await ours.embedWith('local/static'))} s`);
    await score('WordLlama', ours.ranker('vectors'));
    await score('words + WordLlama', ours.ranker());
    report(`MiniLM in ${Math.round(await ours.embedWith('openai-compatible/minilm'))} s`);
    await score('MiniLM', ours.ranker('vectors'));
    await score('words + MiniLM', ours.ranker());
  }
  return { set: name, documents: documents.length, queries: set.queries.length, by };
}
