import type { EventEmitter } from 'node:events';
import { newId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import { type AdvanceDeps, advance } from '../runs/advance.ts';
import type { DrivenRun } from '../runs/driven-run.ts';
import { failedOutcome } from '../runs/outcome.ts';
import type { Database } from '../store/connect.ts';
import { UnstorableUnit } from '../store/group-commit.ts';
import { adoptRuns, claimDueRuns, handBackRuns, listOwnedRuns } from '../store/ownership.ts';
import {
  forgetProcesses,
  type HeldName,
  holdProcessName,
  registerProcess,
} from '../store/processes.ts';

// The engine `local`: decides who calls `advance`, and when, on one machine over Postgres (I3, I5, I7).
// It knows nothing of models or HTTP. A run that this process owns in the database is driven in memory;
// the sweep finds those that it owns and does not drive, so nothing hangs under a living owner.

export interface LocalEngineOptions {
  readonly db: Database;
  readonly advance: AdvanceDeps;
  readonly load: (run: Run) => Promise<DrivenRun>;
  /** Stable over restarts of the same installation. */
  readonly processName: string;
  readonly logger: Logger;
  /** Emits a run's id whenever this process has committed to it. */
  readonly commits: EventEmitter;
  /** Runs in memory at most; what comes beyond it waits in the database. */
  readonly maxRuns: number;
  readonly pollMs?: number;
  readonly sweepMs?: number;
}

interface Drive {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Ownerless tries of a run that fails in our own code, before it is ended. */
const maxCrashes = 5;

export class LocalEngine implements AsyncDisposable {
  readonly #options: LocalEngineOptions;
  readonly #drives = new Map<string, Drive>();
  readonly #incarnation = newId('process');
  #name: HeldName | null = null;
  #accepting = false;
  #timers: NodeJS.Timeout[] = [];
  #polling: Promise<void> = Promise.resolve();

  constructor(options: LocalEngineOptions) {
    this.#options = options;
  }

  /** Takes back what an earlier incarnation of this process left, then claims what is due. */
  async start(): Promise<void> {
    await this.#holdName();
    this.#accepting = true;
    await this.#takeBack();
    const every = (ms: number, work: () => Promise<void>) => {
      const timer = setInterval(() => {
        this.#polling = this.#polling.then(work).catch((error: unknown) => this.#report(error));
      }, ms);
      this.#timers.push(timer);
    };
    every(this.#options.pollMs ?? 200, () => this.#claim());
    every(this.#options.sweepMs ?? 3_000, () => this.#sweep());
  }

  /** Runs in memory. */
  get size(): number {
    return this.#drives.size;
  }

  /** The owner for a run that is being created, or null while there is no room. */
  ownerForNewRun(): string | null {
    return this.#accepting && this.#drives.size < this.#options.maxRuns ? this.#incarnation : null;
  }

  /** Drives a run that this process owns. A run of somebody else is left to its owner. */
  wake(run: Run): void {
    if (run.owner !== this.#incarnation || this.#drives.has(run.id)) return;
    const stop = new AbortController();
    const ended = this.#drive(run, stop.signal)
      .catch((error: unknown) => this.#report(error, run))
      .finally(() => {
        this.#drives.delete(run.id);
        this.#options.commits.emit(run.id);
      });
    this.#drives.set(run.id, { stop, ended });
  }

  /** Aborts the call in flight of a run that was cancelled. */
  stop(runId: string): void {
    this.#drives.get(runId)?.stop.abort();
    this.#options.commits.emit(runId);
  }

  /** Stops claiming, lets nothing new begin, and hands back what is still open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#accepting = false;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await this.#polling;
    const ids = [...this.#drives.keys()];
    for (const { stop } of this.#drives.values()) stop.abort();
    await Promise.allSettled([...this.#drives.values()].map((drive) => drive.ended));
    await handBackRuns(this.#options.db, this.#incarnation, ids).catch((error: unknown) =>
      this.#report(error),
    );
    await this.#name?.[Symbol.asyncDispose]();
  }

  async #holdName(): Promise<void> {
    const held = await holdProcessName(this.#options.db, this.#options.processName);
    this.#name = held;
    void held.lost.then(() => this.#regainName(held));
  }

  async #regainName(lost: HeldName): Promise<void> {
    while (this.#accepting && this.#name === lost) {
      try {
        await this.#holdName();
        await registerProcess(this.#options.db, {
          id: this.#incarnation,
          name: this.#name?.name ?? '',
        });
      } catch (error) {
        this.#report(error);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  async #takeBack(): Promise<void> {
    const { db } = this.#options;
    const process = { id: this.#incarnation, name: this.#name?.name ?? '' };
    const dead = await registerProcess(db, process);
    if (dead.length === 0) return;
    for (;;) {
      const request = { owner: this.#incarnation, from: dead, limit: 1_000 };
      const runs = await db.transaction((tx) => adoptRuns(tx, request), { lockTimeoutMs: 5_000 });
      for (const run of runs) this.wake(run);
      if (runs.length === 0) break;
      this.#options.logger.info({ runs: runs.length }, 'Took back the runs of an earlier start');
    }
    await forgetProcesses(db, dead);
  }

  async #claim(): Promise<void> {
    while (this.#accepting) {
      const room = Math.min(this.#options.maxRuns - this.#drives.size, 256);
      if (room <= 0) return;
      const runs = await claimDueRuns(this.#options.db, this.#incarnation, room);
      for (const run of runs) this.wake(run);
      if (runs.length < room) return;
    }
  }

  async #sweep(): Promise<void> {
    for (const run of await listOwnedRuns(this.#options.db, this.#incarnation)) this.wake(run);
  }

  async #drive(run: Run, signal: AbortSignal): Promise<void> {
    let driven: DrivenRun | null = null;
    try {
      driven = await this.#options.load(run);
      for (;;) {
        const next = await advance(this.#options.advance, driven, signal);
        this.#options.commits.emit(run.id);
        if (next !== 'again') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      await this.#onFault({ run, driven, error });
    }
  }

  /** Our own failure, not the model's or a tool's: what cannot be stored ends the run, the rest is tried again. */
  async #onFault(fault: {
    readonly run: Run;
    readonly driven: DrivenRun | null;
    readonly error: unknown;
  }): Promise<void> {
    const { run, driven, error } = fault;
    this.#report(error, run);
    const isFinal = error instanceof UnstorableUnit || run.crashes >= maxCrashes;
    if (isFinal && driven !== null) {
      const why =
        error instanceof UnstorableUnit
          ? 'The database could not store what this step produced.'
          : 'The server failed repeatedly at this step.';
      await driven.commit([], failedOutcome('failed', why));
      return;
    }
    await handBackRuns(this.#options.db, this.#incarnation, [run.id], {
      delayMs: 1_000 * 2 ** run.crashes,
      crashed: true,
    });
  }

  #report(error: unknown, run?: Run): void {
    this.#options.logger.error({ err: error, run: run?.id }, 'The engine met an error');
  }
}
