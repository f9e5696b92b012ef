import { parseArgs } from 'node:util';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { HttpClient } from '../../test/support/http-client.ts';
import { type Measurement, summary } from '../support/measure.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';
import type { ServerState } from './server.ts';
import { type LoadedServer, startServer } from './server-process.ts';
import { storeRecords } from './stored-records.ts';
import { storeRuns, strideOf } from './stored-runs.ts';

// Lists, filters and reads of single runs and records over many stored ones, beside the same over few; and sums over
// windows of many.

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '1000000' },
    requests: { type: 'string', default: '400' },
  },
});
const requests = Number(values.requests);
const windowRequests = Math.min(requests, 100);
/** As many as there are ids that are asked for: what is read for the first time comes from the disk. */
const warmUps = 200;
const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();

const few = await open(Number(values.few));
const many = await open(Number(values.many));
console.error('stored; measuring from here on');
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
const windowRows = [];
for (const [name, path] of Object.entries(windows())) {
  const { p50Ms, p99Ms } = await ofMany(path);
  windowRows.push([name, figure(p50Ms), figure(p99Ms)]);
}
await few.server[Symbol.asyncDispose]();
await many.server[Symbol.asyncDispose]();

await publish(
  'stored',
  `# Reads over many stored runs and records

\`cd bench && npm ci --ignore-scripts && npm run stored\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

Through HTTP, one request at a time, ${requests} of each, over ${values.few} and ${values.many} stored runs in
turns, after ${warmUps} that do not count: what is read for the first time comes from the disk. Of the runs, 1 % failed, 0.1 % have what few have (of the ${values.few} one in ${strideOf(Number(values.few))}, so that answers are as long there),
5 belong to each conversation and to each entity, and
there are 50 agents in 5 workspaces. Pages have 20 runs; \`deep page\` begins after a quarter of the workspace's. Of
records there are as many, all of one kind in one workspace; there it begins after a twentieth.

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

## Sums over windows

${windowRequests} requests each, over the ${values.many} runs, of which a fifth are the workspace's, one in five seconds.

${markdownTable(['', 'p50 ms', 'p99 ms'], windowRows)}
`,
);

/** Of one workspace, up to now. */
function windows(): Readonly<Record<string, string>> {
  const since = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const performance = '/public-api/observability/workflow-performance';
  const funnel = '/public-api/observability/callback-funnel';
  return {
    'agents, an hour': `${performance}?since=${since(1 / 24)}`,
    'agents, a day': `${performance}?since=${since(1)}`,
    'agents, 7 days': `${performance}?since=${since(7)}`,
    'one agent, 7 days': `${performance}?since=${since(7)}&agent_id=${many.state.agentId}`,
    'funnel, a day': `${funnel}?since=${since(1)}`,
    'usage by day, 30 days': `/v1/usage?group_by=day&from=${since(30).slice(0, 10)}`,
  };
}

async function ofMany(path: string): Promise<Measurement> {
  const tookMs: number[] = [];
  for (let turn = -5; turn < windowRequests; turn++) {
    const startedAt = performance.now();
    await get(many, path);
    if (turn >= 0) tookMs.push(performance.now() - startedAt);
  }
  return summary(tookMs, {
    concurrency: 1,
    elapsedMs: tookMs.reduce((sum, each) => sum + each, 0),
  });
}

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
  await storeRecords(db, { ...state, count });
  const client = new HttpClient(state.url);
  const list = '/v1/runs?limit=20';
  // As deep as a quarter of the workspace's runs: a twentieth of all.
  const deep = async (walk: string) => {
    let cursor = '';
    for (let seen = 0; seen < count / 20; seen += 100) {
      const { body } = await get({ client, state }, `${walk}?limit=100${cursor}`);
      cursor = `&cursor=${encodeURIComponent((JSON.parse(body) as { next_cursor: string }).next_cursor)}`;
    }
    return cursor;
  };
  const cursor = await deep('/v1/runs');
  const records = '/v1/reservations?limit=20';
  const recordsCursor = await deep('/v1/reservations');
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
      'records, list': records,
      'records, deep page': `${records}${recordsCursor}`,
      'records, filter: status that few have': `${records}&status=cancelled`,
      'records, filter: status that many have': `${records}&status=confirmed`,
      'records, filter: listing': `${records}&listing_id=l${turn % Math.min(strideOf(count), warmUps)}`,
      'records, by external id': `/v1/records/reservations/e${turn % Math.min(count, warmUps)}`,
      'get, by run_id': `/public-api/executions/${of(turn, runIds)}`,
    }),
  };
}

async function inTurns(name: string): Promise<[Measurement, Measurement]> {
  const both = [few, many] as const;
  const took: [number[], number[]] = [[], []];
  for (let turn = -warmUps; turn < requests; turn++) {
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
