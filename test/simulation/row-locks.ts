import { SqlError } from './tables.ts';
import type { Host, Scheduled, VirtualTime } from './virtual-time.ts';

// Locks of rows, held until the end of the transaction. Who would wait for itself is told of a deadlock.

/** A session, as far as its locks go. */
export interface LockHolder {
  isOpen: boolean;
  readonly held: string[];
  waitsFor: string | null;
}

export interface Taking {
  readonly by: LockHolder;
  /** Rows that others hold are left out. */
  readonly skip: boolean;
  /** Null: waits as long as it takes. */
  readonly timeoutMs: number | null;
  readonly then: (got: string[] | Error) => void;
}

export class RowLocks {
  readonly #time: VirtualTime;
  readonly #host: () => Host;
  readonly #locks = new Map<string, { holder: LockHolder; readonly queue: (() => void)[] }>();

  constructor(time: VirtualTime, host: () => Host) {
    this.#time = time;
    this.#host = host;
  }

  clear(): void {
    this.#locks.clear();
  }

  release(holder: LockHolder): void {
    for (const id of holder.held.splice(0)) {
      if (this.#locks.get(id)?.holder === holder) this.#passOn(id);
    }
  }

  /** Takes them one after another, in the order given. */
  takeAll(ids: readonly string[], { by, skip, timeoutMs, then }: Taking): void {
    const got: string[] = [];
    let isOver = false;
    let deadline: Scheduled | null = null;
    const end = (result: string[] | Error) => {
      isOver = true;
      deadline?.cancel();
      then(result);
    };
    const next = (index: number): void => {
      if (isOver || !by.isOpen) return;
      const id = ids[index];
      if (id === undefined) {
        end(got);
        return;
      }
      const take = () => {
        got.push(id);
        next(index + 1);
      };
      const lock = this.#locks.get(id);
      if (lock === undefined) {
        this.#locks.set(id, { holder: by, queue: [] });
        by.held.push(id);
        take();
        return;
      }
      if (lock.holder === by) {
        take();
        return;
      }
      if (skip) {
        next(index + 1);
        return;
      }
      if (this.#wouldWaitForItself(by, id)) {
        end(new SqlError('40P01', 'deadlock detected'));
        return;
      }
      by.waitsFor = id;
      lock.queue.push(() => {
        if (isOver || !by.isOpen) {
          this.#passOn(id);
          return;
        }
        by.waitsFor = null;
        lock.holder = by;
        by.held.push(id);
        this.#time.after(this.#time.random(), this.#host(), take);
      });
    };
    if (timeoutMs !== null) {
      deadline = this.#time.after(timeoutMs, this.#host(), () => {
        if (isOver || !by.isOpen) return;
        by.waitsFor = null;
        end(new SqlError('55P03', 'canceling statement due to lock timeout'));
      });
    }
    next(0);
  }

  #wouldWaitForItself(by: LockHolder, id: string): boolean {
    let holder = this.#locks.get(id)?.holder;
    while (holder !== undefined && holder !== by) {
      const { waitsFor }: LockHolder = holder;
      holder = waitsFor === null ? undefined : this.#locks.get(waitsFor)?.holder;
    }
    return holder === by;
  }

  #passOn(id: string): void {
    const next = this.#locks.get(id)?.queue.shift();
    if (next === undefined) this.#locks.delete(id);
    else next();
  }
}
