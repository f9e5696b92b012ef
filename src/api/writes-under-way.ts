// How many writes one process has taken and not yet answered, and whether it keeps up with them. Two signs:
//
//   the delay   how long writes take, by the quickest of each look: a single slow one is no overload, but when
//               even the quickest of many waits, all wait for the process (after CoDel, RFC 8289)
//   the crowd   more writes under way than are answered within `waitMs`: whoever joins waits longer than that
//               (Little's law). A burst may do so for `burstMs`; from then on one goes in as one comes out, until
//               nobody was turned away for a while
//
// The crowd keeps the process at its best under any load, the delay is for when its measure fails. Those who wait for
// somebody else (the result of a run, the rest of their body) are no crowd while others are answered promptly.

export const writeLimits = {
  /** What the quickest of the writes of one look may take while `atOnce` are under way. */
  quickestMs: 250,
  /** How long a write may have to wait for those before it. */
  waitMs: 200,
  /** So many may be under way whatever they take: each then takes what it takes. */
  atOnce: 64,
  /** How long more than the limit may come in. */
  burstMs: 150,
  /** While the quickest is answered within this, the many do not wait for the process. */
  promptMs: 25,
} as const;

const lookEveryMs = 50;
const forgetMs = 2_000;
/** Over what time the rate of answers is averaged. */
const rateOverMs = 1_000;

export class WritesUnderWay {
  readonly #now: () => number;
  #count = 0;
  #lookBeganAt: number;
  #quickest = Number.POSITIVE_INFINITY;
  #last = 0;
  #lastAt = 0;
  #answered = 0;
  #answeredPerMs = 0;
  #crowdSince: number | null = null;
  #turnedAwayAt: number | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#lookBeganAt = now();
  }

  /** What the quickest took lately; 0 while few are under way. */
  get quickestMs(): number {
    this.#look();
    return this.#count < writeLimits.atOnce ? 0 : this.#last;
  }

  /** Whether one more would have to wait too long. */
  isFull(): boolean {
    this.#look();
    const now = this.#now();
    const limit = Math.max(writeLimits.atOnce, this.#answeredPerMs * writeLimits.waitMs);
    if (this.#turnedAwayAt !== null && now > this.#turnedAwayAt + forgetMs) {
      this.#turnedAwayAt = null;
    }
    if (this.#count < limit || this.#last < writeLimits.promptMs) {
      this.#crowdSince = null;
      return false;
    }
    this.#crowdSince ??= now;
    if (this.#turnedAwayAt === null && now <= this.#crowdSince + writeLimits.burstMs) return false;
    this.#turnedAwayAt = now;
    return true;
  }

  /** Disposed when the write is answered. */
  begin(): Disposable {
    const beganAt = this.#now();
    this.#count += 1;
    return {
      [Symbol.dispose]: () => {
        this.#count -= 1;
        this.#answered += 1;
        this.#quickest = Math.min(this.#quickest, this.#now() - beganAt);
        this.#look();
      },
    };
  }

  /** A look without an answer tells nothing of the delay, and leaves what the one before told, for a while. */
  #look(): void {
    const now = this.#now();
    const tookMs = now - this.#lookBeganAt;
    if (tookMs < lookEveryMs) return;
    if (Number.isFinite(this.#quickest)) {
      this.#last = this.#quickest;
      this.#lastAt = this.#lookBeganAt + lookEveryMs;
    }
    if (now > this.#lastAt + forgetMs) this.#last = 0;
    const weight = 1 - Math.exp(-tookMs / rateOverMs);
    this.#answeredPerMs += weight * (this.#answered / tookMs - this.#answeredPerMs);
    this.#quickest = Number.POSITIVE_INFINITY;
    this.#answered = 0;
    this.#lookBeganAt = now;
  }
}
