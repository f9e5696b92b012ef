import type { RateState } from './dialect.ts';

// A sliding window of 60 buckets of a second, in memory: a limit holds per process.
// Without it a caller could send twice the limit around the border of a fixed window.

const windowS = 60;

interface Window {
  /** Requests in each of the last 60 seconds, by second modulo 60. */
  readonly counts: Uint32Array;
  newestS: number;
  total: number;
}

export interface RateLimiter {
  /** Counts a request. `allowed` is false, and nothing is counted, when the limit is reached. */
  take(key: string, limit: number): RateState & { readonly allowed: boolean };
}

/** A limiter over the last 60 seconds. `nowMs` is for tests. */
export function createRateLimiter(nowMs: () => number = Date.now): RateLimiter {
  const windows = new Map<string, Window>();
  let sweptS = 0;
  return {
    take(key, limit) {
      const nowS = Math.floor(nowMs() / 1_000);
      if (nowS - sweptS >= windowS) {
        sweptS = nowS;
        for (const [name, window] of windows)
          if (nowS - window.newestS >= windowS) windows.delete(name);
      }
      const window = windows.get(key) ?? {
        counts: new Uint32Array(windowS),
        newestS: nowS,
        total: 0,
      };
      windows.set(key, window);
      forget(window, nowS);
      const allowed = window.total < limit;
      if (allowed) {
        const slot = window.newestS % windowS;
        window.counts[slot] = (window.counts[slot] ?? 0) + 1;
        window.total++;
      }
      const resetAtS = oldestS(window) + windowS;
      return {
        allowed,
        limit,
        remaining: Math.max(0, limit - window.total),
        resetAtS,
        retryAfterS: Math.max(1, resetAtS - nowS),
      };
    },
  };
}

function forget(window: Window, nowS: number): void {
  const passedS = Math.min(windowS, Math.max(0, nowS - window.newestS));
  for (let second = 1; second <= passedS; second++) {
    const slot = (window.newestS + second) % windowS;
    window.total -= window.counts[slot] ?? 0;
    window.counts[slot] = 0;
  }
  // A clock that was set back keeps counting in the newest second.
  window.newestS = Math.max(window.newestS, nowS);
}

function oldestS(window: Window): number {
  for (let second = window.newestS - windowS + 1; second < window.newestS; second++) {
    if ((window.counts[((second % windowS) + windowS) % windowS] ?? 0) > 0) return second;
  }
  return window.newestS;
}
