import { seededRandom } from '../support/seeded-random.ts';
import type { ModelCall } from './judge.ts';

// What run number `n` does: the same for everybody who asks.

/** The one that other runs ask; the first agent of its database. */
export const helperTool = 'agent_1_helper';

const firstFork = 10_000_000;
const firstChild = 1_000_000;

export const forkedNumber = (n: number): number => firstFork + n;
const isChild = (n: number): boolean => n >= firstChild && n < firstFork;

/** One to three turns of one or two calls, then `finish`. What others ask for asks nobody. */
export function answerOf({ n, turn }: ModelCall) {
  const random = seededRandom(n);
  const turns = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    Array.from({ length: 1 + Math.floor(random() * 2) }, () => toolFor(n, random())),
  );
  const names = turns[turn];
  if (names === undefined) {
    return { toolCalls: [{ name: 'finish', arguments: { disposition: 'resolved' } }] };
  }
  return {
    toolCalls: names.map((name, index) => ({
      name,
      arguments: name === helperTool ? asking(n, 10 * turn + index) : {},
    })),
  };
}

function toolFor(n: number, chance: number): string {
  if (chance < 0.1) return 'dump';
  if (chance < 0.25 && n < firstChild) return helperTool;
  return chance < 0.6 || (isChild(n) && chance < 0.7) ? 'count' : 'pay';
}

function asking(n: number, call: number) {
  return { message: 'Do it.', payload: { n: firstChild + 100 * n + call } };
}
