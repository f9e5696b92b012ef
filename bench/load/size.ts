import { parseArgs } from 'node:util';
import { openInspector } from '../../engines/temporal/testing/inspect.ts';
import { newId } from '../../src/core/ids.ts';
import { getRun } from '../../src/store/runs.ts';
import { startCluster } from '../../test/support/cluster.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { startTemporalServer } from '../../test/support/temporal-server.ts';
import { verifyProduct } from '../engine/subjects/ours.ts';
import { dispatch } from '../support/dispatch.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { openProduct } from '../support/product.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';

// What a run on Temporal leaves behind: bytes in Postgres, bytes of its log, a history. The load of the machine has no
// part in it, so this may be taken at any time.

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5000' } } });
const runs = Number(values.runs);

const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();
await using temporal = await startTemporalServer();
const { address } = temporal;
const product = await openProduct({
  connection: await createDatabase(postgres.connection),
  cluster: (driver) =>
    startCluster({ address, taskQueue: newId('process'), driver, drainMs: 2_000, maxRuns: 64 }),
});
const { db } = product.api;
const runOne = async () => {
  const id = await dispatch(product);
  await product.ended(id);
  return id;
};
// What is there once is no part of a run: tables, their first pages, prepared statements.
for (let n = 0; n < 20; n++) await runOne();
const before = await occupied();
let left = runs;
const caller = async () => {
  while (left-- > 0) await runOne();
};
await Promise.all(Array.from({ length: 32 }, caller));
const after = await occupied();
const last = await getRun(db, 'all', await runOne());
await verifyProduct(product, runs + 21);

await using inspector = openInspector(address);
const describe = async () => await inspector.describe(last?.runId ?? '');
await eventually(async () => (await describe()).status.name === 'COMPLETED', 60_000);
const { historyLength, historySize = 0 } = await describe();
await product[Symbol.asyncDispose]();

const perRun = (of: keyof typeof after) => (after[of] - before[of]) / runs;
await publish(
  'size',
  `# What a run leaves behind

\`cd bench && npm ci --ignore-scripts && npm run size\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

${figure(runs)} runs on Temporal of three steps each (model, tool, model) with a few hundred bytes of text, 32 at once, after 20 others.

${markdownTable(
  ['of a run', 'measured'],
  [
    ['tables and indexes, bytes', figure(perRun('stored'))],
    ['write-ahead log, bytes', figure(perRun('log'))],
    ['transactions of Postgres, all included', figure(perRun('transactions'))],
    ['events of its history in Temporal', historyLength],
    ['bytes of its history in Temporal', figure(historySize)],
  ],
)}
`,
);

async function occupied() {
  await db.execute('SELECT pg_stat_force_next_flush()');
  const [row] = await db.query<{ stored: number; log: number; transactions: number }>(`
    SELECT pg_database_size(current_database())::float8 AS stored,
      pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS log,
      (SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = current_database()) AS transactions`);
  if (row === undefined) throw new Error('Postgres says nothing.');
  return row;
}
