import { EventEmitter } from 'node:events';
import type { Agent } from '../../src/core/agent.ts';
import { LocalEngine } from '../../src/engine/local.ts';
import { cancelOrphans, cancelRun } from '../../src/runs/cancel.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { dispatchRun } from '../../src/runs/dispatch.ts';
import { forkRun } from '../../src/runs/fork.ts';
import { loadRun } from '../../src/runs/load.ts';
import { UnstorableUnit } from '../../src/store/group-commit.ts';
import { createJournalWriter, type JournalWriter } from '../../src/store/journal-writer.ts';
import { pauseAgentRow, resumeAgentRow, sweepParkedRuns } from '../../src/store/pauses.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { silent } from '../support/engine.ts';
import { type Network, sessionsOf, simDatabase } from './client.ts';
import type { Judge } from './judge.ts';
import { type Outside, payloadOf, simModels, simTools } from './outside.ts';
import type { SimServer } from './server.ts';
import { SqlError } from './tables.ts';
import { type Host, hostNamed, type VirtualTime } from './virtual-time.ts';

// A process of the product on a simulated host: its engine, writer and dispatch queue are the real ones.

export interface World {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly server: SimServer;
  readonly network: Network;
  readonly outside: Outside;
  readonly judge: Judge;
  readonly mutation: { readonly neverLapses?: boolean };
}

export class SimProcess {
  readonly host: Host;
  readonly #world: World;
  readonly #parts: ReturnType<typeof buildParts>;
  /** It serves. */
  isReady = false;
  /** It has ended by itself: it could not start, or it was stopped. */
  hasEnded = false;

  constructor(world: World, name: string, processName: string) {
    this.#world = world;
    this.host = hostNamed(name);
    this.#parts = world.time.as(this.host, () => buildParts(world, this.host, processName));
    world.time.after(0, this.host, () => void this.#start());
  }

  async #start(): Promise<void> {
    try {
      await this.#parts.engine.start();
      this.isReady = true;
      this.#keepHouse();
    } catch {
      // As `main` does: it ends, and whoever supervises it starts it again.
      this.#end();
    }
  }

  #end(): void {
    this.isReady = false;
    this.hasEnded = true;
    this.kill();
  }

  dispatch(known: Agent, n: number): void {
    const { time, judge, server } = this.#world;
    time.after(0, this.host, () => {
      // As the process has just read it.
      const agent = { ...known, pausedAt: server.tables.agents.get(known.id)?.paused_at ?? null };
      dispatchRun(this.#parts, {
        ...{ agent, trigger: null, source: 'manual', payloadJson: payloadOf(n) },
        ...{ entityId: null, additionalInstructions: null, traceparent: null, idempotency: null },
      }).then(
        (result) => result.kind === 'dispatched' && judge.acknowledged(result.id),
        (error: unknown) => judge.refused(error),
      );
    });
  }

  /** Does it as this process, and leaves it where the database is away or somebody was faster. */
  #do(work: () => Promise<unknown>): void {
    const { time, judge } = this.#world;
    time.after(0, this.host, () => {
      work().catch((error: unknown) => {
        if (!(error instanceof SqlError)) judge.refused(error);
      });
    });
  }

  cancel(runId: string): void {
    const { judge } = this.#world;
    const told = { cancelled: () => judge.wasCancelled(runId) };
    this.#do(() =>
      cancelRun({ ...this.#parts, observer: told }, { scope: 'all', id: runId, by: 'a test' }),
    );
  }

  fork(runId: string, { step, n }: { readonly step: number; readonly n: number }): void {
    const { judge } = this.#world;
    this.#do(async () => {
      const result = await forkRun(this.#parts, {
        ...{ scope: 'all', id: runId, fromStep: String(step), payloadJson: payloadOf(n) },
        ...{ instructions: null, model: null, toolResults: new Map(), traceparent: null },
        idempotency: null,
      });
      if (result.kind === 'dispatched') judge.acknowledged(result.id);
    });
  }

  pause(agentId: string): void {
    this.#do(() => pauseAgentRow(this.#parts.db, 'all', agentId));
  }

  resume(agentId: string): void {
    this.#do(() => resumeAgentRow(this.#parts.db, 'all', agentId));
  }

  /** What the product's housekeeping does beside its engine. */
  #keepHouse(): void {
    const { time } = this.#world;
    time.after(10_000, this.host, () => {
      const { db } = this.#parts;
      if (this.isReady) this.#do(() => Promise.all([cancelOrphans(db), sweepParkedRuns(db)]));
      this.#keepHouse();
    });
  }

  /** Whether the incarnation is one of this process. */
  drives(owner: string | null): boolean {
    return owner !== null && this.#world.judge.ownersOf(this.host).has(owner);
  }

  freeze(ms: number): void {
    this.host.frozenUntilMs = this.#world.time.nowMs + ms;
  }

  /** kill -9. The server notices soon that the connections have ended; what it works on it finishes. */
  kill(): void {
    this.host.alive = false;
    const { time, server } = this.#world;
    for (const session of sessionsOf(this.host)) {
      time.after(500 * time.random(), server.host, () => session.end());
    }
  }

  /** SIGTERM: phases of the shutdown, then the end. */
  stop(): void {
    const { time } = this.#world;
    this.isReady = false;
    time.after(0, this.host, () => {
      const { engine, creator, writer } = this.#parts;
      void (async () => {
        await engine[Symbol.asyncDispose]();
        await Promise.race([creator[Symbol.asyncDispose](), writer[Symbol.asyncDispose]()]);
      })().then(
        () => this.#end(),
        () => this.#end(),
      );
    });
  }

  /** The session outside the pool, which holds the name, is terminated. */
  cutSession(): void {
    for (const session of sessionsOf(this.host)) session.end();
  }
}

function buildParts(world: World, host: Host, processName: string) {
  const { time, server, network, outside, seed } = world;
  const db = simDatabase({ server, host, network });
  // Few runs are under way at once here: two batches in flight must not need many units.
  const writer = createJournalWriter(db, { minUnitsBeside: 1 + (seed % 2) });
  const creator = createRunCreator(db);
  const place = { time, host, outside, seed };
  const models = simModels(place);
  const definitions = createDefinitions(db);
  const commits = new EventEmitter();
  const witnessed = { submit: witnessing(writer, world) };
  const engine = new LocalEngine({
    db,
    advance: { models, now: () => new Date() },
    load: (run) => {
      world.judge.loaded(run, host);
      const toolsFor = async ({ agentId }: { readonly agentId: string }) =>
        simTools(place, agentId);
      const loading = { db, writer: witnessed, definitions, toolsFor, models, defaultModel: null };
      return loadRun(loading, run);
    },
    processName,
    logger: silent,
    commits,
    maxRuns: 6,
    pollMs: 2_000,
    ...(world.mutation.neverLapses ? { lapseMs: Number.POSITIVE_INFINITY } : {}),
  });
  return { db, writer, creator, models, defaultModel: null, engine };
}

/** Tells the judge what each submitter was answered. */
function witnessing(writer: JournalWriter, { judge }: World): JournalWriter['submit'] {
  return async (unit) => {
    try {
      const answer = await writer.submit(unit);
      judge.answered(unit.runId, unit.unitId, answer);
      return answer;
    } catch (error) {
      if (error instanceof UnstorableUnit) judge.answered(unit.runId, unit.unitId, 'unstorable');
      throw error;
    }
  };
}
