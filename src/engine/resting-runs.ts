import type { Database } from '../store/connect.ts';
import { handBackRuns } from '../store/ownership.ts';

/** A run that stopped here and is still its owner's in the database. */
interface Resting {
  readonly id: string;
  readonly owner: string;
  readonly inFlight: boolean;
}

/** What came to rest in a process: it stops, or its beat had lapsed. Kept until the database has taken it. */
export class RestingRuns {
  readonly #db: Database;
  #runs: Resting[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  add(run: Resting): void {
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
      for (const [key, group] of Map.groupBy(runs, (run) => `${run.owner} ${run.inFlight}`)) {
        const [owner = '', inFlight] = key.split(' ');
        const ids = group.map((run) => run.id);
        await handBackRuns(this.#db, owner, ids, { inFlight: inFlight === 'true' });
      }
    } catch (error) {
      this.#runs.push(...runs);
      throw error;
    }
  }
}
