import { parseArgs } from 'node:util';
import { openInspector } from '../../engines/temporal/testing/inspect.ts';
import { newId } from '../../src/core/ids.ts';
import { createModelClient } from '../../src/models/client.ts';
import { getRun } from '../../src/store/runs.ts';
import { startCluster } from '../../test/support/cluster.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { fakeApiKey } from '../../test/support/fake-provider.ts';
import { startTemporalServer } from '../../test/support/temporal-server.ts';
import { verifyProduct } from '../engine/subjects/ours.ts';
import { treeCpuMs } from '../support/cpu.ts';
import { dispatch } from '../support/dispatch.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { openProduct } from '../support/product.ts';
import { startProvider } from '../support/provider.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';

// What a run on Temporal leaves behind and takes: bytes in Postgres, bytes of its log, a history, and processor time
// by who spends it. The models are asked through HTTP, as a provider's are. docs/capacity.md is reckoned from it.

const actions = new Set(
  [
    'WORKFLOW_EXECUTION_STARTED',
    'WORKFLOW_EXECUTION_SIGNALED',
    'ACTIVITY_TASK_SCHEDULED',
    'TIMER_STARTED',
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  ].map((name) => `EVENT_TYPE_${name}`),
);

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5000' } } });
const runs = Number(values.runs);

const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();
await using temporal = await startTemporalServer();
await using provider = await startProvider();
const { address } = temporal;
const product = await openProduct({
  connection: await createDatabase(postgres.connection),
  models: createModelClient({
    providers: { openai: { apiKey: fakeApiKey, baseUrl: `${provider.url}/v1` } },
  }),
  model: 'openai/gpt-5.5',
  cluster: (driver) =>
    startCluster({ address, taskQueue: newId('process'), driver, drainMs: 2_000, maxRuns: 64 }),
});
const { db } = product.api;
const runOne = async () => {
  const id = await dispatch(product);
  await product.ended(id);
  return id;
};
let started = 0;
const runMany = async (count: number) => {
  const until = started + count;
  const caller = async () => {
    while (started < until) {
      started += 1;
      await runOne();
    }
  };
  await Promise.all(Array.from({ length: 32 }, caller));
};
// What is there once is no part of a run: tables, their first pages, prepared statements, compiled code.
await runMany(500);
const [before, cpuBefore] = [await occupied(), cpuMs()];
await runMany(runs);
const [after, cpuAfter] = [await occupied(), cpuMs()];
const last = await getRun(db, 'all', await runOne());
await verifyProduct(product, started + 1);

await using inspector = openInspector(address);
const describe = async () => await inspector.describe(last?.runId ?? '');
await eventually(async () => (await describe()).status.name === 'COMPLETED', 60_000);
const { historyLength, historySize = 0, stateTransitions } = await describe();
const history = await inspector.history(last?.runId ?? '');
await product[Symbol.asyncDispose]();

const perRun = (of: keyof typeof after) => figure((after[of] - before[of]) / runs);
const cpuPerRun = (of: keyof typeof cpuAfter) =>
  `${figure((cpuAfter[of] - cpuBefore[of]) / runs)} ms`;
await publish(
  'size',
  `# What a run leaves behind, and takes

\`cd bench && npm ci --ignore-scripts && npm run size\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

${figure(runs)} runs on Temporal of three steps each (model, tool, model) with a few hundred bytes of text, 32 at once, after
500 others. The model is a provider on this machine that is asked through HTTP and streams its answers; the tool takes
no time. Temporal has all its services in one process (\`bash .ci/temporal\`), with an SQLite file instead of a database.

${markdownTable(
  ['of a run', 'measured'],
  [
    ['Postgres: tables and indexes, bytes', perRun('stored')],
    ['Postgres: write-ahead log, bytes', perRun('log')],
    ['Postgres: transactions, all included', perRun('transactions')],
    ['Temporal: events of its history', historyLength],
    ['Temporal: bytes of its history', figure(historySize)],
    ['Temporal: state transitions', stateTransitions],
    [
      'Temporal: actions, as Temporal Cloud counts them',
      history.filter(({ eventType }) => actions.has(eventType)).length,
    ],
    ['processor time of ours (server and worker)', cpuPerRun('ours')],
    ['processor time of Postgres', cpuPerRun('postgres')],
    ['processor time of Temporal', cpuPerRun('temporal')],
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

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return {
    ours: (user + system) / 1_000,
    postgres: treeCpuMs([postgres.pid]) ?? Number.NaN,
    temporal: treeCpuMs([temporal.pid ?? 0]) ?? Number.NaN,
  };
}
