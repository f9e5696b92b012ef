import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HttpClient } from '../../test/support/http-client.ts';
import { payload } from '../engine/work.ts';
import { type Measurement, summary } from '../support/measure.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';
import { startServer } from './server-process.ts';

// Dispatches at a given rate, whatever the server does: an answer's time counts from the moment at which its
// request was due, so that a server that falls behind is seen to.

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '250,500,1000' },
    seconds: { type: 'string', default: '10' },
  },
});
const seconds = Number(values.seconds);
const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();
const connection = await createDatabase(postgres.connection);
const rows: (string | number)[][] = [];
{
  await using server = startServer({ connection, modelDelayMs: 0 });
  const state = await server.until(() => true);
  using client = new HttpClient(state.url, 128);
  const body = JSON.stringify({ payload });
  const headers = { authorization: `Bearer ${state.token}`, 'content-type': 'application/json' };
  const send = async () => {
    const path = `/v1/agents/${state.agentId}/run`;
    const { status } = await client.request('POST', path, headers, body);
    if (status !== 200) throw new Error(`A dispatch was answered ${status}.`);
  };
  await atRate(send, { rate: 200, seconds: 2 });
  for (const rate of values.rates.split(',').map(Number)) {
    const measured = await atRate(send, { rate, seconds });
    rows.push([
      figure(rate),
      figure(measured.perSecond),
      measured.n,
      ...[measured.p50Ms, measured.p95Ms, measured.p99Ms, measured.maxMs].map(figure),
    ]);
  }
}
await publish(
  'dispatch',
  `# Dispatches through HTTP at a given rate

\`cd bench && npm ci --ignore-scripts && npm run dispatch\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

\`POST /v1/agents/{id}/run\`, ${seconds} s at each rate; the runs (three steps without time in them) are driven
by the same process meanwhile. The caller is a process of its own on the same machine.

${markdownTable(['asked a second', 'answered a second', 'n', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'], rows)}
`,
);

async function atRate(
  send: () => Promise<void>,
  given: { readonly rate: number; readonly seconds: number },
): Promise<Measurement> {
  const total = given.rate * given.seconds;
  const tookMs: number[] = [];
  const answers: Promise<void>[] = [];
  const startedAt = performance.now();
  while (answers.length < total) {
    const due = Math.min(total, ((performance.now() - startedAt) / 1_000) * given.rate);
    while (answers.length < due) {
      const dueAt = startedAt + (answers.length / given.rate) * 1_000;
      answers.push(send().then(() => void tookMs.push(performance.now() - dueAt)));
    }
    await sleep(1);
  }
  await Promise.all(answers);
  return summary(tookMs, { concurrency: 0, elapsedMs: performance.now() - startedAt });
}
