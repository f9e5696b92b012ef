import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../src/core/assert-never.ts';
import { newId } from '../../src/core/ids.ts';
import { between, seededRandom } from '../support/seeded-random.ts';
import { startTemporalServer, type TemporalServer } from '../support/temporal-server.ts';
import { Callers } from './callers.ts';
import { Supervised, startsOf } from './chaos-process.ts';
import { Network } from './network.ts';
import { harmWhileCalled, openWorld, type Settled, settle, type World } from './world.ts';

// An API and two workers of Temporal, each on an address of its own, behind a cable that can be pulled. Postgres,
// Temporal, the model and the ledger are at the other end. The seed decides what befalls whom, and when.

const api = 'api';
const names = [api, 'worker one', 'worker two'] as const;

/** One round; every round has all of them, in an order of its own. */
const faults = ['kill', 'cut', 'temporal', 'postgres', 'kill', 'cut', 'stop', 'freeze'] as const;

export interface ClusterChaosOptions {
  readonly seed: number;
  readonly runs: number;
  /** Faults go on for at least this long, and until all runs have been dispatched. */
  readonly faultyMs: number;
  /** 1: the times of the product. Temporal's own are never shorter. */
  readonly scale: number;
  /** Between two faults, ms. */
  readonly everyMs: readonly [number, number];
  /** How long a cable is out, or a process frozen, ms. */
  readonly awayMs: readonly [number, number];
  readonly patienceMs: number;
  readonly report?: (line: string) => void;
}

export type ClusterChaosFigures = Settled &
  Readonly<typeof none> & {
    /** The processes' starts together. */
    readonly starts: number;
    readonly faultySeconds: number;
  };

const none = { kills: 0, cuts: 0, stops: 0, freezes: 0, temporalRestarts: 0, postgresKills: 0 };

export async function runClusterChaos(options: ClusterChaosOptions): Promise<ClusterChaosFigures> {
  const random = seededRandom(options.seed);
  await using undo = new AsyncDisposableStack();
  const network = undo.use(new Network(names));
  const world = undo.use(await openWorld({ ...options, host: network.address }));
  const temporal = undo.use(await startTemporalServer(network.address));
  const { databaseUrl } = await world.relay(network.address);
  const taskQueue = newId('process');
  const processes = new Map<string, Supervised>();
  for (const name of names) {
    const process_ = new Supervised(
      () => ({
        ...{ ...world.settings, processName: name, databaseUrl, clockOffsetMs: 0 },
        host: network.addressOf(name),
        cluster: { address: temporal.address, taskQueue, works: name !== api },
      }),
      network.within(name),
    );
    processes.set(name, undo.use(process_));
  }
  const server = () => processes.get(api)?.url ?? null;
  const callers = new Callers({ ...options, random, server });
  const chaos = new ClusterChaos({ options, random, world, temporal, network, processes, callers });
  const faultySeconds = await chaos.play();
  const verdict = await settle(world, { callers, patienceMs: options.patienceMs });
  const starts = startsOf([...processes.values()]);
  return { ...verdict, ...chaos.counts, starts, faultySeconds };
}

interface Parts {
  readonly options: ClusterChaosOptions;
  readonly random: () => number;
  readonly world: World;
  readonly temporal: TemporalServer;
  readonly network: Network;
  readonly processes: ReadonlyMap<string, Supervised>;
  readonly callers: Callers;
}

class ClusterChaos {
  readonly counts = { ...none };
  readonly #given: Parts;
  /** Who is being harmed, until it is whole again. */
  readonly #harmed = new Map<string, Promise<void>>();

  constructor(given: Parts) {
    this.#given = given;
  }

  async play(): Promise<number> {
    const { options, callers, processes, world } = this.#given;
    while ([...processes.values()].some(({ url }) => url === null)) await sleep(50);
    return await harmWhileCalled({
      ...{ world, callers, faultyMs: options.faultyMs },
      harm: (isOver) => this.#harm(isOver),
      mended: () => Promise.all(this.#harmed.values()),
    });
  }

  /** One fault after another, each once its victim is whole: on a slow machine there are fewer. */
  async #harm(isOver: () => boolean): Promise<void> {
    const { options, random, callers } = this.#given;
    while (!isOver()) {
      for (const fault of shuffled(faults, random)) {
        await sleep(between(options.everyMs, random));
        // Workers rather than the API: they are what the runs are with.
        const victim = isOfAll(fault) ? fault : names[random() < 0.2 ? 0 : random() < 0.5 ? 1 : 2];
        while (!isOver() && !this.#isWhole(victim)) await sleep(50);
        if (isOver()) return;
        options.report?.(`${fault} (${victim}); ${callers.acknowledged.size} runs`);
        this.#begin(fault, victim);
      }
    }
  }

  #isWhole(whom: string): boolean {
    const { processes, world } = this.#given;
    if (this.#harmed.has(whom)) return false;
    return whom === 'postgres' ? world.postgres.pid !== null : processes.get(whom)?.url !== null;
  }

  #begin(fault: (typeof faults)[number], victim: string): void {
    const { options, random, world, processes } = this.#given;
    const process_ = processes.get(victim);
    const { pid } = world.postgres;
    switch (fault) {
      case 'postgres':
        if (pid !== null) process.kill(pid, 'SIGKILL');
        this.counts.postgresKills += 1;
        return;
      case 'temporal':
        this.#away(victim, () => this.#restartTemporal(between([200, 3_000], random)));
        return;
      case 'kill':
        process_?.kill(between([0, 3_000 * options.scale], random));
        this.counts.kills += 1;
        return;
      case 'stop':
        process_?.stop();
        this.counts.stops += 1;
        return;
      case 'freeze':
        this.counts.freezes += 1;
        this.#away(victim, async () => {
          await process_?.freeze(between(options.awayMs, random));
        });
        return;
      case 'cut':
        this.counts.cuts += 1;
        this.#away(victim, () => this.#cut(victim, between(options.awayMs, random)));
        return;
      default:
        assertNever(fault);
    }
  }

  async #cut(victim: string, ms: number): Promise<void> {
    const { network } = this.#given;
    network.unplug(victim);
    await sleep(ms);
    network.plug(victim);
  }

  async #restartTemporal(awayMs: number): Promise<void> {
    const { temporal } = this.#given;
    await temporal.stop();
    await sleep(awayMs);
    await temporal.start();
    this.counts.temporalRestarts += 1;
  }

  #away(whom: string, harm: () => Promise<void>): void {
    this.#harmed.set(
      whom,
      harm().finally(() => this.#harmed.delete(whom)),
    );
  }
}

const isOfAll = (fault: string): fault is 'postgres' | 'temporal' =>
  fault === 'postgres' || fault === 'temporal';

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
