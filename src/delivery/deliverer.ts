import type { Logger } from '../core/logger.ts';
import { databaseFault } from '../store/database-fault.ts';
import { ClaimLoop } from './claim-loop.ts';

// Delivers what a table says is due: any number of processes may do it side by side. What is claimed is attempted
// once and recorded under its claim; what died with its process is claimed again when the claim has lapsed. A
// receiver that is slow takes its own few places and nobody else's.

export interface DeliveryWork<Claimed, Outcome> {
  /** What is delivered, for the log: `Webhooks`. */
  readonly name: string;
  /** Claims what is due. `busy`: how many of each lane are under way here. */
  claim(request: ClaimRequest): Promise<readonly Claimed[]>;
  /** What has few places: a receiver. */
  laneOf(claimed: Claimed): string;
  /** Never throws but the signal's reason: then nothing was sent, or it may be sent again. */
  attempt(claimed: Claimed, signal: AbortSignal): Promise<Outcome>;
  record(claimed: Claimed, outcome: Outcome): Promise<void>;
  /** Gives a claim back unused, or broken off. */
  release(claimed: Claimed): Promise<void>;
  /** For the log. */
  about(claimed: Claimed): Readonly<Record<string, string>>;
}

export interface ClaimRequest {
  readonly limit: number;
  readonly perLane: number;
  readonly busy: ReadonlyMap<string, number>;
  /** How long an attempt may take before it counts as lost. */
  readonly leaseMs: number;
}

export interface DelivererTimes {
  readonly pollMs?: number;
  /** Attempts of this process at once, and of one lane. */
  readonly atOnce?: number;
  readonly perLane?: number;
}

const defaults = { pollMs: 1_000, atOnce: 256, perLane: 4 } as const;
/** Far above the time that an attempt may take. */
const leaseMs = 60_000;

export class Deliverer<Claimed, Outcome> extends ClaimLoop<Claimed> {
  readonly #work: DeliveryWork<Claimed, Outcome>;
  readonly #logger: Logger;
  readonly #busy = new Map<string, number>();

  constructor(
    work: DeliveryWork<Claimed, Outcome>,
    given: { readonly logger: Logger; readonly times?: DelivererTimes },
  ) {
    const { logger, times = {} } = given;
    const { perLane = defaults.perLane } = times;
    super({
      logger,
      name: work.name,
      pollMs: times.pollMs ?? defaults.pollMs,
      atOnce: times.atOnce ?? defaults.atOnce,
      claim: (limit) => work.claim({ limit, perLane, busy: this.#busy, leaseMs }),
      work: (claimed, signal) => this.#inLane(claimed, signal),
    });
    this.#work = work;
    this.#logger = logger;
  }

  async #inLane(claimed: Claimed, signal: AbortSignal): Promise<void> {
    const lane = this.#work.laneOf(claimed);
    this.#busy.set(lane, (this.#busy.get(lane) ?? 0) + 1);
    try {
      await this.#deliver(claimed, signal);
    } finally {
      const left = (this.#busy.get(lane) ?? 1) - 1;
      if (left > 0) this.#busy.set(lane, left);
      else this.#busy.delete(lane);
    }
  }

  async #deliver(claimed: Claimed, signal: AbortSignal): Promise<void> {
    try {
      const attempted = signal.aborted ? null : await this.#attempt(claimed, signal);
      if (attempted === null) await this.#work.release(claimed);
      else await this.#record(claimed, attempted.outcome);
    } catch (err) {
      // Its claim lapses, and is judged then.
      const about = this.#work.about(claimed);
      this.#logger.warn({ err, ...about }, 'A delivery could not be recorded');
    }
  }

  /** Null: it was broken off. */
  async #attempt(
    claimed: Claimed,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: Outcome } | null> {
    try {
      return { outcome: await this.#work.attempt(claimed, signal) };
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /** What a receiver has taken is worth a few tries to note. */
  async #record(claimed: Claimed, outcome: Outcome): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.#work.record(claimed, outcome);
        return;
      } catch (error) {
        const fault = databaseFault(error);
        if (tries === 5 || (fault !== 'transient' && fault !== 'connection')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tries));
      }
    }
  }
}
