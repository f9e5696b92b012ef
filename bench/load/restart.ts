import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../src/store/connect.ts';
import { HttpClient } from '../../test/support/http-client.ts';
import { payload } from '../engine/work.ts';
import { median } from '../support/measure.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';
import { startServer } from './server-process.ts';

// `kill -9` while runs wait for their model, then a new start: how long until all of them are at it again.

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
  },
});
const runs = Number(values.runs);
const modelDelayMs = 30_000;
const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();
const rounds: { readonly readyMs: number; readonly resumedMs: number }[] = [];
for (let round = 0; round < Number(values.rounds); round++) rounds.push(await oneRound());

await publish(
  'restart',
  `# Restart after \`kill -9\`

\`cd bench && npm ci --ignore-scripts && npm run restart\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

${figure(runs)} runs wait for their model when the process is killed; a new one is started at once. Times count
from the start of the new process, Node's own start included. A run is resumed when its model is called.

${markdownTable(
  ['round', 'takes requests after', 'all resumed after', 'goal'],
  rounds.map(({ readyMs, resumedMs }, index) => [
    index + 1,
    `${figure(readyMs / 1_000)} s`,
    `${figure(resumedMs / 1_000)} s`,
    '≤ 3 s',
  ]),
)}

Median: all resumed after ${figure(median(rounds.map((each) => each.resumedMs)) / 1_000)} s.
`,
);

async function oneRound() {
  const connection = await createDatabase(postgres.connection);
  const first = startServer({ connection, modelDelayMs });
  const state = await first.until(() => true);
  const inFlight = first.until(({ callsAtOnce }) => callsAtOnce >= runs);
  {
    using client = new HttpClient(state.url);
    const headers = { authorization: `Bearer ${state.token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ payload });
    for (let sent = 0; sent < runs; sent += 100) {
      const batch = Array.from({ length: Math.min(100, runs - sent) }, () =>
        client.request('POST', `/v1/agents/${state.agentId}/run`, headers, body),
      );
      await Promise.all(batch);
    }
    await inFlight;
  }
  const exited = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await exited;

  const startedAt = performance.now();
  await using second = startServer({ connection, modelDelayMs });
  const resumed = second.until(({ callsAtOnce }) => callsAtOnce >= runs);
  await second.until(() => true);
  const readyMs = performance.now() - startedAt;
  await resumed;
  const resumedMs = performance.now() - startedAt;
  await requireOneOwner(connection);
  return { readyMs, resumedMs };
}

async function requireOneOwner(connection: Parameters<typeof startServer>[0]['connection']) {
  await using db = openDatabase({ kind: 'embedded', connection }, { max: 1 });
  const rows = await db.query<{ runs: number; owners: number; crashes: number }>(`
    SELECT count(*)::int AS runs, count(DISTINCT owner)::int AS owners, max(crashes) AS crashes
    FROM runs WHERE status = 'running'`);
  const [row] = rows;
  if (row?.runs !== runs || row.owners !== 1) {
    throw new Error(`${row?.runs} runs of ${row?.owners} owners are running, not ${runs} of one.`);
  }
}
