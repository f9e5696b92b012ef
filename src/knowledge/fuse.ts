import type { RankedText } from './rank-by-words.ts';
import type { Nearest } from './vector-index.ts';

/**
 * How slowly a rank loses weight, and what the ranking by words weighs. The usual 60 and equal parts (Cormack, Clarke
 * and Büttcher 2009) are for rankings of one quality: a small model's vectors then cost more at the top than they find.
 * By what they were chosen: decisions/0042.
 */
const rankConstant = 5;
const textWeight = 0.8;

/** Two rankings as one, by ranks alone: their scores have no common measure. */
export function fuse(
  texts: readonly RankedText[],
  near: readonly Nearest[],
): readonly RankedText[] {
  const all = new Map<number, RankedText>();
  const add = (no: number, rank: number, given: { coverage: number; weight: number }) => {
    const before = all.get(no) ?? { no, score: 0, coverage: given.coverage };
    // The best of both rankings has 1.
    const share = (given.weight * (rankConstant + 1)) / (rankConstant + 1 + rank);
    all.set(no, { ...before, score: before.score + share });
  };
  for (const [rank, { no, coverage }] of texts.entries()) {
    add(no, rank, { coverage, weight: textWeight });
  }
  for (const [rank, { no }] of near.entries()) {
    add(no, rank, { coverage: 0, weight: 1 - textWeight });
  }
  return [...all.values()].toSorted((a, b) => b.score - a.score || a.no - b.no);
}
