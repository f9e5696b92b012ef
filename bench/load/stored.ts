import { parseArgs } from 'node:util';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { HttpClient } from '../../test/support/http-client.ts';
import { type Measurement, summary } from '../support/measure.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';
import type { ServerState } from './server.ts';
import { type LoadedServer, startServer } from './server-process.ts';
import { storeRuns } from './stored-runs.ts';

// Lists, filters and reads of single runs over many stored ones, beside the same over few.

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '1000000' },
    requests: { type: 'string', default: '400' },
  },
});
const requests = Number(values.requests);
const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();

const few = await open(Number(values.few));
const many = await open(Number(values.many));
const names = Object.keys(few.paths(0));
const rows: (string | number)[][] = [];
let worst = 0;
for (const name of names) {
  // Both in turns: what else the machine does falls on both.
  const [small, large] = await inTurns(name);
  const ratio = large.p99Ms / small.p99Ms;
  worst = Math.max(worst, ratio);
  const figures = [small.p50Ms, large.p50Ms, small.p99Ms, large.p99Ms].map(figure);
  rows.push([name, ...figures, `${figure(large.p50Ms / small.p50Ms)}×`, `${figure(ratio)}×`]);
}
await few.server[Symbol.asyncDispose]();
await many.server[Symbol.asyncDispose]();

await publish(
  'stored',
  `# Reads over many stored runs

\`cd bench && npm ci --ignore-scripts && npm run stored\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

Through HTTP, one request at a time, ${requests} of each, over ${values.few} and ${values.many} stored runs in
turns. Of the runs, 1 % failed, 0.1 % were escalated, 5 belong to each conversation and to each entity, and
there are 50 agents in 5 workspaces. Pages have 20 runs; \`deep page\` begins after a quarter of the workspace's.

${markdownTable(
  [
    '',
    `p50 ms, ${values.few}`,
    `p50 ms, ${values.many}`,
    `p99 ms, ${values.few}`,
    `p99 ms, ${values.many}`,
    'p50 ratio',
    'p99 ratio',
  ],
  rows,
)}

Worst ratio of the p99: ${figure(worst)} (goal: at most 1.5).

No index on \`runs\` serves \`min_cost\` and \`q\`: every run's commits would pay for it. Both are answered from
copies that housekeeping makes after a run's end (\`src/store/run-search.ts\`).
`,
);

interface Stored {
  readonly server: LoadedServer;
  readonly client: HttpClient;
  readonly state: ServerState;
  readonly cursor: string;
  readonly paths: (turn: number) => Readonly<Record<string, string>>;
}

async function open(count: number): Promise<Stored> {
  const connection = await createDatabase(postgres.connection);
  const server = startServer({ connection, modelDelayMs: 0 });
  const state = await server.until(() => true);
  await using db: Database = openDatabase(
    { kind: 'embedded', connection },
    { max: 1, statementTimeoutMs: 0, transactionTimeoutMs: 0 },
  );
  const { ids, runIds } = await storeRuns(db, { ...state, count });
  const client = new HttpClient(state.url);
  const list = '/v1/runs?limit=20';
  // As deep as a quarter of the workspace's runs: a twentieth of all.
  const walk = '/v1/runs?limit=100';
  let cursor = '';
  for (let seen = 0; seen < count / 20; seen += 100) {
    const { body } = await get({ client, state }, `${walk}${cursor}`);
    cursor = `&cursor=${encodeURIComponent((JSON.parse(body) as { next_cursor: string }).next_cursor)}`;
  }
  const of = (turn: number, all: readonly string[]) => all[turn % all.length] ?? '';
  return {
    server,
    client,
    state,
    cursor,
    paths: (turn) => ({
      'list, workspace': list,
      'list, deep page': `${list}${cursor}`,
      'list, agent': `/v1/agents/${state.agentId}/runs?limit=20`,
      'filter: status completed': `${list}&status=completed`,
      'filter: status failed': `${list}&status=failed`,
      'filter: agent and status failed': `/v1/agents/${state.agentId}/runs?limit=20&status=failed`,
      'filter: disposition escalated': `${list}&disposition=escalated`,
      'filter: conversation': `${list}&conversation_id=cv-${turn % 100}`,
      'filter: min_cost that few have': `${list}&min_cost=0.9`,
      'filter: from, to': `${list}&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`,
      'filter: min_cost that many have': `${list}&min_cost=0.001`,
      'filter: min_cost that none has': `${list}&min_cost=9`,
      'filter: text that few have': `${list}&q=needle`,
      'filter: text that many have': `${list}&q=welcome`,
      'filter: text that none has': `${list}&q=nowhere`,
      'filter: text and status failed': `${list}&q=order&status=failed`,
      'filter: text and min_cost': `${list}&q=confirmed&min_cost=0.9`,
      'filter: agent, status failed, from': `${list}&agent_id=${state.agentId}&status=failed&from=2026-01-01T00:00:00Z`,
      'filter: status running': `${list}&status=running`,
      'executions, entity': `/public-api/executions?page_size=20&entity_id=en-${turn % 100}`,
      'get, by id': `/v1/agents/${state.agentId}/runs/${of(turn, ids)}`,
      'get, by run_id': `/public-api/executions/${of(turn, runIds)}`,
    }),
  };
}

async function inTurns(name: string): Promise<[Measurement, Measurement]> {
  const both = [few, many] as const;
  const took: [number[], number[]] = [[], []];
  for (let turn = -40; turn < requests; turn++) {
    for (const [at, stored] of both.entries()) {
      const path = stored.paths(Math.abs(turn))[name] ?? '';
      const startedAt = performance.now();
      await get(stored, path);
      if (turn >= 0) took[at]?.push(performance.now() - startedAt);
    }
  }
  const summed = (tookMs: readonly number[]) =>
    summary(tookMs, { concurrency: 1, elapsedMs: tookMs.reduce((sum, each) => sum + each, 0) });
  return [summed(took[0]), summed(took[1])];
}

async function get({ client, state }: Pick<Stored, 'client' | 'state'>, path: string) {
  const headers = { authorization: `Bearer ${state.token}` };
  const answer = await client.request('GET', path, headers);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  return answer;
}
