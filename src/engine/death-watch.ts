import type { Beat } from '../store/processes.ts';

export interface DeathWatchOptions {
  /** A process whose beat stood still for this long of the observer's own polls is dead. */
  readonly deadAfterMs: number;
  /** What one poll counts at most: the time of an outage or of the observer's own freeze counts little. */
  readonly maxPollMs: number;
}

/**
 * Who is dead, from what one observer saw. Only time between two successful polls counts, and little of
 * it at once, so neither an outage of the database nor a jump or freeze of the observer makes anybody dead.
 */
export class DeathWatch {
  readonly #options: DeathWatchOptions;
  #seen = new Map<string, { readonly beat: number; readonly stillMs: number }>();
  #polledAtMs: number | null = null;

  constructor(options: DeathWatchOptions) {
    this.#options = options;
  }

  /** After a successful poll at this time (monotonic): the processes that are dead now. */
  observe(beats: readonly Beat[], nowMs: number): Beat[] {
    const sinceMs = this.#polledAtMs === null ? 0 : nowMs - this.#polledAtMs;
    const passedMs = Math.min(Math.max(0, sinceMs), this.#options.maxPollMs);
    this.#polledAtMs = nowMs;
    const seen = new Map<string, { beat: number; stillMs: number }>();
    for (const { id, beat } of beats) {
      const before = this.#seen.get(id);
      const stillMs = before?.beat === beat ? before.stillMs + passedMs : 0;
      seen.set(id, { beat, stillMs });
    }
    this.#seen = seen;
    return beats.filter(({ id }) => (seen.get(id)?.stillMs ?? 0) >= this.#options.deadAfterMs);
  }
}
