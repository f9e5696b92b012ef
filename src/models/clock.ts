import { setTimeout as sleepMs } from 'node:timers/promises';

/** Time as the retries see it; tests hand in one that does not wait. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall clock, for `Retry-After` dates. Milliseconds since 1970. */
  wallNow(): number;
  /** Rejects as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, below 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleepMs(ms, undefined, signal === undefined ? {} : { signal });
  },
  random: () => Math.random(),
};
