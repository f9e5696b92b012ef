import { SandboxUnavailable } from '../../core/sandbox.ts';
import type { RunnerProcess } from '../runner-process.ts';
import { Demand } from './demand.ts';
import { Slots } from './slots.ts';

// Interpreters that are started and wait for a call, by kind (language and memory class). A process
// serves one call and dies; what waits has seen nothing of anybody, so it does not matter whose call
// takes it. A call that finds none starts one: the pool only ever saves time.
//
// How many wait, for each kind:
// - as many as were in use at once in this window of 30 s or the last, at least `keep`, at most `maxWaiting`;
// - of all kinds together, no more than `maxBytes` by the resident memory that each kind was measured to
//   have. To make room, those of the kind that was used longest ago are ended.
// - They are started one by one, `refillAfterMs` after a call took one and with the time that a start
//   takes in between: calls that run, and calls that start a process themselves, go first.

export interface RunnerKind {
  /** Rejects with `SandboxUnavailable`. */
  start(slot: number): Promise<RunnerProcess>;
  /** Memory of one that waits. */
  readonly residentBytes: number;
  /** How long a start keeps a core busy. */
  readonly startMs: number;
  /** How many wait even when there was no call for long. */
  readonly keep: number;
}

export interface WarmPoolOptions {
  readonly kinds: ReadonlyMap<string, RunnerKind>;
  readonly maxBytes: number;
  /** Of one kind. */
  readonly maxWaiting: number;
  /** Processes at once, waiting and in use: what `start` gets is below. */
  readonly slots: number;
  readonly windowMs?: number;
}

export interface TakenRunner {
  readonly runner: RunnerProcess;
  /** It had been started before the call came. */
  readonly wasWaiting: boolean;
}

const refillAfterMs = 20;
const defaultWindowMs = 30_000;

interface Waiting {
  readonly started: Promise<RunnerProcess>;
  isOver: boolean;
}

interface Shelf {
  readonly kind: RunnerKind;
  readonly demand: Demand;
  /** The oldest, which is the likeliest to be ready, first. */
  readonly waiting: Waiting[];
  lastTakenAt: number;
  /** One died while it waited: none is started before the next call or window asks for it. */
  isFailing: boolean;
}

export class WarmPool implements AsyncDisposable {
  readonly #shelves: ReadonlyMap<string, Shelf>;
  readonly #options: WarmPoolOptions;
  readonly #slots: Slots;
  readonly #window: NodeJS.Timeout;
  readonly #ending = new Set<Promise<unknown>>();
  #refill: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: WarmPoolOptions) {
    this.#options = options;
    this.#slots = new Slots(options.slots);
    const shelf = (kind: RunnerKind): Shelf => ({
      kind,
      demand: new Demand(),
      waiting: [],
      lastTakenAt: kind.keep > 0 ? 0 : Number.NEGATIVE_INFINITY,
      isFailing: false,
    });
    this.#shelves = new Map([...options.kinds].map(([name, kind]) => [name, shelf(kind)]));
    this.#window = setInterval(() => this.#roll(), options.windowMs ?? defaultWindowMs).unref();
    this.#refillSoon(0);
  }

  /** How many wait, and the memory that they were measured to have. */
  get waiting(): { readonly count: number; readonly bytes: number } {
    const shelves = [...this.#shelves.values()];
    return {
      count: shelves.reduce((sum, { waiting }) => sum + waiting.length, 0),
      bytes: shelves.reduce(
        (sum, { waiting, kind }) => sum + waiting.length * kind.residentBytes,
        0,
      ),
    };
  }

  /** A runner for one call; who takes it ends it. Throws `SandboxUnavailable`. */
  async take(name: string): Promise<TakenRunner> {
    const shelf = this.#shelf(name);
    shelf.lastTakenAt = performance.now();
    shelf.isFailing = false;
    const waiting = shelf.waiting.shift();
    shelf.demand.enter();
    try {
      const runner = await (waiting?.started ?? this.#start(shelf.kind));
      const leave = () => shelf.demand.leave();
      runner.closed.then(leave, leave);
      return { runner, wasWaiting: waiting !== undefined };
    } catch (error) {
      shelf.demand.leave();
      throw error;
    } finally {
      this.#refillSoon(refillAfterMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#window);
    if (this.#refill !== null) clearTimeout(this.#refill);
    for (const { waiting } of this.#shelves.values()) {
      while (waiting.length > 0) this.#end(waiting.shift());
    }
    await Promise.allSettled(this.#ending);
  }

  async #start(kind: RunnerKind): Promise<RunnerProcess> {
    if (this.#isClosed) throw new SandboxUnavailable('The sandbox is closed.');
    const slot = this.#slots.take();
    if (slot === null) throw new SandboxUnavailable('The sandbox has no room for another process.');
    const giveBack = () => this.#slots.giveBack(slot);
    try {
      const runner = await kind.start(slot);
      runner.closed.then(giveBack, giveBack);
      return runner;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  #refillSoon(afterMs: number): void {
    if (this.#isClosed || this.#refill !== null) return;
    this.#refill = setTimeout(() => {
      this.#refill = null;
      const startMs = this.#addOne();
      if (startMs !== null) this.#refillSoon(Math.max(refillAfterMs, startMs));
    }, afterMs).unref();
  }

  /** Starts the one that is wanted most; null when none is. */
  #addOne(): number | null {
    const shelf = [...this.#shelves.values()]
      .sort((one, other) => other.lastTakenAt - one.lastTakenAt)
      .find((candidate) => candidate.waiting.length < this.#wanted(candidate));
    if (shelf === undefined || !this.#makeRoomFor(shelf)) return null;
    const waiting: Waiting = { started: this.#start(shelf.kind), isOver: false };
    shelf.waiting.push(waiting);
    const drop = () => {
      waiting.isOver = true;
      const index = shelf.waiting.indexOf(waiting);
      if (index < 0) return;
      shelf.waiting.splice(index, 1);
      shelf.isFailing = true;
    };
    waiting.started.then(({ closed }) => closed.then(drop, drop), drop);
    return shelf.kind.startMs;
  }

  #wanted({ demand, kind, isFailing }: Shelf): number {
    if (isFailing) return 0;
    return Math.min(Math.max(demand.peak, kind.keep), this.#options.maxWaiting);
  }

  /** Ends what was wanted longer ago than this, until one more fits. */
  #makeRoomFor(shelf: Shelf): boolean {
    const { maxBytes } = this.#options;
    const others = [...this.#shelves.values()]
      .filter((other) => other.lastTakenAt < shelf.lastTakenAt)
      .sort((one, other) => one.lastTakenAt - other.lastTakenAt);
    while (this.waiting.bytes + shelf.kind.residentBytes > maxBytes) {
      const victim = others.find(({ waiting }) => waiting.length > 0);
      if (victim === undefined) return false;
      this.#end(victim.waiting.shift());
    }
    return true;
  }

  #roll(): void {
    for (const shelf of this.#shelves.values()) {
      shelf.demand.roll();
      shelf.isFailing = false;
      while (shelf.waiting.length > this.#wanted(shelf)) this.#end(shelf.waiting.shift());
    }
    this.#refillSoon(0);
  }

  #end(waiting: Waiting | undefined): void {
    if (waiting === undefined || waiting.isOver) return;
    const ending = waiting.started.then((runner) => runner.kill()).catch(() => {});
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }

  #shelf(name: string): Shelf {
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) throw new Error(`The pool has no kind "${name}".`);
    return shelf;
  }
}
