import type { Database } from '../store/connect.ts';
import { handBackRuns, type RestingRun } from '../store/ownership.ts';

/** What came to rest in a process: it stops, or its beat had lapsed. Kept until the database has taken it. */
export class RestingRuns {
  readonly #db: Database;
  #runs: RestingRun[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  add(run: RestingRun): void {
    this.#runs.push(run);
  }

  has(id: string): boolean {
    return this.#runs.some((run) => run.id === id);
  }

  /** They were taken from this process: it was declared dead. */
  forget(): void {
    this.#runs = [];
  }

  /** Throws when the database is away; what was not handed back is there for the next try. */
  async handBack(): Promise<void> {
    const runs = this.#runs;
    if (runs.length === 0) return;
    this.#runs = [];
    try {
      await handBackRuns(this.#db, runs);
    } catch (error) {
      this.#runs.push(...runs);
      throw error;
    }
  }
}
