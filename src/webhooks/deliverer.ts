import type { Logger } from '../core/logger.ts';
import type { Database } from '../store/connect.ts';
import { databaseFault } from '../store/database-fault.ts';
import {
  type AttemptOutcome,
  type ClaimedDelivery,
  claimDeliveries,
  recordAttempt,
  releaseClaim,
} from '../store/webhook-claims.ts';
import { disableAfterMs } from './schedule.ts';
import { type SendDeps, sendDelivery } from './send.ts';

// Delivers webhooks out, from the table alone: any number of processes may do it side by side. At least once:
// an attempt that died with its process is made again when its claim has lapsed, under the same id.
// A receiver that is slow takes its own few places and nobody else's.

export interface DelivererOptions extends SendDeps {
  readonly db: Database;
  readonly logger: Logger;
  readonly pollMs?: number;
  /** Attempts of this process at once, and of one webhook. */
  readonly atOnce?: number;
  readonly perWebhook?: number;
  /** The database's clock is read so much ahead; for tests, which do not wait for days. */
  readonly aheadMs?: () => number;
}

const defaults = { pollMs: 1_000, atOnce: 256, perWebhook: 4 } as const;
/** Far above the time that an attempt may take. */
const leaseMs = 60_000;

export class WebhookDeliverer implements AsyncDisposable {
  readonly #options: DelivererOptions;
  readonly #stop = new AbortController();
  readonly #busy = new Map<string, number>();
  readonly #working = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;
  #isAsked = false;

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.nudge(), this.#options.pollMs ?? defaults.pollMs);
    this.nudge();
  }

  /** Something is due: looks at once. */
  nudge(): void {
    if (this.#stop.signal.aborted || this.#timer === null) return;
    this.#isAsked = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = null;
    });
  }

  /** Nothing is claimed and no attempt is under way. */
  async idle(): Promise<void> {
    while (this.#round !== null || this.#working.size > 0) {
      await this.#round;
      await Promise.all(this.#working);
    }
  }

  /** Breaks off what is under way; it is made again under the same id. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#stop.abort(new Error('The server is closing'));
    await this.idle();
  }

  async #rounds(): Promise<void> {
    while (this.#isAsked && !this.#stop.signal.aborted) {
      this.#isAsked = false;
      try {
        await this.#claim();
      } catch (err) {
        this.#options.logger.warn({ err }, 'Webhooks that are due could not be claimed');
      }
    }
  }

  async #claim(): Promise<void> {
    const { db, atOnce = defaults.atOnce, perWebhook = defaults.perWebhook } = this.#options;
    const limit = atOnce - this.#working.size;
    if (limit <= 0) return;
    const request = { limit, perWebhook, busy: this.#busy, leaseMs, aheadMs: this.#aheadMs() };
    for (const delivery of await claimDeliveries(db, request)) {
      const { webhookId } = delivery;
      this.#busy.set(webhookId, (this.#busy.get(webhookId) ?? 0) + 1);
      const work = this.#deliver(delivery).finally(() => {
        this.#working.delete(work);
        const left = (this.#busy.get(webhookId) ?? 1) - 1;
        if (left > 0) this.#busy.set(webhookId, left);
        else this.#busy.delete(webhookId);
        this.nudge();
      });
      this.#working.add(work);
    }
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { db, logger } = this.#options;
    const { signal } = this.#stop;
    const about = { deliveryId: delivery.id, webhookId: delivery.webhookId };
    try {
      const outcome = signal.aborted ? null : await this.#attempt(delivery);
      if (outcome === null) await releaseClaim(db, delivery);
      else if (await this.#record(delivery, outcome)) {
        logger.warn(
          about,
          'A webhook was switched off: its receiver is gone or fails for too long',
        );
      }
    } catch (err) {
      // Its claim lapses; it is made again then.
      logger.warn({ err, ...about }, 'A delivery could not be recorded');
    }
  }

  /** Null: it was broken off. */
  async #attempt(delivery: ClaimedDelivery): Promise<AttemptOutcome | null> {
    try {
      return await sendDelivery(this.#options, delivery, this.#stop.signal);
    } catch (error) {
      if (this.#stop.signal.aborted) return null;
      throw error;
    }
  }

  /** Whether the webhook was switched off by it. What a receiver has taken is worth a few tries to note. */
  async #record(delivery: ClaimedDelivery, outcome: AttemptOutcome): Promise<boolean> {
    const policy = { disableAfterMs, aheadMs: this.#aheadMs() };
    for (let tries = 0; ; tries++) {
      try {
        return (await recordAttempt(this.#options.db, delivery, outcome, policy)).disabled;
      } catch (error) {
        const fault = databaseFault(error);
        if (tries === 5 || (fault !== 'transient' && fault !== 'connection')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tries));
      }
    }
  }

  #aheadMs(): number {
    return this.#options.aheadMs?.() ?? 0;
  }
}
