/** Numbers from 0 on, each held by one process at a time: what tells processes apart by uid. */
export class Slots {
  readonly #free: number[];

  constructor(total: number) {
    this.#free = Array.from({ length: total }, (_, index) => total - 1 - index);
  }

  /** Null when all are held. */
  take(): number | null {
    return this.#free.pop() ?? null;
  }

  // The one that was given back last is taken last: a late process of its old holder has time to go.
  giveBack(slot: number): void {
    this.#free.unshift(slot);
  }
}
