import type { EventEmitter } from 'node:events';
import type { Run } from '../core/run.ts';
import { logFields } from '../core/trace-context.ts';
import {
  type Candidate,
  type Claim,
  claimFairly,
  isAnyDue,
  listLimitedWorkspaces,
  type OpenPlaces,
  type QueueCursor,
} from '../store/claim.ts';
import { getOwnedRuns, listOwned } from '../store/ownership.ts';
import { type AloneOptions, AloneRuns, suspicious } from './alone.ts';
import { type DriveDeps, type DriveEnd, driveRun, restingAfter } from './drive-run.ts';
import { Hints } from './hints.ts';
import { LookOn } from './look-on.ts';
import { Membership, type MembershipOptions } from './membership.ts';
import { Places } from './places.ts';
import { RestingRuns } from './resting-runs.ts';
import { shareRoom } from './share-room.ts';
import { takeBack } from './take-back.ts';
import { Ticks } from './ticks.ts';

// The engine `local`: decides who calls `advance`, and when, on one machine over Postgres (I3, I5, I7).
// It knows nothing of models or HTTP. A run that this process owns in the database is driven in memory;
// the sweep finds those that it owns and does not drive, so nothing hangs under a living owner, and those
// that it drives and does not own, so a cancel elsewhere stops the call in flight here.

export interface LocalEngineOptions
  extends DriveDeps,
    Pick<MembershipOptions, 'processName' | 'beatMs' | 'lapseMs' | 'deadAfterMs' | 'now'> {
  /** Emits a run's id whenever this process has committed to it. */
  readonly commits: EventEmitter;
  /** Runs in memory; what comes beyond it waits in the database. A tenth more is kept for small loads. */
  readonly maxRuns: number;
  /** Runs driven at once over all processes, for workspaces without a limit of their own; null: no limit. */
  readonly maxRunningPerWorkspace?: number | null;
  /** Told of runs that are being created here, so that what they need is read beside their commit. */
  readonly foresight?: {
    foresee(run: { readonly id: string; readonly workspaceId: string }): void;
    forget(runId: string): void;
  };
  readonly pollMs?: number;
  readonly sweepMs?: number;
  /** How long steps in flight may still take when the engine stops. */
  readonly drainMs?: number;
  /** Where runs that crashed two owners at one step go. Without it they are driven like others. */
  readonly alone?: Pick<AloneOptions, 'spawn' | 'maxChildren' | 'maxStrikes'> | null;
}

interface Drive {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly isAlone: boolean;
  readonly epoch: number;
}

const claimAtOnce = 512;

export class LocalEngine implements AsyncDisposable {
  readonly #options: LocalEngineOptions;
  readonly #deps: DriveDeps;
  readonly #membership: Membership;
  readonly #places: Places;
  readonly #alone: AloneRuns | null;
  readonly #drives = new Map<string, Drive>();
  readonly #cursor: QueueCursor = { workspaceId: '', lanes: new Map() };
  readonly #hints: Hints;
  readonly #resting: RestingRuns;
  readonly #ticks: Ticks;
  #limitedWorkspaces = new Set<string>();
  #isAccepting = false;
  #isDraining = false;
  /** Runs were left in the queue: every place that comes free is first theirs. */
  #isQueued = false;
  /** They were left because there was no room here, not because of a limit. */
  #isFull = false;
  readonly #lookOn = new LookOn();
  #claimSoon: NodeJS.Timeout | null = null;
  #claiming: Promise<void> | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LocalEngineOptions) {
    this.#options = options;
    this.#places = new Places(options.maxRuns);
    const onCancel = (id: string) => this.stop(id);
    this.#hints = new Hints({ db: options.db, logger: options.logger, onCancel });
    this.#resting = new RestingRuns(options.db);
    this.#ticks = new Ticks((error) => this.#report(error));
    this.#membership = new Membership(options, {
      onLapse: () => this.#abortAll(),
      onReborn: () => this.#resting.forget(),
    });
    const mayStart = () => this.#membership.mayStart();
    const onQueued = () => this.#claimNext();
    this.#deps = { ...options, advance: { ...options.advance, mayStart, onQueued } };
    const { db, logger, alone = null } = options;
    this.#alone =
      alone === null
        ? null
        : new AloneRuns({ db, logger, ...alone, owner: () => this.#membership.id });
  }

  /** Takes back what an earlier incarnation of this process left, then claims what is due. */
  async start(): Promise<void> {
    const dead = await this.#membership.join();
    this.#isAccepting = true;
    const change = { from: dead, owner: this.#membership.id };
    await takeBack(this.#options, change, (run) => this.wake(run));
    await this.#noteLimits();
    this.#hints.open();
    this.#ticks.every(this.#options.pollMs ?? 200, () => this.#claim());
    this.#ticks.every(this.#options.sweepMs ?? 3_000, () => this.#sweep());
  }

  /** Runs in memory, those being created included. */
  get size(): number {
    return this.#places.size;
  }

  /** Whether this process may drive runs now, in the eyes of the others. */
  get isAlive(): boolean {
    return this.#isAccepting && this.#membership.mayStart();
  }

  /**
   * The owner for a run that is being created, or null when it has to queue. The place is kept until
   * `wake` or `notCreated`.
   */
  ownerForNewRun(run: {
    readonly id: string;
    readonly workspaceId: string;
    readonly isLimited: boolean;
  }): string | null {
    if (!this.isAlive || run.isLimited || this.#isFull) return null;
    if ((this.#options.maxRunningPerWorkspace ?? null) !== null) return null;
    if (this.#limitedWorkspaces.has(run.workspaceId)) return null;
    if (!this.#places.hasRoomFor(run.workspaceId)) return null;
    this.#places.take(run.id, run.workspaceId);
    this.#options.foresight?.foresee(run);
    return this.#membership.id;
  }

  /** Frees the place of a run that was given an owner and was not created, or nobody knows. */
  notCreated(id: string): void {
    if (!this.#drives.has(id)) this.#leave(id);
  }

  /** Drives a run that this process owns. One that nobody owns is claimed in its turn. */
  wake(run: Run): void {
    if (run.owner === null) {
      this.#claimNext();
      return;
    }
    if (run.owner !== this.#membership.id) {
      // It was created for an earlier incarnation of this process, whose runs are adopted one and all.
      this.notCreated(run.id);
      return;
    }
    const earlier = this.#drives.get(run.id);
    if (earlier?.epoch === run.epoch) return;
    // The run came back here under a new epoch while what it did under the old one hangs on: that is lost.
    earlier?.stop.abort();
    this.#places.take(run.id, run.workspaceId);
    const stop = new AbortController();
    const isAlone = this.#alone !== null && run.crashes >= suspicious;
    const ended = this.#drive(run, stop.signal, isAlone)
      .catch((error: unknown) => this.#report(error, run))
      .finally(() => {
        this.#options.commits.emit(run.id);
        if (this.#drives.get(run.id) !== drive) return;
        this.#drives.delete(run.id);
        this.#leave(run.id);
        // The end of a child makes its parent due.
        if (this.#isQueued || isAlone || run.parentRunId !== null) this.#claimNext();
      });
    const drive: Drive = { stop, ended, isAlone, epoch: run.epoch };
    this.#drives.set(run.id, drive);
  }

  #leave(id: string): void {
    this.#places.leave(id);
    this.#options.foresight?.forget(id);
  }

  /** Aborts the call in flight of a run that was cancelled. */
  stop(runId: string): void {
    this.#drives.get(runId)?.stop.abort();
    this.#options.commits.emit(runId);
  }

  /**
   * Stops claiming, lets the steps in flight end within `drainMs` while runs are handed back one by one as
   * they come to rest, aborts the others, and hands them back too.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isAccepting = false;
    this.#isDraining = true;
    if (this.#claimSoon !== null) clearTimeout(this.#claimSoon);
    await Promise.allSettled([this.#ticks.stop(), this.#claiming]);
    const closingAlone = this.#alone?.[Symbol.asyncDispose]();
    await this.#drain(this.#options.drainMs ?? 10_000);
    this.#abortAll();
    await this.#drain(2_000);
    const owner = this.#membership.id;
    for (const [id, { epoch, isAlone }] of this.#drives) {
      if (!isAlone) this.#resting.add({ id, owner, epoch, inFlight: true });
    }
    await this.#resting.handBack().catch((error: unknown) => this.#report(error));
    await closingAlone;
    await this.#hints[Symbol.asyncDispose]();
    await this.#membership[Symbol.asyncDispose]();
  }

  async #drain(ms: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, ms);
    const ends = Promise.allSettled([...this.#drives.values()].map((drive) => drive.ended));
    let isOver = false;
    void Promise.race([ends, late.promise]).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await this.#resting.handBack().catch((error: unknown) => this.#report(error));
      await Promise.race([ends, late.promise, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    clearTimeout(timer);
    await this.#resting.handBack().catch((error: unknown) => this.#report(error));
  }

  #abortAll(): void {
    for (const { stop, isAlone } of this.#drives.values()) if (!isAlone) stop.abort();
  }

  #claimNext(): void {
    if (this.#claimSoon !== null || !this.#isAccepting) return;
    this.#claimSoon = setTimeout(() => {
      this.#claimSoon = null;
      void this.#claim().catch((error: unknown) => this.#report(error));
    }, 2);
  }

  async #claim(): Promise<void> {
    this.#claiming ??= this.#inTurn(() => this.#claimNow()).finally(() => {
      this.#claiming = null;
    });
    await this.#claiming;
  }

  /**
   * Claims and sweeps follow one another: a claim whose answer comes late would else be driven again, after a
   * sweep has found the run, and it has ended (I4).
   */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  async #claimNow(): Promise<void> {
    const looksOn = this.#lookOn.begin();
    while (this.isAlive) {
      const { places, reserve } = this.#places.free;
      if (places + reserve === 0) return;
      if (!(await isAnyDue(this.#options.db))) {
        this.#isQueued = false;
        this.#isFull = false;
        return;
      }
      const claim = await this.#claimOnce(Math.min(places + reserve, claimAtOnce));
      this.#isQueued = claim.more;
      this.#isFull = claim.more && this.#places.free.places === 0;
      if (claim.busy) this.#claimNext();
      if (looksOn(claim)) continue;
      if (claim.runs.length === 0 || !claim.more) return;
    }
  }

  /** The places are taken as the choice is made: dispatches take others in the meantime. */
  async #claimOnce(room: number): Promise<Claim> {
    let taken: readonly string[] = [];
    const choose = (candidates: readonly Candidate[], open: OpenPlaces) => {
      const { places, reserve } = this.#places.free;
      const { small, loads } = this.#places;
      const ids = shareRoom(candidates, open, {
        places: Math.min(places, room),
        reserve: Math.min(reserve, room - Math.min(places, room)),
        small,
        loads,
      });
      taken = ids.filter((id) => !this.#places.has(id));
      const workspaceOf = new Map(candidates.map(({ id, workspaceId }) => [id, workspaceId]));
      for (const id of ids) this.#places.take(id, workspaceOf.get(id) ?? '');
      return ids;
    };
    try {
      const claim = await claimFairly(this.#options.db, {
        owner: this.#membership.id,
        room,
        cursor: this.#cursor,
        maxRunningPerWorkspace: this.#options.maxRunningPerWorkspace ?? null,
        choose,
      });
      for (const run of claim.runs) this.wake(run);
      return claim;
    } finally {
      for (const id of taken) this.notCreated(id);
    }
  }

  async #sweep(): Promise<void> {
    if (!this.isAlive) return;
    await this.#resting.handBack();
    await this.#noteLimits();
    await this.#inTurn(() => this.#compare());
  }

  /** What is driven here against what is owned here. */
  async #compare(): Promise<void> {
    const owner = this.#membership.id;
    const driven = [...this.#drives].filter(([, drive]) => !drive.isAlone);
    const owned = await listOwned(this.#options.db, owner);
    for (const [id, drive] of driven) if (owned.get(id) !== drive.epoch) drive.stop.abort();
    const forgotten = [...owned.keys()].filter((id) => {
      const drive = this.#drives.get(id);
      const isKnown = drive === undefined ? this.#places.has(id) : drive.epoch === owned.get(id);
      return !isKnown && !this.#resting.has(id);
    });
    if (forgotten.length === 0) return;
    for (const run of await getOwnedRuns(this.#options.db, owner, forgotten)) this.wake(run);
  }

  async #noteLimits(): Promise<void> {
    this.#limitedWorkspaces = new Set(await listLimitedWorkspaces(this.#options.db));
  }

  async #drive(run: Run, signal: AbortSignal, isAlone: boolean): Promise<void> {
    if (isAlone) return await this.#alone?.drive(run, signal);
    const isOver = () => this.#isDraining || !this.#membership.mayStart();
    const end: DriveEnd = await driveRun(this.#deps, run, { signal, isOver });
    if (end === 'left') return;
    this.#resting.add(restingAfter(run, end));
  }

  #report(error: unknown, run?: Run): void {
    const fields = run === undefined ? {} : logFields(run);
    this.#options.logger.error({ err: error, ...fields }, 'The engine met an error');
  }
}
