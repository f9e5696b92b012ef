import { toldOfEnd } from './child-statements.ts';
import type { LockHolder, RowLocks } from './row-locks.ts';
import type { Done, Given, StatementFaults } from './statement-model.ts';
import { modelOf, type StatementKey } from './statements.ts';
import {
  applyWrites,
  isEmpty,
  isEnded,
  merged,
  noWrites,
  type SimRun,
  SqlError,
  snapshotOf,
  type Tables,
  type Writes,
} from './tables.ts';
import type { Host, Scheduled, VirtualTime } from './virtual-time.ts';

// A session of the simulated server, and its transactions. A statement goes through its phases one event at a
// time, so that others come in between: snapshot, locks one by one, effect, and, some time later, the commit
// that shows it.

export interface Reply {
  readonly resolve: (done: Pick<Done, 'rows' | 'count'>) => void;
  readonly reject: (error: Error) => void;
}

export interface Statement extends StatementKey {
  readonly values?: readonly unknown[];
}

/** What a session needs of its server. */
export interface SessionHome {
  readonly tables: Tables;
  readonly time: VirtualTime;
  readonly faults: StatementFaults;
  readonly host: Host;
  readonly locks: RowLocks;
  readonly advisory: Map<string, SimSession>;
  readonly onCommit: (writes: Writes) => void;
  commitMs(): number;
  forget(session: SimSession): void;
}

export class SimSession {
  readonly #server: SessionHome;
  readonly #onEnd: () => void;
  readonly #holder: LockHolder = { isOpen: true, held: [], waitsFor: null };
  #advisory: string[] = [];
  #transactionLocks: string[] = [];
  #pending: Writes | null = null;
  #hasFailed = false;
  #began = 0;
  #timeout: Scheduled | null = null;
  lockTimeoutMs = 0;
  /** Tells who waits for an answer that the session has ended. */
  onceEnded: (() => void) | null = null;

  constructor(server: SessionHome, onEnd: () => void) {
    this.#server = server;
    this.#onEnd = onEnd;
  }

  get isOpen(): boolean {
    return this.#holder.isOpen;
  }

  begin(options: { readonly lockTimeoutMs: number; readonly timeoutMs: number }): void {
    this.#pending = noWrites();
    this.#hasFailed = false;
    this.lockTimeoutMs = options.lockTimeoutMs;
    this.#began = this.#server.time.nowMs;
    this.#timeout = this.#server.time.after(options.timeoutMs, this.#server.host, () => this.end());
  }

  commit(reply: Reply): void {
    const writes = this.#pending ?? noWrites();
    if (this.#hasFailed) {
      this.rollback();
      reply.resolve({ rows: [], count: 0 });
      return;
    }
    this.#later(this.#server.commitMs(), () => {
      this.#makeVisible(writes);
      this.#pending = null;
      this.#endTransaction();
      reply.resolve({ rows: [], count: 0 });
    });
  }

  rollback(): void {
    this.#pending = null;
    this.#endTransaction();
  }

  /** Runs one statement: in the open transaction, or in one of its own that takes `slowMs` to commit. */
  run(statement: Statement, reply: Reply, slowMs = 0): void {
    if (!this.#holder.isOpen) return;
    if (this.#hasFailed) {
      reply.reject(new SqlError('25P02', 'transaction is aborted'));
      return;
    }
    const special = this.#advisoryLock(statement);
    if (special !== null) {
      reply.resolve(special);
      return;
    }
    const { time, tables, faults } = this.#server;
    const model = modelOf(statement);
    const snapshot = snapshotOf(tables);
    // A transaction sees what it has written itself.
    if (this.#pending !== null) applyWrites(snapshot, this.#pending);
    const values = statement.values ?? [];
    const now =
      this.#pending === null
        ? time.date()
        : new Date(time.date().getTime() - (time.nowMs - this.#began));
    const base = {
      text: statement.text,
      values,
      snapshot,
      processes: tables.processes,
      agents: tables.agents,
      now,
      faults,
    };
    const targets = model.targets?.(snapshot, values, base) ?? [];
    this.#lockAll(targets, model.skipsLocked === true, (got) => {
      if (got instanceof Error) {
        this.#fail(got, reply);
        return;
      }
      const locked = new Map(
        got.flatMap((id) => {
          const run = this.#rowNow(id);
          return run === undefined ? [] : [[id, run] as const];
        }),
      );
      let done: Done;
      try {
        done = model.apply({ ...base, locked, processes: tables.processes } satisfies Given);
      } catch (error) {
        this.#fail(error as Error, reply);
        return;
      }
      this.#tellParents(done, now, (told) => {
        if (told instanceof Error) this.#fail(told, reply);
        else this.#finish(told, { reply, slowMs, isRead: targets.length === 0 });
      });
    });
  }

  #finish(
    done: Done,
    of: { readonly reply: Reply; readonly slowMs: number; readonly isRead: boolean },
  ): void {
    const { reply } = of;
    if (this.#pending !== null) {
      this.#pending = merged(this.#pending, done.writes);
      reply.resolve(done);
      return;
    }
    const isRead = of.isRead && isEmpty(done.writes);
    // Rows of processes are written in one go: their locks are not simulated.
    const isSmall = isRead || done.writes.processes.length + done.writes.goneProcesses.length > 0;
    const delayMs = isSmall ? 0 : this.#server.commitMs() + of.slowMs;
    const finish = () => {
      try {
        this.#makeVisible(done.writes);
      } catch (error) {
        this.#fail(error as Error, reply);
        return;
      }
      this.#endTransaction();
      reply.resolve(done);
    };
    if (delayMs === 0) finish();
    else this.#later(delayMs, finish);
  }

  /** The row as this session sees it once it holds its lock. */
  #rowNow(id: string, writes?: Writes): SimRun | undefined {
    const isMeant = (run: SimRun) => run.id === id;
    return (
      writes?.runs.findLast(isMeant) ??
      this.#pending?.runs.findLast(isMeant) ??
      this.#server.tables.runs.get(id)
    );
  }

  /** The database's own trigger: in the transaction that ends a child its parents are told, one after another. */
  #tellParents(done: Done, now: Date, then: (told: Done | Error) => void): void {
    const ended = this.#server.faults.forgetsParents
      ? []
      : done.writes.runs.filter((run) => isEnded(run) && !isEnded(this.#rowNow(run.id) ?? run));
    const next = (
      writes: Writes,
      rest: readonly { readonly child: SimRun; readonly above: string | null }[],
    ): void => {
      const [first, ...others] = rest;
      if (first === undefined) {
        then({ ...done, writes });
        return;
      }
      const { child, above } = first;
      if (above === null) {
        next(writes, others);
        return;
      }
      this.#lockAll([above], false, (got) => {
        if (got instanceof Error) {
          then(got);
          return;
        }
        const parent = this.#rowNow(above, writes);
        if (parent === undefined) {
          next(writes, others);
          return;
        }
        const runs = [...writes.runs, toldOfEnd(parent, child, now)];
        const further = isEnded(parent) ? parent.parent_run_id : null;
        next({ ...writes, runs }, [{ child, above: further }, ...others]);
      });
    };
    next(
      done.writes,
      ended.map((child) => ({ child, above: child.parent_run_id })),
    );
  }

  /** The session ends: by its client, by a timeout, or because somebody terminated it. */
  end(): void {
    if (!this.#holder.isOpen) return;
    this.#holder.isOpen = false;
    this.#pending = null;
    this.#endTransaction();
    for (const key of this.#advisory.splice(0)) this.#server.advisory.delete(key);
    this.#server.forget(this);
    this.#ended();
  }

  cutByCrash(): void {
    this.#holder.isOpen = false;
    this.#ended();
  }

  #ended(): void {
    this.onceEnded?.();
    this.#onEnd();
  }

  #later(delayMs: number, work: () => void): void {
    this.#server.time.after(delayMs, this.#server.host, () => {
      if (this.#holder.isOpen) work();
    });
  }

  #fail(error: Error, reply: Reply): void {
    if (this.#pending === null) this.#endTransaction();
    else this.#hasFailed = true;
    reply.reject(error);
  }

  #makeVisible(writes: Writes): void {
    applyWrites(this.#server.tables, writes);
    this.#server.onCommit(writes);
  }

  #endTransaction(): void {
    this.#timeout?.cancel();
    this.#timeout = null;
    for (const key of this.#transactionLocks.splice(0)) this.#server.advisory.delete(key);
    this.#server.locks.release(this.#holder);
  }

  #lockAll(ids: readonly string[], skip: boolean, then: (got: string[] | Error) => void): void {
    const isLimited = this.lockTimeoutMs > 0 && this.#pending !== null;
    const timeoutMs = isLimited ? this.lockTimeoutMs : null;
    this.#server.locks.takeAll(ids, { by: this.#holder, skip, timeoutMs, then });
  }

  #advisoryLock({ text, values, name }: Statement): Done | null {
    const { advisory } = this.#server;
    const isOfTransaction = name === 'claim-lock';
    if (!isOfTransaction && !text.includes('pg_try_advisory_lock')) return null;
    const key = String(values?.[0]);
    const holder = advisory.get(key);
    const held = holder === undefined || holder === this;
    if (held && holder === undefined) {
      advisory.set(key, this);
      (isOfTransaction ? this.#transactionLocks : this.#advisory).push(key);
    }
    return { rows: [{ held }], count: 1, writes: noWrites() };
  }
}
