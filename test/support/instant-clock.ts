import type { Clock } from '../../src/models/clock.ts';

export interface InstantClock extends Clock {
  /** Every wait, in milliseconds, in order. */
  readonly slept: number[];
}

/** A clock whose waits are over at once and move its time on. `random` is always the given value. */
export function createInstantClock(random = 0): InstantClock {
  let nowMs = 1_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    wallNow: () => Date.UTC(2026, 0, 1) + nowMs,
    random: () => random,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
    },
  };
}
