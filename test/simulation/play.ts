import type { Agent } from '../../src/core/agent.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { agentCount, agentOf } from './agents.ts';
import type { Fate } from './client.ts';
import { Judge } from './judge.ts';
import { newOutside } from './outside.ts';
import { SimProcess, type World } from './process.ts';
import { SimServer } from './server.ts';
import type { StatementFaults } from './statement-model.ts';
import type { Writes } from './tables.ts';
import { type Host, hostNamed, installVirtualTime, VirtualTime } from './virtual-time.ts';

// One seed: a few processes, a few runs, and half a minute of faults, after which everything must end well.

export interface Verdict {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly runs: number;
  readonly modelCalls: number;
  /** Outputs that were kept apart. */
  readonly spills: number;
  /** Runs that other runs asked for. */
  readonly children: number;
  readonly forks: number;
  /** Virtual ms until all runs had ended. */
  readonly tookMs: number;
  /** What happened in which order: equal for equal seeds. */
  readonly history: readonly string[];
}

/** What is taken out of the product, to show that the judge notices. */
export interface Mutation extends StatementFaults {
  readonly neverLapses?: boolean;
}

const faultyMs = 25_000;
const patienceMs = 900_000;
/** Numbers of forks: after those of what is dispatched. */
const firstFork = 20;

/** Plays a seed. The same seed always plays the same. */
export async function playSeed(seed: number, faults: Mutation = {}): Promise<Verdict> {
  using _time = installVirtualTime();
  const random = seededRandom(seed);
  const time = new VirtualTime(random);
  const server = new SimServer(time, faults);
  server.slowestCommitMs = [5, 50, 400][Math.floor(random() * 3)] as number;
  const outside = newOutside();
  const judge = new Judge(server.tables, outside, () => time.date().getTime());
  const history: string[] = [];
  server.onCommit = (writes) => {
    judge.committed(writes);
    stage.onCommit(writes);
    for (const run of writes.runs) {
      history.push(
        `${Math.round(time.nowMs)} ${run.payload} ${run.epoch} ${run.last_seq} ${run.status}`,
      );
    }
  };
  const stage = new Stage({
    seed,
    time,
    server,
    outside,
    judge,
    network: networkOf(time, random),
    mutation: faults,
  });
  stage.open();
  const end = await time.playUntil(() => false, faultyMs);
  stage.heal();
  const isDone = () => stage.isHealed && judge.unfinished.length === 0;
  if (!end) await time.playUntil(isDone, faultyMs + patienceMs);
  const tookMs = time.nowMs;
  // What is still on its way may not change anything that has ended.
  await time.playUntil(() => false, tookMs + 12_000);
  await time.playUntil(isDone, tookMs + patienceMs);
  judge.atTheEnd();
  stage.close();
  return {
    seed,
    faults: judge.faults,
    runs: server.tables.runs.size,
    modelCalls: outside.modelCalls.length,
    spills: judge.spillsNamed,
    children: judge.children,
    forks: judge.forks,
    tookMs,
    history,
  };
}

interface SimNetwork {
  readonly fate: (host: Host) => Fate;
  readonly isCut: (host: Host) => boolean;
  readonly cutUntilMs: Map<Host, number>;
  isFaulty: boolean;
}

function networkOf(time: VirtualTime, random: () => number): SimNetwork {
  const rate = [0, 0.01, 0.05][Math.floor(random() * 3)] as number;
  const fates: readonly Fate[] = ['lost', 'answer_lost', 'late', 'transient'];
  const network: SimNetwork = {
    isFaulty: true,
    cutUntilMs: new Map(),
    isCut: (host) => (network.cutUntilMs.get(host) ?? 0) > time.nowMs,
    fate: () => {
      if (!network.isFaulty || random() >= rate) return 'arrives';
      return fates[Math.floor(random() * fates.length)] as Fate;
    },
  };
  return network;
}

const blows = [
  ...(['server', 'kill', 'kill', 'freeze', 'freeze', 'cut', 'session', 'slow'] as const),
  ...(['clock', 'stop', 'cancel', 'cancel', 'fork', 'fork', 'pause', 'resume'] as const),
];

/** The processes of one seed, and what befalls them. */
class Stage {
  readonly #world: World & { readonly network: SimNetwork };
  readonly #director = hostNamed('director');
  readonly #processes: SimProcess[] = [];
  readonly #names: readonly string[];
  readonly #agents = Array.from({ length: agentCount }, (_, index) => agentOf(index + 1));
  #starts = 0;
  #forks = 0;
  #isHealing = false;

  constructor(world: World & { readonly network: SimNetwork }) {
    this.#world = world;
    const { random } = world.time;
    const isOneMachine = random() < 0.5;
    this.#names = Array.from({ length: 2 + Math.floor(random() * 2) }, (_, index) =>
      isOneMachine ? 'one' : `machine ${index}`,
    );
  }

  get isHealed(): boolean {
    return this.#isHealing && this.#processes.every((one) => one.isReady);
  }

  open(): void {
    const { time, server } = this.#world;
    for (const agent of this.#agents) {
      const { id, workspaceId } = agent;
      const concurrency = agent.definition.concurrency;
      const definition = JSON.stringify(agent.definition);
      server.tables.agents.set(id, { id, workspaceId, definition, concurrency, paused_at: null });
      server.tables.workspaces.set(workspaceId, { id: workspaceId, max_running: null });
    }
    for (const slot of this.#names.keys()) this.#start(slot);
    const runs = 2 + Math.floor(time.random() * 6);
    for (let n = 1; n <= runs; n++) {
      this.#at(time.random() * 0.8 * faultyMs, () => {
        this.#pick()?.dispatch(this.#agents[n % 2] as Agent, n);
      });
    }
    const blowCount = Math.floor(time.random() * 18);
    for (let i = 0; i < blowCount; i++) this.#at(time.random() * faultyMs, () => this.#blow());
    this.#supervise();
  }

  heal(): void {
    this.#isHealing = true;
    const { network, server, time } = this.#world;
    network.isFaulty = false;
    network.cutUntilMs.clear();
    server.restart();
    for (const { host } of this.#processes) {
      host.slowness = 1;
      host.frozenUntilMs = Math.min(host.frozenUntilMs, time.nowMs);
    }
  }

  close(): void {
    for (const { host } of this.#processes) host.alive = false;
    this.#director.alive = false;
  }

  #at(ms: number, work: () => void): void {
    this.#world.time.after(ms, this.#director, work);
  }

  /** Whatever has ended is started again, a little later. */
  #supervise(): void {
    this.#processes.forEach((process, slot) => {
      if (!process.host.alive) this.#start(slot);
    });
    if (this.#isHealing) {
      for (const agent of this.#world.server.tables.agents.values()) {
        if (agent.paused_at !== null) this.#pick()?.resume(agent.id);
      }
    }
    const { random } = this.#world.time;
    this.#at(this.#isHealing ? 500 : 6_000 * random() ** 2, () => this.#supervise());
  }

  #start(slot: number): void {
    const name = this.#names[slot] ?? '';
    this.#starts += 1;
    this.#processes[slot] = new SimProcess(this.#world, `p${slot}.${this.#starts}`, name);
  }

  #pick(): SimProcess | undefined {
    const ready = this.#processes.filter((one) => one.isReady && one.host.alive);
    return ready[Math.floor(this.#world.time.random() * ready.length)];
  }

  /** The moments that matter most: a commit that its process has not heard of yet, a change of hands. */
  onCommit(writes: Writes): void {
    const { time, server, network } = this.#world;
    if (!network.isFaulty) return;
    for (const run of writes.runs) {
      const process = this.#processes.find((one) => one.drives(run.owner));
      const chance = time.random();
      if (process === undefined || chance > 0.05) continue;
      if (chance < 0.02) process.freeze(12_000 + 8_000 * time.random());
      else if (chance < 0.03) process.kill();
      else if (chance < 0.035) network.cutUntilMs.set(process.host, time.nowMs + 15_000);
      else if (chance < 0.04) process.cutSession();
      else if (chance < 0.045) process.freeze(4_000 * time.random());
      else if (server.isUp) this.#at(0, () => this.#crashServer());
    }
  }

  #crashServer(): void {
    const { server, time } = this.#world;
    server.crash();
    this.#at(100 + 3_000 * time.random(), () => server.restart());
  }

  #blow(): void {
    const { random } = this.#world.time;
    const victim = this.#pick();
    const blow = blows[Math.floor(random() * blows.length)];
    if (victim !== undefined) this.#strike(victim, blow ?? 'kill');
  }

  #strike(victim: SimProcess, blow: (typeof blows)[number]): void {
    const { time, server, network } = this.#world;
    const { random } = time;
    const { host } = victim;
    if (blow === 'server') this.#crashServer();
    if (blow === 'kill') victim.kill();
    if (blow === 'freeze') victim.freeze(500 + 25_000 * random());
    if (blow === 'cut') network.cutUntilMs.set(host, time.nowMs + 18_000 * random());
    if (blow === 'session') victim.cutSession();
    if (blow === 'slow') host.slowness = 1 + 20 * random();
    if (blow === 'clock') host.clockOffsetMs = 600_000 * (random() - 0.5);
    if (blow === 'stop') victim.stop();
    if (blow === 'cancel') {
      const runs = [...server.tables.runs.keys()];
      const runId = runs[Math.floor(random() * runs.length)];
      if (runId !== undefined) victim.cancel(runId);
    }
    if (blow === 'fork') this.#fork(victim);
    if (blow === 'pause') victim.pause(this.#agentId());
    if (blow === 'resume') victim.resume(this.#agentId());
  }

  #agentId(): string {
    return this.#agents[Math.floor(this.#world.time.random() * agentCount)]?.id ?? '';
  }

  /** From any step of any run, also one that is being worked on. */
  #fork(by: SimProcess): void {
    const { random } = this.#world.time;
    const journals = [...this.#world.server.tables.journal];
    const [runId, entries = []] = journals[Math.floor(random() * journals.length)] ?? [];
    const step = entries[Math.floor(random() * entries.length)]?.step;
    if (runId === undefined || step === undefined) return;
    this.#forks += 1;
    by.fork(runId, { step, n: firstFork + this.#forks });
  }
}
