import { newId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { EngineName } from '../core/run.ts';
import type { Database } from '../store/connect.ts';
import { listDeadOwners, releaseDeadRuns } from '../store/ownership.ts';
import {
  beatProcess,
  declareDead,
  forgetProcesses,
  type HeldName,
  holdExactName,
  holdProcessName,
  listBeats,
  registerProcess,
  renameProcess,
} from '../store/processes.ts';
import { DeathWatch } from './death-watch.ts';

// A process among the others on its database: its incarnation, its name, its beats, and its watch over
// theirs. It lets nothing start once its last acknowledged beat is `lapseMs` old, well before anybody can
// think it dead (`deadAfterMs`, by the others' clocks): so a run that others take has come to rest here.
// Not protected: a virtual machine that is suspended between the check and what it allowed.

export interface MembershipOptions {
  readonly db: Database;
  /** Stable over restarts of the same installation. */
  readonly processName: string;
  /** Whose runs it drives. */
  readonly engine?: EngineName;
  readonly logger: Logger;
  /** Between two beats. */
  readonly beatMs?: number;
  /** Without an acknowledged beat for this long nothing starts here any more. */
  readonly lapseMs?: number;
  /** Others whose beat stands still for this long of our own polls are declared dead. */
  readonly deadAfterMs?: number;
  /** Monotonic, ms. */
  readonly now?: () => number;
}

export interface MembershipEvents {
  /** Nothing may go on for now: abort what runs. */
  onLapse(): void;
  /** This process was declared dead and has a new incarnation; nothing of the old one is its own. */
  onReborn(): void;
}

export class Membership implements AsyncDisposable {
  readonly #options: Required<MembershipOptions>;
  readonly #events: MembershipEvents;
  readonly #watch: DeathWatch;
  #id = newId('process');
  #name: HeldName | null = null;
  #isNameHeld = false;
  #ackedAtMs = Number.NEGATIVE_INFINITY;
  #hasLapsed = true;
  #isClosed = false;
  #timers: NodeJS.Timeout[] = [];
  #beating: Promise<void> | null = null;
  #processes = 1;

  constructor(options: MembershipOptions, events: MembershipEvents) {
    this.#options = {
      engine: 'local',
      beatMs: 1_000,
      lapseMs: 5_000,
      deadAfterMs: 10_000,
      now: () => performance.now(),
      ...options,
    };
    this.#events = events;
    const { deadAfterMs, beatMs } = this.#options;
    this.#watch = new DeathWatch({ deadAfterMs, maxPollMs: 2 * beatMs });
  }

  /** The incarnation: the owner of what this process drives. */
  get id(): string {
    return this.#id;
  }

  /** Processes on the database at the last look, this one included. */
  get processes(): number {
    return this.#processes;
  }

  /** Registers, starts to beat, and names the dead incarnations whose name this process now has. */
  async join(): Promise<string[]> {
    const { db, processName, beatMs } = this.#options;
    this.#hold(await holdProcessName(db, processName));
    const dead = await this.#register();
    this.#every(beatMs, () => this.beat());
    this.#every(Math.min(250, beatMs), async () => {
      this.mayStart();
    });
    return dead;
  }

  /** Whether anything may start now. When not, what runs has been aborted by the time it answers. */
  mayStart(): boolean {
    const { now, lapseMs } = this.#options;
    const isAlive = this.#isNameHeld && now() - this.#ackedAtMs < lapseMs;
    if (isAlive) {
      this.#hasLapsed = false;
    } else if (!this.#hasLapsed) {
      this.#hasLapsed = true;
      this.#options.logger.warn({}, 'No beat was acknowledged: nothing starts until one is');
      this.#events.onLapse();
    }
    return isAlive;
  }

  /** Beats once, then looks after the others. One at a time; errors are logged, the next beat tries again. */
  async beat(): Promise<void> {
    this.#beating ??= this.#beatNow()
      .catch((error: unknown) => this.#options.logger.warn({ err: error }, 'A beat failed'))
      .finally(() => {
        this.#beating = null;
      });
    await this.#beating;
  }

  async #beatNow(): Promise<void> {
    const { db, now } = this.#options;
    // The beat is as old as its sending: how long the answer took must not count in our favour.
    const sentAtMs = now();
    if (!(await beatProcess(db, this.#id))) {
      await this.#rebirth();
      return;
    }
    this.#ackedAtMs = sentAtMs;
    const beats = await listBeats(db);
    this.#processes = beats.length;
    for (const seen of this.#watch.observe(beats, now())) {
      if (seen.id === this.#id || !(await declareDead(db, seen))) continue;
      this.#options.logger.warn({ process: seen.id }, 'A process was declared dead');
    }
    await this.#releaseDead();
  }

  /** What dead owners left becomes anybody's, whoever declared them dead and got no further. */
  async #releaseDead(): Promise<void> {
    const { db, logger } = this.#options;
    const from = await listDeadOwners(db);
    if (from.length === 0) return;
    for (;;) {
      const runs = await db.transaction((tx) => releaseDeadRuns(tx, { from, limit: 1_000 }), {
        lockTimeoutMs: 5_000,
      });
      if (runs === 0) return;
      logger.info({ runs }, 'Runs of dead processes were put back into the queue');
    }
  }

  async #rebirth(): Promise<void> {
    this.#ackedAtMs = Number.NEGATIVE_INFINITY;
    const dead = this.#id;
    this.mayStart();
    this.#id = newId('process');
    this.#events.onReborn();
    this.#options.logger.warn(
      { was: dead, is: this.#id },
      'This process was declared dead: it goes on as a new one',
    );
    await this.#register();
  }

  async #register(): Promise<string[]> {
    const sentAtMs = this.#options.now();
    const { engine } = this.#options;
    const process = { id: this.#id, name: this.#name?.name ?? '', engine };
    const dead = await registerProcess(this.#options.db, process);
    this.#ackedAtMs = sentAtMs;
    return dead;
  }

  #hold(held: HeldName): void {
    this.#name = held;
    this.#isNameHeld = true;
    void held.lost.then(() => this.#regainName(held));
  }

  /** Without its name a process could be taken for dead by a restart; it stands still until it has one. */
  async #regainName(lost: HeldName): Promise<void> {
    if (this.#isClosed || this.#name !== lost) return;
    this.#isNameHeld = false;
    const { db, processName } = this.#options;
    const givenUpAtMs = this.#options.now() + 3_000;
    while (!this.#isClosed) {
      try {
        // The old session may hold it for a while; a name that nobody ever had stands in for it then.
        const isLate = this.#options.now() > givenUpAtMs;
        const name = isLate ? `${processName}/${newId('process')}` : lost.name;
        const held = await holdExactName(db, name);
        if (held !== null) {
          await renameProcess(db, { id: this.#id, name }).catch(async (error: unknown) => {
            await held[Symbol.asyncDispose]();
            throw error;
          });
          if (this.#isClosed) return await held[Symbol.asyncDispose]();
          this.#hold(held);
          return;
        }
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'The name of this process is not regained yet');
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  #every(ms: number, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void work(), ms));
  }

  /** Stops beating. The row goes with it: what this incarnation still owns is anybody's at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await this.#beating;
    this.#ackedAtMs = Number.NEGATIVE_INFINITY;
    this.#hasLapsed = true;
    await forgetProcesses(this.#options.db, [this.#id]).catch((error: unknown) =>
      this.#options.logger.warn({ err: error }, 'The row of this process is left behind'),
    );
    await this.#name?.[Symbol.asyncDispose]();
  }
}
