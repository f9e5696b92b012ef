import type { RateState } from './dialect.ts';

// A sliding window of 60 buckets of a second. Without it a caller could send twice the limit around the
// border of a fixed window.

export const windowS = 60;

export type RateAnswer = RateState & { readonly allowed: boolean };

export interface RateLimiter {
  /** Counts a request. `allowed` is false, and nothing is counted, when the limit is reached. */
  take(key: string, limit: number): Promise<RateAnswer>;
}

/** The requests of one key in the last 60 seconds. */
export class RateWindow {
  /** By second modulo 60. */
  readonly #counts = new Uint32Array(windowS);
  /** Of them, what no other process has been told of. */
  readonly #untold = new Uint32Array(windowS);
  #newestS: number;
  #total = 0;
  #untoldTotal = 0;

  constructor(nowS: number) {
    this.#newestS = nowS;
  }

  get untold(): number {
    return this.#untoldTotal;
  }

  isOver(nowS: number): boolean {
    return nowS - this.#newestS >= windowS;
  }

  take(nowS: number, limit: number): RateAnswer {
    this.#forget(nowS);
    const allowed = this.#total < limit;
    if (allowed) this.#add(this.#newestS, 1, 1);
    const resetAtS = this.#oldestS() + windowS;
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - this.#total),
      resetAtS,
      retryAfterS: Math.max(1, resetAtS - nowS),
    };
  }

  /** What nobody was told of, by second; from then on it counts as told. */
  tell(nowS: number): { readonly second: number; readonly n: number }[] {
    this.#forget(nowS);
    const told = [];
    for (let second = this.#newestS - windowS + 1; second <= this.#newestS; second++) {
      const slot = slotOf(second);
      const n = this.#untold[slot] ?? 0;
      if (n === 0) continue;
      told.push({ second, n });
      this.#untold[slot] = 0;
    }
    this.#untoldTotal = 0;
    return told;
  }

  /** Telling failed: it counts as untold again. */
  takeBack(nowS: number, told: readonly { readonly second: number; readonly n: number }[]): void {
    this.#forget(nowS);
    for (const { second, n } of told) {
      if (second > this.#newestS - windowS) this.#add(second, 0, n);
    }
  }

  /** What all processes have told, own counts included, in place of what was known. */
  learn(nowS: number, all: readonly { readonly second: number; readonly n: number }[]): void {
    this.#forget(nowS);
    this.#counts.set(this.#untold);
    this.#total = this.#untoldTotal;
    for (const { second, n } of all) {
      // Another process's clock may be a little ahead.
      const at = Math.min(second, this.#newestS);
      if (at > this.#newestS - windowS) this.#add(at, n, 0);
    }
  }

  #add(second: number, n: number, untold: number): void {
    const slot = slotOf(second);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + n;
    this.#untold[slot] = (this.#untold[slot] ?? 0) + untold;
    this.#total += n;
    this.#untoldTotal += untold;
  }

  #forget(nowS: number): void {
    const passedS = Math.min(windowS, Math.max(0, nowS - this.#newestS));
    for (let second = 1; second <= passedS; second++) {
      const slot = slotOf(this.#newestS + second);
      this.#total -= this.#counts[slot] ?? 0;
      this.#untoldTotal -= this.#untold[slot] ?? 0;
      this.#counts[slot] = 0;
      this.#untold[slot] = 0;
    }
    // A clock that was set back keeps counting in the newest second.
    this.#newestS = Math.max(this.#newestS, nowS);
  }

  #oldestS(): number {
    for (let second = this.#newestS - windowS + 1; second < this.#newestS; second++) {
      if ((this.#counts[slotOf(second)] ?? 0) > 0) return second;
    }
    return this.#newestS;
  }
}

function slotOf(second: number): number {
  return ((second % windowS) + windowS) % windowS;
}

/** A limiter of this process alone. `nowMs` is for tests. */
export function createRateLimiter(nowMs: () => number = Date.now): RateLimiter {
  const windows = new RateWindows(nowMs);
  return { take: async (key, limit) => windows.of(key).take(windows.nowS(), limit) };
}

/** Windows by key; those that nobody used for a minute are dropped. */
export class RateWindows {
  readonly #nowMs: () => number;
  readonly #windows = new Map<string, RateWindow>();
  #sweptS = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  nowS(): number {
    return Math.floor(this.#nowMs() / 1_000);
  }

  of(key: string): RateWindow {
    const nowS = this.nowS();
    if (nowS - this.#sweptS >= windowS) {
      this.#sweptS = nowS;
      for (const [name, window] of this.#windows) {
        if (window.isOver(nowS)) this.#windows.delete(name);
      }
    }
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = new RateWindow(nowS);
      this.#windows.set(key, window);
    }
    return window;
  }

  /** Those that have something to tell. */
  *untold(): Iterable<readonly [key: string, window: RateWindow]> {
    for (const entry of this.#windows) if (entry[1].untold > 0) yield entry;
  }
}
