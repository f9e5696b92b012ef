import type { Logger } from '../core/logger.ts';

export interface ClaimLoopOptions<Claimed> {
  readonly logger: Logger;
  /** What is claimed, for the log: `Webhooks`. */
  readonly name: string;
  /** How often to look without being nudged. */
  readonly pollMs: number;
  /** Of this process at once. */
  readonly atOnce: number;
  /** Claims what is due, `limit` at most. */
  claim(limit: number): Promise<readonly Claimed[]>;
  /** Never rejects. Its signal fires when the process closes. */
  work(claimed: Claimed, signal: AbortSignal): Promise<void>;
}

/**
 * Works on what a table says is due, until it is disposed of: any number of processes may do it side by side, each
 * with as much as it has room for, and looks again when some of it is done.
 */
export class ClaimLoop<Claimed> implements AsyncDisposable {
  readonly #options: ClaimLoopOptions<Claimed>;
  readonly #stop = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;
  #isAsked = false;

  constructor(options: ClaimLoopOptions<Claimed>) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.nudge(), this.#options.pollMs);
    this.nudge();
  }

  /** Something is due: looks at once. */
  nudge(): void {
    if (this.#stop.signal.aborted || this.#timer === null) return;
    this.#isAsked = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = null;
    });
  }

  /** Nothing is being claimed or worked on. */
  async idle(): Promise<void> {
    while (this.#round !== null || this.#working.size > 0) {
      await this.#round;
      await Promise.all(this.#working);
    }
  }

  /** Asks what is under way to break off, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#stop.abort(new Error('The server is closing'));
    await this.idle();
  }

  async #rounds(): Promise<void> {
    const { logger, name } = this.#options;
    while (this.#isAsked && !this.#stop.signal.aborted) {
      this.#isAsked = false;
      try {
        await this.#claim();
      } catch (err) {
        logger.warn({ err }, `${name} that are due could not be claimed`);
      }
    }
  }

  async #claim(): Promise<void> {
    const limit = this.#options.atOnce - this.#working.size;
    if (limit <= 0) return;
    for (const claimed of await this.#options.claim(limit)) {
      const work = this.#options.work(claimed, this.#stop.signal).finally(() => {
        this.#working.delete(work);
        this.nudge();
      });
      this.#working.add(work);
    }
  }
}
