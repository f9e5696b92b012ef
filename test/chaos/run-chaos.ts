import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/store/embedded/supervisor.ts';
import { migrate } from '../../src/store/migrate.ts';
import { resumeAgentRow } from '../../src/store/pauses.ts';
import { insertAgent } from '../support/engine.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { Supervised } from './chaos-process.ts';
import { createWitness, judge, type ModelCall, modelCallOf, type Verdict } from './judge.ts';
import { startLedger } from './ledger.ts';
import { answerOf, forkedNumber } from './plan.ts';
import { CuttableProxy } from './proxy.ts';

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

export type ChaosFigures = Verdict & {
  readonly acknowledged: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  /** The processes' starts together. */
  readonly starts: number;
  readonly kills: number;
  readonly stops: number;
  readonly freezes: number;
  readonly postgresKills: number;
  readonly cuts: number;
  readonly cancels: number;
  readonly forks: number;
  readonly pauses: number;
  readonly faultySeconds: number;
  /** From the last fault until every run had ended, s. */
  readonly settledAfterSeconds: number;
};

export async function runChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const random = seededRandom(options.seed);
  const worldRandom = seededRandom(options.seed + 1);
  await using undo = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-chaos-'));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const notesDir = join(folder, 'notes');
  mkdirSync(notesDir);
  const postgres = undo.use(await startEmbeddedPostgres({ dataDir: join(folder, 'data') }));
  const db = undo.use(openDatabase({ kind: 'embedded', connection: postgres.connection }));
  await migrate(db);
  await createWitness(db);
  const modelName = 'openai-compatible/chaos';
  const helper = await insertAgent(db, { name: 'Helper', model: modelName });
  const { agentId } = await insertAgent(
    db,
    { model: modelName, tools: [`agent:${helper.agentId}`] },
    helper.workspaceId,
  );

  const modelCalls: ModelCall[] = [];
  const model = undo.use(
    await startFakeProvider({
      onRequest: (request) => modelCalls.push(modelCallOf(request)),
      answers: async (request) => {
        await sleep(20 + 300 * worldRandom());
        return answerOf(modelCallOf(request));
      },
    }),
  );
  const ledger = undo.use(
    await startLedger(() => (worldRandom() < 0.03 ? 3_000 * options.scale : 100 * worldRandom())),
  );

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
          ...{ modelUrl: model.url, ledgerUrl: ledger.url },
          clockOffsetMs: isOff ? Math.round(1_200_000 * (random() - 0.5)) : 0,
          times: {
            beatMs: 1_000 * options.scale,
            lapseMs: 5_000 * options.scale,
            deadAfterMs: 10_000 * options.scale,
          },
        })),
      ),
    );
  }

  const chaos = new Chaos({ options, random, db, postgres, proxies, processes });
  const acknowledged = await chaos.play();
  // A resume may have met a server that was down.
  await resumeAgentRow(db, 'all', agentId);
  const settledAt = performance.now();
  await allEnded(db, options.patienceMs);
  const settledAfterSeconds = Math.round((performance.now() - settledAt) / 100) / 10;
  const verdict = await judge({ db, acknowledged, modelCalls, ledger: ledger.calls, notesDir });
  return {
    acknowledged: acknowledged.size,
    ...verdict,
    modelCalls: modelCalls.length,
    toolCalls: ledger.calls.length,
    ...chaos.counts,
    starts: processes.reduce((sum, one) => sum + one.starts, 0),
    settledAfterSeconds,
  };
}

async function allEnded(db: Database, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  const open = `SELECT count(*) AS n FROM runs WHERE status NOT IN ('completed', 'failed', 'cancelled')`;
  while (performance.now() < deadline) {
    const rows = await db.query<{ n: number }>(open).catch(() => []);
    if (rows[0]?.n === 0) return;
    await sleep(100);
  }
}

interface ChaosParts {
  readonly options: ChaosOptions;
  readonly random: () => number;
  readonly db: Database;
  readonly postgres: EmbeddedPostgres;
  readonly proxies: readonly CuttableProxy[];
  readonly processes: readonly Supervised[];
}

class Chaos {
  readonly counts = {
    ...{ kills: 0, stops: 0, freezes: 0, postgresKills: 0, cuts: 0, cancels: 0, faultySeconds: 0 },
    ...{ forks: 0, pauses: 0 },
  };
  readonly #given: ChaosParts;
  readonly #acknowledged = new Map<number, string>();
  readonly #freezing = new Set<Promise<void>>();
  readonly #acting: Promise<void>[] = [];
  #isOver = false;

  constructor(given: ChaosParts) {
    this.#given = given;
  }

  /** Dispatches and harms at once; the acknowledged runs by number. */
  async play(): Promise<ReadonlyMap<number, string>> {
    const { options, postgres } = this.#given;
    await sleep(1_500);
    const startedAt = performance.now();
    const harming = Promise.all([this.#harmPostgres(), this.#harmProcesses()]);
    await Promise.all([this.#dispatchAll(), sleep(options.faultyMs)]);
    this.#isOver = true;
    await harming;
    await Promise.all([...this.#freezing, ...this.#acting]);
    this.counts.faultySeconds = Math.round((performance.now() - startedAt) / 1_000);
    while (postgres.pid === null) await sleep(50);
    return this.#acknowledged;
  }

  async #dispatchAll(): Promise<void> {
    const { options, random } = this.#given;
    const perRunMs = options.faultyMs / options.runs;
    const startedAt = performance.now();
    let next = 1;
    const dispatcher = async () => {
      while (next <= options.runs) {
        const n = next++;
        await sleep(Math.max(0, startedAt + n * perRunMs - performance.now()));
        await this.#dispatch(n);
        const id = this.#acknowledged.get(n);
        if (id === undefined) continue;
        const chance = random();
        if (chance < 0.04) void this.#cancel(id);
        else if (chance < 0.08) this.#track(this.#fork(n, id));
        else if (chance < 0.1) this.#track(this.#pause());
      }
    };
    await Promise.all(Array.from({ length: 8 }, dispatcher));
  }

  /** Until somebody acknowledges it, under one `Idempotency-Key`. */
  async #dispatch(n: number): Promise<void> {
    while (!this.#acknowledged.has(n)) {
      const answer = await this.#ask(`dispatch/${n}`);
      if (typeof answer?.id === 'string') this.#acknowledged.set(n, answer.id);
      else await sleep(50);
    }
  }

  #track(acting: Promise<void>): void {
    this.#acting.push(acting);
  }

  /** One that is not acknowledged may exist all the same, and ends like the others. */
  async #fork(n: number, id: string): Promise<void> {
    await sleep(2_000 * Math.random());
    const answer = await this.#ask(`fork/${id}`);
    if (typeof answer?.id !== 'string') return;
    this.#acknowledged.set(forkedNumber(n), answer.id);
    this.counts.forks += 1;
  }

  /** Runs that are dispatched meanwhile wait, and those that were asked for by others. */
  async #pause(): Promise<void> {
    await this.#ask('pause');
    this.counts.pauses += 1;
    await sleep(2_000 * this.#given.options.scale);
    await this.#ask('resume');
  }

  async #cancel(id: string): Promise<void> {
    await sleep(1_500 * Math.random());
    const answer = await this.#ask(`cancel/${id}`);
    if (answer?.status === 'cancelled') this.counts.cancels += 1;
  }

  async #ask(path: string): Promise<{ id?: unknown; status?: unknown } | null> {
    const { processes, random } = this.#given;
    const url = processes[random() < 0.8 ? 0 : 1 + Math.floor(2 * random())]?.url;
    if (url == null) return null;
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(`${url}/${path}`, { method: 'POST', signal });
      return response.ok ? ((await response.json()) as { id?: unknown }) : null;
    } catch {
      return null;
    }
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
        `Postgres killed (${this.counts.postgresKills}); ${this.#acknowledged.size} runs`,
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
