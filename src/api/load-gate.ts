import { ApiError } from '../core/errors.ts';
import { WritesUnderWay, writeLimits } from './writes-under-way.ts';

// Load shedding: a process that cannot keep up refuses early what it has not begun, while refusing is still cheap,
// so that what it takes is answered in time. Looked at are the writes under way and how long they take, the delay of
// the event loop, the dispatches that wait for a commit, and the requests that wait for a connection to the database.
// Health is never asked here.

export interface LoadGate {
  /** Whether a request is to be refused now, and then counted as refused. */
  refuses(request: { readonly isWrite: boolean }): boolean;
  /**
   * Throws `Overloaded`, to be tried again shortly, while the process cannot keep up. Disposed when the request is
   * answered. How long writes take that wait for somebody else tells nothing of this process.
   */
  admit(request: { readonly isWrite: boolean; readonly waitsForOthers?: boolean }): Disposable;
}

/** Refused before anything of it was done. No failure of the server: it is counted, not told one by one. */
export class Overloaded extends ApiError {
  constructor() {
    super(
      'unavailable',
      'The server has more to do than it can at the moment. Nothing of the request was done; send it again.',
      { retryAfterS: 1 },
    );
  }
}

/** What is looked at, by the ms and by the count. */
export interface LoadSigns {
  readonly loopDelayMs: () => number;
  readonly waitingCommits: () => number;
  readonly waitingQueries: () => number;
  /** Told, at most every `tellEveryMs`, how many requests were refused since it was told last. */
  readonly onRefused?: (count: number) => void;
  readonly now?: () => number;
}

export const loadLimits = {
  loopDelayMs: 250,
  waitingCommits: 2_048,
  waitingQueries: 500,
  writeMs: writeLimits.quickestMs,
  writesAtOnce: writeLimits.atOnce,
  /** Reads are refused later than writes: at so many times these. */
  readsAt: 4,
} as const;

const tellEveryMs = 10_000;

export function createLoadGate(signs: LoadSigns): LoadGate {
  const now = signs.now ?? (() => performance.now());
  const writes = new WritesUnderWay(now);
  let refused = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  const countRefused = () => {
    refused += 1;
    if (now() < toldAt + tellEveryMs) return;
    signs.onRefused?.(refused);
    refused = 0;
    toldAt = now();
  };
  const isOver = (isWrite: boolean) => {
    const times = isWrite ? 1 : loadLimits.readsAt;
    return (
      signs.loopDelayMs() > times * loadLimits.loopDelayMs ||
      signs.waitingCommits() > times * loadLimits.waitingCommits ||
      signs.waitingQueries() > times * loadLimits.waitingQueries ||
      writes.quickestMs > times * loadLimits.writeMs ||
      (isWrite && writes.isFull())
    );
  };
  const refuses: LoadGate['refuses'] = ({ isWrite }) => {
    if (!isOver(isWrite)) return false;
    countRefused();
    return true;
  };
  return {
    refuses,
    admit(request) {
      if (refuses(request)) throw new Overloaded();
      return request.isWrite && request.waitsForOthers !== true ? writes.begin() : nothing;
    },
  };
}

const nothing: Disposable = { [Symbol.dispose]: () => undefined };

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
