import type { Logger } from '../core/logger.ts';

/** Work that falls due by the database's clock. */
export interface DueWork {
  /** For the log. */
  readonly name: string;
  /** Does what is due, or a batch of it; the ms until something is due again (0: there is more). */
  run(): Promise<number>;
}

/** Changes made by other processes are seen after so long; what was known before is done on time. */
const lookEveryMs = 250;
const afterFailureMs = 1_000;

/** Runs work when it is due, until it is disposed of: by then what it was doing is done. */
export class DueLoop implements AsyncDisposable {
  readonly #work: DueWork;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | null = null;

  constructor(work: DueWork, logger: Logger) {
    this.#work = work;
    this.#logger = logger;
  }

  start(): void {
    this.#running = this.#loop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
  }

  async #loop(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      let waitMs = afterFailureMs;
      try {
        waitMs = Math.min(await this.#work.run(), lookEveryMs);
        failures = 0;
      } catch (error) {
        // One line for an outage, however long it lasts.
        failures += 1;
        if (failures === 1) this.#logger.warn({ err: error }, `${this.#work.name} failed`);
      }
      if (waitMs > 0) await this.#sleep(waitMs);
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
