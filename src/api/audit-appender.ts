import { appendEntries, type NewEntry } from '../store/audit.ts';
import type { Database } from '../store/connect.ts';

interface Waiting {
  readonly entry: NewEntry;
  readonly done: PromiseWithResolvers<void>;
}

/** As many as are hashed without the process being held for longer than some milliseconds. */
const batchSize = 2_000;

/**
 * Appends entries to the audit log, one transaction at a time: what comes meanwhile goes into the next one, so that
 * more entries make larger batches and not more of them.
 */
export class AuditAppender {
  readonly #db: Database;
  readonly #key: Buffer;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(db: Database, key: Buffer) {
    this.#db = db;
    this.#key = key;
  }

  /** More wait than the next transaction takes: who can should wait for what is appended, or memory fills. */
  get isBehind(): boolean {
    return this.#waiting.length > batchSize;
  }

  /** Resolves once the entry is in the log. */
  append(entry: NewEntry): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ entry, done });
    if (!this.#isWriting) void this.#writeAll();
    return done.promise;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchSize);
      const entries = batch.map(({ entry }) => entry);
      try {
        await appendEntries(this.#db, this.#key, entries);
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    this.#isWriting = false;
  }
}
