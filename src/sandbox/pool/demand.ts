/** How much of something was in use at once, lately: the peak of this window of time and the last. */
export class Demand {
  #inUse = 0;
  #peak = 0;
  #lastPeak = 0;

  get inUse(): number {
    return this.#inUse;
  }

  get peak(): number {
    return Math.max(this.#peak, this.#lastPeak);
  }

  enter(): void {
    this.#inUse += 1;
    this.#peak = Math.max(this.#peak, this.#inUse);
  }

  leave(): void {
    this.#inUse -= 1;
  }

  /** Begins a new window. */
  roll(): void {
    this.#lastPeak = this.#peak;
    this.#peak = this.#inUse;
  }
}
