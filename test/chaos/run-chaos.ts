import { setTimeout as sleep } from 'node:timers/promises';
import { between, seededRandom } from '../support/seeded-random.ts';
import { Callers } from './callers.ts';
import { Supervised, startsOf } from './chaos-process.ts';
import type { CuttableProxy } from './proxy.ts';
import { harmWhileCalled, openWorld, type Settled, settle, type World } from './world.ts';

// Three processes on one Postgres, and everything that can befall them. The seed decides what, when and to
// whom; what the machine makes of it is its own affair, so a run of the chaos cannot be played again exactly.

const host = '127.0.0.1';

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
  const world = undo.use(await openWorld({ ...options, host }));
  const proxies: CuttableProxy[] = [];
  const processes: Supervised[] = [];
  for (const name of ['start', 'worker one', 'worker two']) {
    const { proxy, databaseUrl } = await world.relay(host);
    proxies.push(proxy);
    // The clock of the last one is up to ten minutes off, anew at every start.
    const isOff = name === 'worker two';
    processes.push(
      undo.use(
        new Supervised(() => ({
          ...{ ...world.settings, processName: name, databaseUrl, host, cluster: null },
          clockOffsetMs: isOff ? Math.round(1_200_000 * (random() - 0.5)) : 0,
        })),
      ),
    );
  }

  const server = () => processes[random() < 0.8 ? 0 : 1 + Math.floor(2 * random())]?.url ?? null;
  const callers = new Callers({ ...options, random, server });
  const chaos = new Chaos({ options, random, world, proxies, processes, callers });
  const faultySeconds = await chaos.play();
  const verdict = await settle(world, { callers, patienceMs: options.patienceMs });
  return { ...verdict, ...chaos.counts, starts: startsOf(processes), faultySeconds };
}

interface ChaosParts {
  readonly options: ChaosOptions;
  readonly random: () => number;
  readonly callers: Callers;
  readonly world: World;
  readonly proxies: readonly CuttableProxy[];
  readonly processes: readonly Supervised[];
}

class Chaos {
  readonly counts = { kills: 0, stops: 0, freezes: 0, postgresKills: 0, cuts: 0 };
  readonly #given: ChaosParts;
  readonly #freezing = new Set<Promise<void>>();

  constructor(given: ChaosParts) {
    this.#given = given;
  }

  async play(): Promise<number> {
    const { options, world, callers } = this.#given;
    await sleep(1_500);
    return await harmWhileCalled({
      ...{ world, callers, faultyMs: options.faultyMs },
      harm: async (isOver) => {
        await Promise.all([this.#harmPostgres(isOver), this.#harmProcesses(isOver)]);
      },
      mended: () => Promise.all(this.#freezing),
    });
  }

  async #harmPostgres(isOver: () => boolean): Promise<void> {
    const { options, random, world } = this.#given;
    while (!isOver()) {
      await sleep(between(options.postgresEveryMs, random));
      const { pid } = world.postgres;
      if (isOver() || pid === null) continue;
      process.kill(pid, 'SIGKILL');
      this.counts.postgresKills += 1;
      options.report?.(
        `Postgres killed (${this.counts.postgresKills}); ${this.#given.callers.acknowledged.size} runs`,
      );
    }
  }

  async #harmProcesses(isOver: () => boolean): Promise<void> {
    const { options, random } = this.#given;
    while (!isOver()) {
      await sleep((1_000 + 5_000 * random()) * Math.max(options.scale, 0.2));
      if (!isOver()) this.#harm(random());
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
    await this.#given.world.db
      .query({
        text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < $1`,
        values: [share],
      })
      .catch(() => []);
  }
}
