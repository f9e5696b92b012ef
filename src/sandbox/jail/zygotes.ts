import { Demand } from '../pool/demand.ts';
import type { RunnerProcess } from '../runner-process.ts';
import type { Zygote } from './zygote.ts';

/** After so many children a zygote is replaced: they have its address layout and hash seed in common. */
const defaultMaxChildren = 2_000;
const windowMs = 30_000;

/**
 * The zygotes of a sandbox: one, or, where children could get in each other's way, one for each child
 * that lives at the same time. Those that were not needed for a while are ended.
 */
export class Zygotes implements AsyncDisposable {
  readonly #startZygote: () => Promise<Zygote>;
  readonly #isExclusive: boolean;
  readonly #maxChildren: number;
  readonly #zygotes = new Set<Zygote>();
  readonly #taken = new Set<Zygote>();
  readonly #ending = new Set<Promise<void>>();
  readonly #demand = new Demand();
  readonly #window: NodeJS.Timeout;
  #shared: Promise<Zygote> | null = null;

  constructor(options: {
    readonly startZygote: () => Promise<Zygote>;
    /** One child at a time. */
    readonly isExclusive: boolean;
    readonly maxChildren?: number;
  }) {
    this.#startZygote = options.startZygote;
    this.#isExclusive = options.isExclusive;
    this.#maxChildren = options.maxChildren ?? defaultMaxChildren;
    this.#window = setInterval(() => this.#roll(), windowMs).unref();
  }

  /** A Python that waits for its request. Throws `SandboxUnavailable`. */
  async startRunner(slot: number, uid: number | null): Promise<RunnerProcess> {
    this.#demand.enter();
    let zygote: Zygote | null = null;
    const leave = () => {
      this.#demand.leave();
      if (zygote === null) return;
      this.#taken.delete(zygote);
      this.#retire(zygote);
    };
    try {
      zygote = await this.#find();
      const runner = await zygote.startRunner(slot, uid);
      runner.closed.then(leave, leave);
      return runner;
    } catch (error) {
      leave();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#window);
    await Promise.allSettled([this.#shared]);
    for (const zygote of this.#zygotes) this.#end(zygote);
    await Promise.all(this.#ending);
  }

  async #find(): Promise<Zygote> {
    if (!this.#isExclusive) {
      for (;;) {
        const current = this.#shared;
        const zygote = (await current?.catch(() => null)) ?? null;
        if (zygote !== null && this.#isFresh(zygote)) return zygote;
        // Whoever comes first replaces it; the others wait for the same.
        if (this.#shared !== current) continue;
        this.#shared = this.#add();
        return await this.#shared;
      }
    }
    const free = [...this.#zygotes].find((one) => this.#isFresh(one) && !this.#taken.has(one));
    if (free === undefined) return await this.#add();
    this.#taken.add(free);
    return free;
  }

  async #add(): Promise<Zygote> {
    for (const zygote of this.#zygotes) this.#retire(zygote);
    const zygote = await this.#startZygote();
    this.#zygotes.add(zygote);
    this.#taken.add(zygote);
    return zygote;
  }

  #isFresh(zygote: Zygote): boolean {
    return !zygote.isLost && zygote.children < this.#maxChildren;
  }

  /** Ends one that has served its time, once it has no child. */
  #retire(zygote: Zygote): void {
    if (!this.#isFresh(zygote) && zygote.live === 0) this.#end(zygote);
  }

  #end(zygote: Zygote): void {
    this.#zygotes.delete(zygote);
    const ending = zygote[Symbol.asyncDispose]().catch(() => {});
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }

  #roll(): void {
    this.#demand.roll();
    if (!this.#isExclusive) return;
    const idle = [...this.#zygotes].filter((zygote) => !this.#taken.has(zygote));
    const wanted = Math.max(this.#demand.peak, 1);
    const tooMany = Math.max(0, this.#zygotes.size - wanted);
    for (const zygote of idle.slice(0, tooMany)) this.#end(zygote);
  }
}
