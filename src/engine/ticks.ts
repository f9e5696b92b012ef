/** Work that is done every so often, each never twice at a time. */
export class Ticks {
  readonly #working = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  every(ms: number, work: () => Promise<void>): void {
    let running: Promise<void> | null = null;
    const timer = setInterval(() => {
      if (running !== null) return;
      const now = work()
        .catch(this.#onError)
        .finally(() => {
          this.#working.delete(now);
          running = null;
        });
      running = now;
      this.#working.add(now);
    }, ms);
    this.#timers.push(timer);
  }

  /** No more ticks; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await Promise.allSettled(this.#working);
  }
}
