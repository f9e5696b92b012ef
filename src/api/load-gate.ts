import { ApiError } from '../core/errors.ts';

// Load shedding: a process that cannot keep up refuses early what it has not begun, while refusing is still cheap,
// so that what it takes is answered in time. Looked at are how long writes take from here to their answer, the delay
// of the event loop, the dispatches that wait for a commit, and the requests that wait for a connection to the
// database. Health is never asked here.

export interface LoadGate {
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
  /** What the quickest of the writes of one look may take while `writesAtOnce` are under way. */
  writeMs: 250,
  writesAtOnce: 64,
  /** Reads are refused later than writes: at so many times these. */
  readsAt: 4,
} as const;

const tellEveryMs = 10_000;
const forgetMs = 2_000;

export function createLoadGate(signs: LoadSigns): LoadGate {
  const now = signs.now ?? (() => performance.now());
  const writes = new WriteDelay(now);
  let refused = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  const refuse = () => {
    refused += 1;
    if (now() < toldAt + tellEveryMs) return;
    signs.onRefused?.(refused);
    refused = 0;
    toldAt = now();
  };
  return {
    admit({ isWrite, waitsForOthers = false }) {
      const times = isWrite ? 1 : loadLimits.readsAt;
      const isOver =
        signs.loopDelayMs() > times * loadLimits.loopDelayMs ||
        signs.waitingCommits() > times * loadLimits.waitingCommits ||
        signs.waitingQueries() > times * loadLimits.waitingQueries ||
        writes.ms > times * loadLimits.writeMs;
      if (isOver) {
        refuse();
        throw new Overloaded();
      }
      return isWrite && !waitsForOthers ? writes.begin() : nothing;
    },
  };
}

const nothing: Disposable = { [Symbol.dispose]: () => undefined };

/**
 * How long writes take, by the quickest of each look: a single slow one is no overload, but when even the quickest
 * of many waits, all wait for the process. (After CoDel, RFC 8289.)
 */
class WriteDelay {
  readonly #now: () => number;
  #underWay = 0;
  #lookEndsAt = 0;
  #quickest = Number.POSITIVE_INFINITY;
  #last = 0;
  #lastAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** 0 while few are under way: then each takes what it takes. */
  get ms(): number {
    this.#look();
    return this.#underWay < loadLimits.writesAtOnce ? 0 : this.#last;
  }

  begin(): Disposable {
    const beganAt = this.#now();
    this.#underWay += 1;
    return {
      [Symbol.dispose]: () => {
        this.#underWay -= 1;
        this.#quickest = Math.min(this.#quickest, this.#now() - beganAt);
        this.#look();
      },
    };
  }

  /** A look without an answer tells nothing, and leaves what the one before told, for a while. */
  #look(): void {
    const now = this.#now();
    if (now < this.#lookEndsAt) return;
    if (Number.isFinite(this.#quickest)) {
      this.#last = this.#quickest;
      this.#lastAt = this.#lookEndsAt;
    }
    if (now > this.#lastAt + forgetMs) this.#last = 0;
    this.#quickest = Number.POSITIVE_INFINITY;
    this.#lookEndsAt = now + lookEveryMs;
  }
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
