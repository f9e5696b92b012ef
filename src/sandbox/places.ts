import { SandboxBusy } from '../core/sandbox.ts';
import { limits } from './limits.ts';

/** A place in the sandbox: `slot` is unique among the calls that run at the same time. */
export interface Place extends Disposable {
  readonly slot: number;
}

/** Bounds how many calls run at once, first come first served. */
export class Places {
  readonly #free: number[];
  readonly #total: number;
  readonly #waiting: ((place: Place) => void)[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = Array.from({ length: total }, (_, index) => total - 1 - index);
  }

  /** Waits up to ten seconds. Throws `SandboxBusy`, or the signal's reason when it is aborted. */
  async take(signal?: AbortSignal): Promise<Place> {
    signal?.throwIfAborted();
    const slot = this.#free.pop();
    if (slot !== undefined) return this.#place(slot);
    const { promise, resolve, reject } = Promise.withResolvers<Place>();
    this.#waiting.push(resolve);
    // Leaves the queue at once: a place given to somebody who has gone would be lost.
    const giveUp = (reason: unknown) => {
      const index = this.#waiting.indexOf(resolve);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(reason);
    };
    const busy = new SandboxBusy(`All ${this.#total} places of the sandbox are taken. Try again.`);
    const deadline = setTimeout(giveUp, limits.placeDeadlineMs, busy);
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #place(slot: number): Place {
    return { slot, [Symbol.dispose]: () => this.#giveBack(slot) };
  }

  #giveBack(slot: number): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slot);
    else next(this.#place(slot));
  }
}
