import { RowLocks } from './row-locks.ts';
import { type SessionHome, SimSession } from './session.ts';
import type { StatementFaults } from './statement-model.ts';
import { emptyTables, type Tables, type Writes } from './tables.ts';
import { type Host, hostNamed, type VirtualTime } from './virtual-time.ts';

// The simulated database server: its sessions, its tables, its locks, and a crash that takes what was not
// committed.

export class SimServer implements SessionHome {
  readonly tables: Tables = emptyTables();
  readonly time: VirtualTime;
  readonly faults: StatementFaults;
  /** A commit takes up to this long. */
  slowestCommitMs = 5;
  /** Its own events: they end with a crash. */
  #life: Host;
  #sessions = new Set<SimSession>();
  /** Told when the server dies: requests that wait for an answer. */
  readonly inTransit = new Set<() => void>();
  readonly locks: RowLocks;
  readonly advisory = new Map<string, SimSession>();
  /** Called with what each commit made visible. */
  onCommit: (writes: Writes) => void = () => {};

  constructor(time: VirtualTime, faults: StatementFaults) {
    this.time = time;
    this.faults = faults;
    this.#life = hostNamed('server');
    this.locks = new RowLocks(time, () => this.#life);
  }

  get isUp(): boolean {
    return this.#life.alive;
  }

  get host(): Host {
    return this.#life;
  }

  commitMs(): number {
    return 1 + this.slowestCommitMs * this.time.random();
  }

  open(onEnd: () => void): SimSession {
    const session = new SimSession(this, onEnd);
    this.#sessions.add(session);
    return session;
  }

  forget(session: SimSession): void {
    this.#sessions.delete(session);
  }

  /** kill -9: what was not committed is gone, and so are sessions and locks. */
  crash(): void {
    this.#life.alive = false;
    const sessions = [...this.#sessions];
    this.#sessions = new Set();
    this.locks.clear();
    this.advisory.clear();
    for (const session of sessions) session.cutByCrash();
    for (const lose of this.inTransit) lose();
    this.inTransit.clear();
  }

  restart(): void {
    if (!this.#life.alive) this.#life = hostNamed('server');
  }
}
