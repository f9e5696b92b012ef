import { ApiError } from '../core/errors.ts';

// Load shedding: a process that cannot keep up refuses early what it has not begun, while refusing is still cheap,
// so that what it takes is answered in time. Looked at are the delay of the event loop, the dispatches that wait
// for a commit, and the requests that wait for a connection to the database. Health is never asked here.

export interface LoadGate {
  /** Throws `unavailable`, to be tried again shortly, while the process cannot keep up. */
  admit(request: { readonly isWrite: boolean }): void;
}

/** What is looked at, by the ms and by the count. */
export interface LoadSigns {
  readonly loopDelayMs: () => number;
  readonly waitingCommits: () => number;
  readonly waitingQueries: () => number;
}

export const loadLimits = {
  loopDelayMs: 250,
  waitingCommits: 2_048,
  waitingQueries: 500,
  /** Reads are refused later than writes: at so many times these. */
  readsAt: 4,
} as const;

const retryAfterS = 1;

export function createLoadGate(signs: LoadSigns): LoadGate {
  return {
    admit({ isWrite }) {
      const times = isWrite ? 1 : loadLimits.readsAt;
      const isOver =
        signs.loopDelayMs() > times * loadLimits.loopDelayMs ||
        signs.waitingCommits() > times * loadLimits.waitingCommits ||
        signs.waitingQueries() > times * loadLimits.waitingQueries;
      if (!isOver) return;
      throw new ApiError(
        'unavailable',
        'The server has more to do than it can at the moment. Nothing of the request was done; send it again.',
        { retryAfterS },
      );
    },
  };
}

const lookEveryMs = 50;

/** How late this process's event loop is. A single stall is no overload: it counts when it lasts over two looks. */
export class LoopDelay implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #dueMs = performance.now() + lookEveryMs;
  #last = 0;
  #lasting = 0;

  constructor() {
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  get ms(): number {
    return this.#lasting;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const delay = Math.max(0, now - this.#dueMs);
    this.#lasting = Math.min(delay, this.#last);
    this.#last = delay;
    this.#dueMs = now + lookEveryMs;
  }
}
