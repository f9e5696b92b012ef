/**
 * Reads what never changes once: the most recently used values are kept. What could not be read is not, and is
 * tried again.
 */
export class KeptReads<Value> {
  readonly #maxKept: number;
  readonly #kept = new Map<string, Promise<Value>>();

  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** The value of the key; `read` is asked for it unless it is known. */
  get(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = this.#kept.get(key);
    // Set anew, a Map's key is its newest: the first one is the one not used for longest.
    this.#kept.delete(key);
    const value = known ?? read();
    this.#kept.set(key, value);
    if (known === undefined) {
      value.catch(() => this.#kept.delete(key));
      const oldest = this.#kept.size > this.#maxKept ? this.#kept.keys().next() : null;
      if (oldest !== null && !oldest.done) this.#kept.delete(oldest.value);
    }
    return value;
  }
}
