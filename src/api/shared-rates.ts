import type { Logger } from '../core/logger.ts';
import type { Queryable } from '../store/connect.ts';
import { addRateCounts, type RateCount } from '../store/rate-counts.ts';
import {
  type RateAnswer,
  type RateLimiter,
  type RateWindow,
  RateWindows,
  windowS,
} from './rate-limit.ts';

// One limit over all processes of a database. A process counts by itself and tells the others of it: every
// second, and before it has let in more than a hundredth of a limit that they do not know of (another may be on its
// way to them). So with `p`
// processes a limit lets in at most `limit + 2 × p × ceil(limit / 100)` in 60 seconds, for one statement a hundredth.
// While the database does not answer, each process counts alone. Processes are of one machine, and one clock.

const tellEveryMs = 1_000;
/** A request waits so long for the others' counts at most. */
const patienceMs = 250;
const quietAfterFailureMs = 1_000;
const mostKeys = 1_000;

/** Requests that one process lets in without telling the others. */
export function untoldAtMost(limit: number): number {
  return Math.max(1, Math.ceil(limit / 100));
}

export class SharedRates implements RateLimiter, Disposable {
  readonly #db: Queryable;
  readonly #logger: Logger;
  readonly #windows: RateWindows;
  readonly #timer: NodeJS.Timeout;
  #telling: Promise<void> | null = null;
  #quietUntilMs = 0;

  /** `nowMs` is for tests. */
  constructor(deps: { readonly db: Queryable; readonly logger: Logger }, nowMs = Date.now) {
    this.#db = deps.db;
    this.#logger = deps.logger;
    this.#windows = new RateWindows(nowMs);
    this.#timer = setInterval(() => void this.#tell(), tellEveryMs);
    this.#timer.unref();
  }

  async take(key: string, limit: number): Promise<RateAnswer> {
    const window = this.#windows.of(key);
    const until = performance.now() + patienceMs;
    while (window.untold >= untoldAtMost(limit) && !this.#isQuiet(until)) {
      await Promise.race([this.#tell(), timer(until - performance.now())]);
    }
    return window.take(this.#windows.nowS(), limit);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #isQuiet(until: number): boolean {
    const now = performance.now();
    return now >= until || now < this.#quietUntilMs;
  }

  #tell(): Promise<void> {
    this.#telling ??= this.#tellNow().finally(() => {
      this.#telling = null;
    });
    return this.#telling;
  }

  async #tellNow(): Promise<void> {
    const nowS = this.#windows.nowS();
    const told = new Map<string, { window: RateWindow; counts: ReturnType<RateWindow['tell']> }>();
    const counts: RateCount[] = [];
    for (const [key, window] of this.#windows.untold()) {
      if (told.size >= mostKeys) break;
      const ofKey = window.tell(nowS);
      told.set(key, { window, counts: ofKey });
      counts.push(...ofKey.map((count) => ({ key, ...count })));
    }
    if (counts.length === 0) return;
    try {
      const all = Map.groupBy(
        await addRateCounts(this.#db, counts, nowS - windowS),
        ({ key }) => key,
      );
      for (const [key, { window }] of told) window.learn(this.#windows.nowS(), all.get(key) ?? []);
    } catch (err) {
      // It may have been counted: then it counts twice, until its minute is over.
      for (const { window, counts } of told.values()) {
        window.takeBack(this.#windows.nowS(), counts);
      }
      this.#quietUntilMs = performance.now() + quietAfterFailureMs;
      this.#logger.debug({ err }, 'Counts of requests could not be shared');
    }
  }
}

async function timer(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms)).unref());
}
