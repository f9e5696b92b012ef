import type { Logger } from '../core/logger.ts';
import { ClaimLoop } from '../delivery/claim-loop.ts';
import type { Database } from '../store/connect.ts';
import { claimWakes, deleteWakes, type RunWake, repeatWakes } from '../store/run-wakes.ts';
import type { ClusterLink } from './cluster-link.ts';
import { Ticks } from './ticks.ts';

// Tells the cluster of runs that are to go on, from the outbox, until it accepts: a run that was dispatched while
// the cluster was away begins when it is back.

const atOnce = 100;
/** A run that is due for so long without being driven is told of again. */
const overdueMs = 600_000;

export class WakeRelay implements AsyncDisposable {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #link: Pick<ClusterLink, 'wake'>;
  readonly #loop: ClaimLoop<readonly RunWake[]>;
  readonly #ticks: Ticks;
  #isAway = false;

  constructor(given: {
    readonly db: Database;
    readonly logger: Logger;
    readonly link: Pick<ClusterLink, 'wake'>;
    readonly pollMs?: number;
  }) {
    const { db, logger, link } = given;
    this.#db = db;
    this.#logger = logger;
    this.#link = link;
    this.#ticks = new Ticks((err) => logger.warn({ err }, 'Overdue runs could not be told of'));
    this.#loop = new ClaimLoop<readonly RunWake[]>({
      logger,
      name: 'Wake-ups',
      pollMs: given.pollMs ?? 200,
      atOnce: 2,
      claim: async () => {
        const wakes = await claimWakes(db, atOnce);
        return wakes.length === 0 ? [] : [wakes];
      },
      work: async (wakes) => {
        try {
          await this.#tell(wakes);
        } catch (err) {
          logger.warn({ err }, 'Accepted wake-ups are still in the outbox, and will be sent again');
        }
      },
    });
  }

  start(): void {
    this.#loop.start();
    this.#ticks.every(60_000, async () => {
      if ((await repeatWakes(this.#db, overdueMs)) > 0) this.#loop.nudge();
    });
  }

  /** A run was just dispatched. */
  nudge(): void {
    this.#loop.nudge();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ticks.stop();
    await this.#loop[Symbol.asyncDispose]();
  }

  async #tell(wakes: readonly RunWake[]): Promise<void> {
    const told = await Promise.allSettled(wakes.map((wake) => this.#link.wake(wake)));
    const accepted = wakes.flatMap(({ ids }, i) => (told[i]?.status === 'fulfilled' ? ids : []));
    const refusal = told.find((one) => one.status === 'rejected');
    // One line for an outage, however long it lasts.
    if (refusal !== undefined && !this.#isAway) {
      const about = { err: refusal.reason };
      this.#logger.warn(about, 'The cluster did not accept wake-ups: they wait for it');
    }
    this.#isAway = refusal !== undefined;
    if (accepted.length > 0) await deleteWakes(this.#db, accepted);
  }
}
