import type { EventEmitter } from 'node:events';
import type { Run } from '../core/run.ts';
import { listOwned } from '../store/ownership.ts';
import { forgetProcesses } from '../store/processes.ts';
import { restOf, takeRun } from '../store/take-run.ts';
import { type AloneOptions, AloneRuns, suspicious } from './alone.ts';
import type { DriveAnswer, DriveRequest } from './cluster-link.ts';
import { type DriveDeps, driveRun, restingAfter } from './drive-run.ts';
import { Hints } from './hints.ts';
import { Membership, type MembershipOptions } from './membership.ts';
import { RestingRuns } from './resting-runs.ts';
import { Ticks } from './ticks.ts';

// Drives the runs that a cluster hands to this process, each until it has to wait or has ended (I3, I5, I7). The
// cluster decides when; the database, through epochs, who may write: a drive that the cluster has given up, and
// that goes on all the same, commits nothing any more.

export interface ClusterDriverOptions
  extends DriveDeps,
    Pick<MembershipOptions, 'processName' | 'beatMs' | 'lapseMs' | 'deadAfterMs' | 'now'> {
  /** Emits a run's id whenever this process has committed to it. */
  readonly commits: EventEmitter;
  readonly maxRunningPerWorkspace?: number | null;
  readonly sweepMs?: number;
  /** One drive ends between two steps after so long; the next goes on. */
  readonly sliceMs?: number;
  readonly alone?: Pick<AloneOptions, 'spawn' | 'maxChildren' | 'maxStrikes'> | null;
}

interface Drive {
  readonly stop: AbortController;
  readonly epoch: number;
  readonly isAlone: boolean;
}

export class ClusterDriver implements AsyncDisposable {
  readonly #options: ClusterDriverOptions;
  readonly #deps: DriveDeps;
  readonly #membership: Membership;
  readonly #alone: AloneRuns | null;
  readonly #hints: Hints;
  readonly #resting: RestingRuns;
  readonly #ticks: Ticks;
  readonly #drives = new Map<string, Drive>();
  #isDraining = false;

  constructor(options: ClusterDriverOptions) {
    const { db, logger, alone = null } = options;
    this.#options = options;
    this.#hints = new Hints({ db, logger, onCancel: (id) => this.stop(id) });
    this.#resting = new RestingRuns(db);
    this.#ticks = new Ticks((err) => logger.error({ err }, 'The engine met an error'));
    // A name of its own: what the engine `local` of this process left behind is not for this one to take back.
    this.#membership = new Membership(
      { ...options, processName: `${options.processName} cluster`, engine: 'temporal' },
      { onLapse: () => this.#abortAll(), onReborn: () => this.#resting.forget() },
    );
    const mayStart = () => this.#membership.mayStart();
    this.#deps = { ...options, advance: { ...options.advance, mayStart } };
    this.#alone =
      alone === null
        ? null
        : new AloneRuns({ db, logger, ...alone, owner: () => this.#membership.id });
  }

  async start(): Promise<void> {
    const dead = await this.#membership.join();
    if (dead.length > 0) await forgetProcesses(this.#options.db, dead);
    this.#hints.open();
    this.#ticks.every(this.#options.sweepMs ?? 3_000, () => this.#sweep());
  }

  /** Runs driven here. */
  get size(): number {
    return this.#drives.size;
  }

  get isAlive(): boolean {
    return !this.#isDraining && this.#membership.mayStart();
  }

  /** Aborts the call in flight of a run that was cancelled. */
  stop(runId: string): void {
    this.#drives.get(runId)?.stop.abort();
    this.#options.commits.emit(runId);
  }

  /** From now on runs come to rest between two steps. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Drives a run until it has to wait, has ended, or is another's. */
  async drive({ runId, engineRunId, signal }: DriveRequest): Promise<DriveAnswer> {
    const { db, maxRunningPerWorkspace = null } = this.#options;
    if (!this.isAlive) return { kind: 'no_room' };
    const owner = this.#membership.id;
    const taken = await takeRun(db, { runId, owner, engineRunId, maxRunningPerWorkspace });
    if (taken.kind === 'no_room') return taken;
    if (taken.kind === 'taken') await this.#driveHere(taken.run, signal);
    const rest = taken.kind === 'taken' ? await restOf(db, runId) : taken;
    return rest.kind === 'ended' ? rest : { kind: 'wait', forMs: rest.forMs };
  }

  async #driveHere(run: Run, givenUp: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const isAlone = this.#alone !== null && run.crashes >= suspicious;
    // An earlier drive of the same run that hangs on here has been given up: what it does is lost.
    this.#drives.get(run.id)?.stop.abort();
    const drive: Drive = { stop, epoch: run.epoch, isAlone };
    this.#drives.set(run.id, drive);
    const signal = AbortSignal.any([stop.signal, givenUp]);
    const untilMs = performance.now() + (this.#options.sliceMs ?? 600_000);
    const isOver = () =>
      this.#isDraining || !this.#membership.mayStart() || performance.now() > untilMs;
    try {
      if (isAlone) return await this.#alone?.drive(run, signal);
      const end = await driveRun(this.#deps, run, { signal, isOver });
      if (end === 'left') return;
      this.#resting.add(restingAfter(run, end));
      await this.#resting.handBack();
    } finally {
      if (this.#drives.get(run.id) === drive) this.#drives.delete(run.id);
      this.#options.commits.emit(run.id);
    }
  }

  /** What is driven here and owned by others by now is lost. */
  async #sweep(): Promise<void> {
    if (!this.#membership.mayStart()) return;
    await this.#resting.handBack();
    const driven = [...this.#drives].filter(([, drive]) => !drive.isAlone);
    if (driven.length === 0) return;
    const owned = await listOwned(this.#options.db, this.#membership.id);
    for (const [id, drive] of driven) if (owned.get(id) !== drive.epoch) drive.stop.abort();
  }

  #abortAll(): void {
    for (const { stop, isAlone } of this.#drives.values()) if (!isAlone) stop.abort();
  }

  /** Called when the cluster hands out nothing more and nothing is driven any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDraining = true;
    await this.#ticks.stop();
    this.#abortAll();
    await this.#alone?.[Symbol.asyncDispose]();
    await this.#resting.handBack().catch((err: unknown) => {
      this.#options.logger.warn({ err }, 'Runs were not handed back; their owner is gone soon');
    });
    await this.#hints[Symbol.asyncDispose]();
    await this.#membership[Symbol.asyncDispose]();
  }
}
