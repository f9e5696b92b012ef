import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/store/connect.ts';
import type { EmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { Callers } from './callers.ts';
import { Supervised, startsOf, timesOf } from './chaos-process.ts';
import { CuttableProxy } from './proxy.ts';
import { openWorld, type Settled, settle } from './world.ts';

// Three processes on one Postgres, and everything that can befall them. The seed decides what, when and to
// whom; what the machine makes of it is its own affair, so a run of the chaos cannot be played again exactly.

export interface ChaosOptions {
  readonly seed: number;
  readonly runs: number;
  /** Faults go on for at least this long, and until all runs have been dispatched. */
  readonly faultyMs: number;
  /** 1: the times of the product. Smaller: beats, lapses and freezes are as much shorter. */
  readonly scale: number;
  /** Between two kills of Postgres, ms. */
  readonly postgresEveryMs: readonly [number, number];
  readonly patienceMs: number;
  readonly report?: (line: string) => void;
}

export type ChaosFigures = Settled & {
  /** The processes' starts together. */
  readonly starts: number;
  readonly kills: number;
  readonly stops: number;
  readonly freezes: number;
  readonly postgresKills: number;
  readonly cuts: number;
  readonly faultySeconds: number;
};

export async function runChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const random = seededRandom(options.seed);
  await using undo = new AsyncDisposableStack();
  const world = undo.use(await openWorld({ ...options, host: '127.0.0.1' }));
  const { db, postgres, model, ledger, agentId, notesDir } = world;

  const { host, port, user, database } = postgres.connection;
  const proxies: CuttableProxy[] = [];
  const processes: Supervised[] = [];
  for (const name of ['start', 'worker one', 'worker two']) {
    const proxy = undo.use(new CuttableProxy(join(host, `.s.PGSQL.${port}`)));
    proxies.push(proxy);
    const databaseUrl = `postgresql://${user}@127.0.0.1:${await proxy.listen()}/${database}`;
    // The clock of the last one is up to ten minutes off, anew at every start.
    const isOff = name === 'worker two';
    processes.push(
      undo.use(
        new Supervised(() => ({
          ...{ processName: name, databaseUrl, agentId, notesDir },
          ...{ modelUrl: model.url, ledgerUrl: ledger.url, host: '127.0.0.1', cluster: null },
          clockOffsetMs: isOff ? Math.round(1_200_000 * (random() - 0.5)) : 0,
          times: timesOf(options.scale),
        })),
      ),
    );
  }

  const server = () => processes[random() < 0.8 ? 0 : 1 + Math.floor(2 * random())]?.url ?? null;
  const callers = new Callers({ ...options, random, server });
  const chaos = new Chaos({ options, random, db, postgres, proxies, processes, callers });
  await chaos.play();
  const verdict = await settle(world, { callers, patienceMs: options.patienceMs });
  return { ...verdict, ...chaos.counts, starts: startsOf(processes) };
}

interface ChaosParts {
  readonly options: ChaosOptions;
  readonly random: () => number;
  readonly callers: Callers;
  readonly db: Database;
  readonly postgres: EmbeddedPostgres;
  readonly proxies: readonly CuttableProxy[];
  readonly processes: readonly Supervised[];
}

class Chaos {
  readonly counts = {
    ...{ kills: 0, stops: 0, freezes: 0, postgresKills: 0, cuts: 0, faultySeconds: 0 },
  };
  readonly #given: ChaosParts;
  readonly #freezing = new Set<Promise<void>>();
  #isOver = false;

  constructor(given: ChaosParts) {
    this.#given = given;
  }

  /** Harms while the callers call. */
  async play(): Promise<void> {
    const { options, postgres, callers } = this.#given;
    await sleep(1_500);
    const startedAt = performance.now();
    const harming = Promise.all([this.#harmPostgres(), this.#harmProcesses()]);
    await Promise.all([callers.dispatchAll(), sleep(options.faultyMs)]);
    this.#isOver = true;
    await harming;
    await Promise.all([...this.#freezing, callers.settled()]);
    this.counts.faultySeconds = Math.round((performance.now() - startedAt) / 1_000);
    while (postgres.pid === null) await sleep(50);
  }

  async #harmPostgres(): Promise<void> {
    const { options, random, postgres } = this.#given;
    const [least, most] = options.postgresEveryMs;
    while (!this.#isOver) {
      await sleep(least + (most - least) * random());
      const { pid } = postgres;
      if (this.#isOver || pid === null) continue;
      process.kill(pid, 'SIGKILL');
      this.counts.postgresKills += 1;
      options.report?.(
        `Postgres killed (${this.counts.postgresKills}); ${this.#given.callers.acknowledged.size} runs`,
      );
    }
  }

  async #harmProcesses(): Promise<void> {
    const { options, random } = this.#given;
    while (!this.#isOver) {
      await sleep((1_000 + 5_000 * random()) * Math.max(options.scale, 0.2));
      if (!this.#isOver) this.#harm(random());
    }
  }

  #harm(kind: number): void {
    const { options, random, proxies, processes } = this.#given;
    const victim = Math.floor(random() * processes.length);
    const process_ = processes[victim];
    if (process_ === undefined) return;
    if (kind < 0.3) {
      process_.kill(3_000 * random() * options.scale);
      this.counts.kills += 1;
    } else if (kind < 0.55) {
      // Most of them past every timeout, the others well below.
      const ms = (random() < 0.7 ? 12_000 + 6_000 * random() : 3_000 * random()) * options.scale;
      const freezing = process_.freeze(ms);
      this.#freezing.add(freezing);
      void freezing.finally(() => this.#freezing.delete(freezing));
      this.counts.freezes += 1;
    } else if (kind < 0.65) {
      process_.stop();
      this.counts.stops += 1;
    } else if (kind < 0.8) {
      proxies[victim]?.cut(random);
      this.counts.cuts += 1;
    } else if (kind < 0.9) {
      proxies[victim]?.hold(8_000 * random() * options.scale);
      this.counts.cuts += 1;
    } else {
      void this.#terminateBackends(random());
      this.counts.cuts += 1;
    }
  }

  async #terminateBackends(share: number): Promise<void> {
    await this.#given.db
      .query({
        text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < $1`,
        values: [share],
      })
      .catch(() => []);
  }
}
