import { afterThisTurn } from '../core/after-this-turn.ts';

// The reading twin of the group commit: requests that come while a query is under way share the next one.
// Nothing is kept: every answer is of a query that began after it was asked for, so what was committed
// before a request is always seen by it.

interface Asked<Key, Value> {
  readonly key: Key;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupReadOptions<Key, Value> {
  /** Reads all the keys in one query and answers in their order. No key comes twice. */
  readonly read: (keys: readonly Key[]) => Promise<readonly Value[]>;
  readonly maxKeys?: number;
}

export class GroupRead<Key, Value> {
  readonly #options: Required<GroupReadOptions<Key, Value>>;
  readonly #asked: Asked<Key, Value>[] = [];
  #reading = false;

  constructor(options: GroupReadOptions<Key, Value>) {
    this.#options = { maxKeys: 512, ...options };
  }

  /** The key's value, as it is in the database now. Throws what the query threw. */
  read(key: Key): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      this.#asked.push({ key, resolve, reject });
      if (!this.#reading) void this.#readAll();
    });
  }

  async #readAll(): Promise<void> {
    this.#reading = true;
    do {
      await afterThisTurn(2);
      await this.#readOnce();
    } while (this.#asked.length > 0);
    this.#reading = false;
  }

  async #readOnce(): Promise<void> {
    const places = new Map<Key, number>();
    const taken = this.#take(places);
    try {
      const values = await this.#options.read([...places.keys()]);
      for (const { key, resolve } of taken) resolve(values[places.get(key) ?? -1] as Value);
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  }

  /** What has been asked for, up to the most keys; their places are noted. */
  #take(places: Map<Key, number>): Asked<Key, Value>[] {
    let count = 0;
    for (const { key } of this.#asked) {
      if (!places.has(key)) {
        if (places.size >= this.#options.maxKeys) break;
        places.set(key, places.size);
      }
      count += 1;
    }
    return this.#asked.splice(0, count);
  }
}
