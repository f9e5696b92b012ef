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
import type { CallerCounts, Callers } from './callers.ts';
import { type ChaosProcessSettings, timesOf } from './chaos-process.ts';
import { createWitness, judge, type ModelCall, modelCallOf, type Verdict } from './judge.ts';
import { type Ledger, startLedger } from './ledger.ts';
import { answerOf } from './plan.ts';
import { CuttableProxy } from './proxy.ts';

// What the processes of a chaos share, and what is held against them afterwards: a Postgres, a model and the
// ledger of the tools.

export interface World extends AsyncDisposable {
  readonly postgres: EmbeddedPostgres;
  readonly db: Database;
  readonly modelCalls: readonly ModelCall[];
  readonly ledger: Ledger;
  readonly agentId: string;
  /** Where the processes note what their writers were asked and told. */
  readonly notesDir: string;
  /** What all processes are told. */
  readonly settings: Omit<
    ChaosProcessSettings,
    'processName' | 'databaseUrl' | 'host' | 'cluster' | 'clockOffsetMs'
  >;
  /** Another way to Postgres, on this address. */
  relay(host: string): Promise<{ readonly proxy: CuttableProxy; readonly databaseUrl: string }>;
}

export async function openWorld(given: {
  readonly seed: number;
  /** Of the product's times: smaller is faster. */
  readonly scale: number;
  /** Where model and ledger are reached. */
  readonly host: string;
}): Promise<World> {
  const { scale, host } = given;
  const random = seededRandom(given.seed + 1);
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
      host,
      onRequest: (request) => modelCalls.push(modelCallOf(request)),
      answers: async (request) => {
        await sleep(20 + 300 * random());
        return answerOf(modelCallOf(request));
      },
    }),
  );
  const ledger = undo.use(
    await startLedger(host, () => (random() < 0.03 ? 3_000 * scale : 100 * random())),
  );
  const settings = {
    ...{ agentId, notesDir, modelUrl: model.url, ledgerUrl: ledger.url, times: timesOf(scale) },
  };
  const owned = undo.move();
  return {
    ...{ postgres, db, modelCalls, ledger, agentId, notesDir, settings },
    async relay(at) {
      const { host: folder, port, user, database } = postgres.connection;
      const proxy = owned.use(new CuttableProxy(join(folder, `.s.PGSQL.${port}`)));
      const databaseUrl = `postgresql://${user}@${at}:${await proxy.listen(at)}/${database}`;
      return { proxy, databaseUrl };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Harms while the callers call, until all is whole again; for how many seconds. */
export async function harmWhileCalled(given: {
  readonly world: World;
  readonly callers: Callers;
  readonly faultyMs: number;
  harm(isOver: () => boolean): Promise<void>;
  /** Resolves when nobody is harmed any more. */
  mended(): Promise<unknown>;
}): Promise<number> {
  const { world, callers, faultyMs } = given;
  const startedAt = performance.now();
  let isOver = false;
  const calling = Promise.all([callers.dispatchAll(), sleep(faultyMs)]);
  await Promise.all([calling.then(() => (isOver = true)), given.harm(() => isOver)]);
  await Promise.all([given.mended(), callers.settled()]);
  while (world.postgres.pid === null) await sleep(50);
  return Math.round((performance.now() - startedAt) / 1_000);
}

export type Settled = Verdict &
  CallerCounts & {
    readonly acknowledged: number;
    readonly modelCalls: number;
    readonly toolCalls: number;
    /** From the last fault until every run had ended, s. */
    readonly settledAfterSeconds: number;
  };

/** Waits until all runs have ended, and judges. */
export async function settle(
  world: World,
  given: { readonly callers: Callers; readonly patienceMs: number },
): Promise<Settled> {
  const { db, agentId, modelCalls, ledger, notesDir } = world;
  const { acknowledged, counts } = given.callers;
  // A resume may have met a server that was down.
  await resumeAgentRow(db, 'all', agentId);
  const startedAt = performance.now();
  await allEnded(db, given.patienceMs);
  const settledAfterSeconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const verdict = await judge({ db, acknowledged, modelCalls, ledger: ledger.calls, notesDir });
  return {
    acknowledged: acknowledged.size,
    ...verdict,
    ...counts,
    modelCalls: modelCalls.length,
    toolCalls: ledger.calls.length,
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
