import { figure, markdownTable } from '../support/report.ts';
import { lexicalPeers, type Method, ownMethods, type SetScores } from './quality.ts';
import type { ScaleFigures } from './scale.ts';
import { setNames } from './sets.ts';

const points = (share: number | undefined) =>
  share === undefined ? '–' : (share * 100).toFixed(1);

/** A row for each method, a column for each set, and the mean over all sets. */
export function scoreTable(
  scores: readonly SetScores[],
  measure: 'ndcg' | 'recall',
  methods: readonly Method[],
): string {
  const of = (set: SetScores, method: Method) => set.by.get(method)?.[measure];
  const rows = methods.map((method) => {
    const values = scores.map((set) => of(set, method));
    return [method, ...values.map(points), points(meanOf(values))];
  });
  return markdownTable(
    ['', ...scores.map(({ set }) => setNames[set].name.replace('XQuAD, ', '')), 'mean'],
    rows,
  );
}

/** Undefined where a set is missing: means over different sets cannot be compared. */
function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length || known.length === 0
    ? undefined
    : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export function scaleTable(figures: readonly ScaleFigures[]): string {
  const size = (bytes: number | null) => (bytes === null ? '–' : figure(bytes / 2 ** 20));
  return markdownTable(
    ['', 'index s', 'memory MiB', 'disk MiB', 'searches', 'p50 ms', 'p99 ms'],
    figures.map(({ name, indexSeconds, bytes, diskBytes, n, p50Ms, p99Ms }) => [
      ...[name, figure(indexSeconds), size(bytes), size(diskBytes), n],
      ...[figure(p50Ms), figure(p99Ms)],
    ]),
  );
}

/** What was promised, and whether it came out; each in a sentence. */
export function verdicts(scores: readonly SetScores[]): readonly string[] {
  const english = scores.filter(({ by }) => by.has('words + MiniLM'));
  const mean = (sets: readonly SetScores[], method: Method) =>
    meanOf(sets.map(({ by }) => by.get(method)?.ndcg)) ?? Number.NaN;
  const best = (methods: readonly Method[]) =>
    methods.reduce((a, b) => (mean(english, b) > mean(english, a) ? b : a));
  const lines: string[] = [];
  if (english.length > 0) {
    const methods: readonly Method[] = [...lexicalPeers, ...ownMethods];
    lines.push(`Best nDCG@10 on the mean of the English sets: ${best(methods)}.`);
    for (const [fused, vectors] of [
      ['words + WordLlama', 'WordLlama'],
      ['words + MiniLM', 'MiniLM'],
    ] as const) {
      const below = english.map(({ set, by }) => {
        const single = Math.max(by.get('words')?.ndcg ?? 0, by.get(vectors)?.ndcg ?? 0);
        return { set, by: single - (by.get(fused)?.ndcg ?? 0) };
      });
      const worst = below.reduce((a, b) => (b.by > a.by ? b : a));
      lines.push(
        worst.by > 0
          ? `${fused} is at most ${points(worst.by)} points below the better of its two (${setNames[worst.set].name}).`
          : `${fused} is better than either of its two on every English set.`,
      );
    }
  }
  const peer = lexicalPeers.map((name) => ({
    name,
    above: scores.flatMap(({ set, by }) => {
      const [theirs, own] = [by.get(name)?.ndcg, by.get('words')?.ndcg];
      if (theirs === undefined || own === undefined || own >= theirs) return [];
      return [`${setNames[set].name} (by ${points(theirs - own)})`];
    }),
  }));
  const better = peer.filter(({ above }) => above.length > 0);
  const spaced = scores.filter(({ set }) => setNames[set].language !== 'chinese');
  const compared = lexicalPeers
    .map((name) => {
      const shared = spaced.filter(({ by }) => by.has(name));
      return `${points(mean(shared, name))} for ${name} (ours ${points(mean(shared, 'words'))})`;
    })
    .join(', ');
  lines.push(
    `Without embeddings, nDCG@10 on the mean of the sets, without Chinese, which no peer cuts into words: ${compared}.`,
  );
  lines.push(
    better.length === 0
      ? 'Without embeddings, ours is at least as good as every peer on every set.'
      : `Better than our words: ${better.map(({ name, above }) => `${name} on ${above.join(', ')}`).join('; ')}.`,
  );
  return lines;
}
