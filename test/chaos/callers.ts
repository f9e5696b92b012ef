import { setTimeout as sleep } from 'node:timers/promises';
import { forkedNumber } from './plan.ts';

export interface CallerCounts {
  readonly cancels: number;
  readonly forks: number;
  readonly pauses: number;
}

/** Those who want something of the processes during the chaos: they dispatch, cancel, fork and pause. */
export class Callers {
  /** Runs by their number. */
  readonly acknowledged = new Map<number, string>();
  readonly counts = { cancels: 0, forks: 0, pauses: 0 } satisfies CallerCounts;
  readonly #given: CallersOptions;
  readonly #acting: Promise<void>[] = [];

  constructor(given: CallersOptions) {
    this.#given = given;
  }

  /** Spread over the time of the faults. */
  async dispatchAll(): Promise<void> {
    const { faultyMs, runs, random } = this.#given;
    const perRunMs = faultyMs / runs;
    const startedAt = performance.now();
    let next = 1;
    const dispatcher = async () => {
      while (next <= runs) {
        const n = next++;
        await sleep(Math.max(0, startedAt + n * perRunMs - performance.now()));
        await this.#dispatch(n);
        const id = this.acknowledged.get(n);
        if (id === undefined) continue;
        const chance = random();
        if (chance < 0.04) void this.#cancel(id);
        else if (chance < 0.08) this.#acting.push(this.#fork(n, id));
        else if (chance < 0.1) this.#acting.push(this.#pause());
      }
    };
    await Promise.all(Array.from({ length: 8 }, dispatcher));
  }

  /** Resolves when nothing more is asked for. */
  async settled(): Promise<void> {
    await Promise.all(this.#acting);
  }

  /** Until somebody acknowledges it, under one `Idempotency-Key`. */
  async #dispatch(n: number): Promise<void> {
    while (!this.acknowledged.has(n)) {
      const answer = await this.#ask(`dispatch/${n}`);
      if (typeof answer?.id === 'string') this.acknowledged.set(n, answer.id);
      else await sleep(50);
    }
  }

  /** One that is not acknowledged may exist all the same, and ends like the others. */
  async #fork(n: number, id: string): Promise<void> {
    await sleep(2_000 * Math.random());
    const answer = await this.#ask(`fork/${id}`);
    if (typeof answer?.id !== 'string') return;
    this.acknowledged.set(forkedNumber(n), answer.id);
    this.counts.forks += 1;
  }

  /** Runs that are dispatched meanwhile wait, and those that were asked for by others. */
  async #pause(): Promise<void> {
    await this.#ask('pause');
    this.counts.pauses += 1;
    await sleep(2_000 * this.#given.scale);
    await this.#ask('resume');
  }

  async #cancel(id: string): Promise<void> {
    await sleep(1_500 * Math.random());
    const answer = await this.#ask(`cancel/${id}`);
    if (answer?.status === 'cancelled') this.counts.cancels += 1;
  }

  async #ask(path: string): Promise<{ id?: unknown; status?: unknown } | null> {
    const url = this.#given.server();
    if (url === null) return null;
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(`${url}/${path}`, { method: 'POST', signal });
      return response.ok ? ((await response.json()) as { id?: unknown }) : null;
    } catch {
      return null;
    }
  }
}

interface CallersOptions {
  readonly runs: number;
  readonly faultyMs: number;
  readonly scale: number;
  readonly random: () => number;
  /** Of one that takes requests, or null. */
  readonly server: () => string | null;
}
