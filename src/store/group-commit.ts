import { afterThisTurn } from '../core/after-this-turn.ts';

// The group-commit queue: whatever waits when the last commit returns becomes one statement and one
// commit. That is where the speed of the journal comes from. Where many wait, they are divided into batches
// that are in flight at once: the database works on one while the units that another answered are worked on
// here. Units in flight must not depend on one another (a run's next unit is submitted only after its last was
// answered, so one is in flight a run).
//
// A unit is all or nothing. By class of error:
//   bad data     the batch is bisected; the lone bad unit is refused, its neighbours are committed
//   transient    the whole batch again
//   connection   outcome unknown (an orphaned backend can commit seconds later): the whole batch again;
//                `execute` must be safe to repeat and must recognise its own earlier commit

/** How a failed batch is to be treated. */
export type Fault = 'bad_data' | 'transient' | 'connection' | 'other';

export interface GroupCommitOptions<Unit, Result> {
  /** Commits the units in one statement and answers in their order. Safe to repeat with the same units. */
  readonly execute: (units: readonly Unit[]) => Promise<readonly Result[]>;
  readonly faultOf: (error: unknown) => Fault;
  readonly sizeOf: (unit: Unit) => number;
  /** After this long without a commit a unit is refused with `NotCommitted`; Infinity: never. */
  readonly giveUpAfterMs: number;
  readonly maxUnits?: number;
  readonly maxBytes?: number;
  /** Batches in flight at once; default 1. */
  readonly maxInFlight?: number;
  /** Units of which a batch consists at least where another is in flight; default 32. */
  readonly minUnitsBeside?: number;
  /** Turns of the event loop in which units gather before a batch begins; default 1. */
  readonly turns?: 1 | 2;
  /** Units that may wait; beyond it `submit` itself waits for room. */
  readonly maxWaiting?: number;
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<void>;
  readonly onBatch?: (units: number, durationMs: number) => void;
}

/** The database would not store this unit: its data is at fault, and a repeat would fail again. */
export class UnstorableUnit extends Error {
  override readonly name = 'UnstorableUnit';
}

/** The database was not reachable for too long. Whether the unit was committed is not known. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted';
}

interface Waiting<Unit, Result> {
  readonly unit: Unit;
  readonly sizeBytes: number;
  readonly since: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

const retryPausesMs = [20, 50, 100, 200, 400, 800, 1_000] as const;

export class GroupCommit<Unit, Result> implements AsyncDisposable {
  readonly #options: Required<Omit<GroupCommitOptions<Unit, Result>, 'onBatch'>> &
    Pick<GroupCommitOptions<Unit, Result>, 'onBatch'>;
  readonly #waiting: Waiting<Unit, Result>[] = [];
  readonly #wantRoom: (() => void)[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #isStarting = false;
  #closed = false;

  constructor(options: GroupCommitOptions<Unit, Result>) {
    this.#options = {
      maxUnits: 512,
      maxBytes: 1024 * 1024,
      maxInFlight: 1,
      minUnitsBeside: 32,
      turns: 1,
      maxWaiting: 8_192,
      now: () => performance.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      ...options,
    };
  }

  /** Units that wait for a batch to take them. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** Resolves once the unit's batch is committed. Throws `UnstorableUnit` or `NotCommitted`. */
  async submit(unit: Unit): Promise<Result> {
    while (!this.#closed && this.#waiting.length >= this.#options.maxWaiting) {
      await new Promise<void>((resolve) => this.#wantRoom.push(resolve));
    }
    if (this.#closed) throw new NotCommitted('The writer is closed.');
    return await new Promise<Result>((resolve, reject) => {
      const since = this.#options.now();
      const sizeBytes = this.#options.sizeOf(unit);
      this.#waiting.push({ unit, sizeBytes, since, resolve, reject });
      void this.#startSoon();
    });
  }

  /** Commits what waits, then refuses everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#giveRoom();
    while (this.#waiting.length > 0 || this.#inFlight.size > 0) {
      await afterThisTurn();
      this.#start();
      await Promise.all(this.#inFlight);
    }
  }

  /** Units that are submitted in one turn of the event loop travel together. */
  async #startSoon(): Promise<void> {
    if (this.#isStarting) return;
    this.#isStarting = true;
    await afterThisTurn(this.#options.turns);
    this.#isStarting = false;
    this.#start();
  }

  #start(): void {
    const { maxInFlight, minUnitsBeside } = this.#options;
    while (this.#inFlight.size < maxInFlight && this.#waiting.length > 0) {
      const enough = Math.floor(this.#waiting.length / minUnitsBeside);
      if (enough === 0 && this.#inFlight.size > 0) return;
      const parts = Math.min(Math.max(enough, 1), maxInFlight - this.#inFlight.size);
      const batch = this.#takeBatch(Math.ceil(this.#waiting.length / parts));
      this.#giveRoom();
      const commit = this.#commit(batch).finally(() => {
        this.#inFlight.delete(commit);
        void this.#startSoon();
      });
      this.#inFlight.add(commit);
    }
  }

  #takeBatch(share: number): Waiting<Unit, Result>[] {
    const maxUnits = Math.min(share, this.#options.maxUnits);
    let units = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (units > 0 && (units >= maxUnits || bytes + waiting.sizeBytes > this.#options.maxBytes)) {
        break;
      }
      units += 1;
      bytes += waiting.sizeBytes;
    }
    return this.#waiting.splice(0, units);
  }

  #giveRoom(): void {
    for (const wake of this.#wantRoom.splice(0)) wake();
  }

  async #commit(batch: readonly Waiting<Unit, Result>[]): Promise<void> {
    let left = batch;
    for (let attempt = 0; left.length > 0; attempt++) {
      const startedAt = this.#options.now();
      try {
        const results = await this.#options.execute(left.map((waiting) => waiting.unit));
        this.#options.onBatch?.(left.length, this.#options.now() - startedAt);
        left.forEach((waiting, index) => {
          waiting.resolve(results[index] as Result);
        });
        return;
      } catch (error) {
        const fault = this.#options.faultOf(error);
        if (fault === 'bad_data' || fault === 'other') {
          await this.#isolate(left, error);
          return;
        }
        left = this.#withoutExpired(left, error);
        if (left.length > 0) {
          await this.#options.pause(
            retryPausesMs[Math.min(attempt, retryPausesMs.length - 1)] ?? 1_000,
          );
        }
      }
    }
  }

  /** Halves the batch until the unit at fault stands alone. */
  async #isolate(batch: readonly Waiting<Unit, Result>[], error: unknown): Promise<void> {
    if (batch.length === 1) {
      const reason = error instanceof Error ? error.message : String(error);
      batch[0]?.reject(new UnstorableUnit(reason, { cause: error }));
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await this.#commit(batch.slice(0, middle));
    await this.#commit(batch.slice(middle));
  }

  #withoutExpired(
    batch: readonly Waiting<Unit, Result>[],
    error: unknown,
  ): readonly Waiting<Unit, Result>[] {
    const deadline = this.#options.now() - this.#options.giveUpAfterMs;
    const expired = (waiting: Waiting<Unit, Result>) => this.#closed || waiting.since <= deadline;
    for (const waiting of batch) {
      if (expired(waiting)) {
        waiting.reject(new NotCommitted('The database could not be reached.', { cause: error }));
      }
    }
    return batch.filter((waiting) => !expired(waiting));
  }
}
