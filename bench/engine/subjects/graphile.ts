import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Logger, makeWorkerUtils, run, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { urlOf } from '../../support/postgres.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload, steps } from '../work.ts';

// graphile-worker with writes of its own for the three steps, each committed before the next begins.
// Settings after its page on performance: a local queue, batched completion, a pool as large as it uses.

const concurrentJobs = 64;

export const openGraphile: OpenSubject = async ({ connection }) => {
  await using undo = new AsyncDisposableStack();
  const pool = new pg.Pool({ ...connection, max: 24 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  undo.defer(() => pool.end());
  await pool.query(`CREATE TABLE steps (
    run_id text NOT NULL, seq integer NOT NULL, output text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (run_id, seq))`);
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const keep = async (runId: string, seq: number, output: unknown) => {
    await pool.query({
      name: 'keep',
      text: 'INSERT INTO steps (run_id, seq, output) VALUES ($1, $2, $3)',
      values: [runId, seq, JSON.stringify(output)],
    });
  };
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ connectionString: urlOf(connection), logger });
  undo.defer(() => utils.release());
  await utils.migrate();
  const events: WorkerEvents = new EventEmitter();
  const runner = await run({
    pgPool: pool,
    events,
    noHandleSignals: true,
    pollInterval: 500,
    preset: {
      worker: {
        concurrentJobs,
        localQueue: { size: concurrentJobs + 1 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    logger,
    taskList: {
      async three_steps(given) {
        const { runId } = given as { runId: string };
        await keep(runId, 1, await steps.decide());
        await keep(runId, 2, await steps.lookUp());
        await keep(runId, 3, await steps.respond());
        waiting.get(runId)?.resolve();
      },
    },
  });
  undo.defer(() => runner.stop());
  const owned = undo.move();
  return {
    async run() {
      const runId = randomUUID();
      const end = Promise.withResolvers<void>();
      waiting.set(runId, end);
      await runner.addJob('three_steps', { runId, payload });
      await end.promise;
      waiting.delete(runId);
    },
    async verify(runs) {
      const { rows } = await pool.query('SELECT count(*)::int AS n FROM steps');
      requireCount('steps', rows[0].n, runs * 3);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
