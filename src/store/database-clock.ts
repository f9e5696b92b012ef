import type { Queryable } from './connect.ts';

const syncEveryMs = 5_000;

/**
 * The database's time, without asking for it each time: what every process compares with times that the
 * database wrote. Between two looks it goes on by the monotonic clock, so that a wrong or a jumping clock of
 * this machine neither ends runs nor lets them wait. Until the first look it is this machine's.
 */
export class DatabaseClock implements Disposable {
  readonly #db: Queryable;
  readonly #timer: NodeJS.Timeout;
  #offsetMs = Date.now() - performance.now();

  constructor(db: Queryable) {
    this.#db = db;
    // A database that does not answer is looked at again soon enough.
    this.#timer = setInterval(() => void this.look().catch(() => undefined), syncEveryMs);
    this.#timer.unref();
  }

  now(): Date {
    return new Date(this.#offsetMs + performance.now());
  }

  /** Takes the database's time anew; right to half of what the answer takes. */
  async look(): Promise<void> {
    const askedMs = performance.now();
    const [row] = await this.#db.query<{ now: Date }>({
      name: 'database-clock',
      text: 'SELECT clock_timestamp() AS now',
      values: [],
    });
    if (row === undefined) return;
    this.#offsetMs = row.now.getTime() - (askedMs + performance.now()) / 2;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
