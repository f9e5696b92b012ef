import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeOptions } from '../../bin/node-options.js';
import {
  type BenchPostgres,
  createDatabase,
  dropDatabase,
  startBenchPostgres,
} from '../support/postgres.ts';
import { circumstances, loadBefore, publish } from '../support/report.ts';
import type { ChildAnswer, ChildOrder } from './child.ts';
import { type SubjectName, subjects } from './subjects.ts';
import { engineTables, type Sample } from './tables.ts';
import { telemetryPage, telemetrySubjects } from './telemetry-page.ts';

// Ours beside the peers: the same three durable steps, the same machine, the same Postgres. The subjects
// take turns, in rounds, so that what else the machine does falls on all of them, and shows as spread.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    concurrency: { type: 'string', default: '1,64,512' },
    only: {
      type: 'string',
      default: Object.keys(subjects)
        .filter((name) => !telemetrySubjects.some((one) => one === name))
        .join(','),
    },
    // What telemetry costs: ours without it and with it, exporting to a receiver in this process.
    telemetry: { type: 'boolean', default: false },
    'no-page': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const durationMs = Number(values.seconds) * 1_000;
const concurrencies = values.concurrency.split(',').map(Number);
const only = values.telemetry ? ['ours', ...telemetrySubjects].join(',') : values.only;
const names = only.split(',').map((name) => {
  if (!(name in subjects))
    throw new Error(`${name} is none of ${Object.keys(subjects).join(', ')}`);
  return name as SubjectName;
});

const loadAtStart = loadBefore();
if (telemetrySubjects.some((name) => names.includes(name))) await takeTelemetry();
await using postgres = await startBenchPostgres();
const samples: Sample[] = [];
for (let round = 0; round < rounds; round++) {
  for (const subject of round % 2 === 0 ? names : names.toReversed()) {
    const measurements = await inChild(postgres, subject);
    for (const measurement of measurements) {
      samples.push({ ...measurement, subject, round });
      console.error(
        `round ${round + 1}: ${subject} at ${measurement.concurrency}: ${Math.round(measurement.perSecond)} runs/s, p50 ${measurement.p50Ms.toFixed(2)} ms, CPU ${measurement.cpuMsPerRun?.toFixed(3)} ms a run`,
      );
    }
  }
}
const tables = engineTables(samples, { concurrencies, names });
if (values['no-page']) console.log(tables);
else if (values.telemetry) {
  const facts = circumstances(loadAtStart, {
    Postgres: `${postgres.version}, embedded, as shipped (fsync on)`,
    method: `${rounds} rounds in turn, ${durationMs / 1_000} s each after a warm-up; closed loop`,
  });
  await publish('telemetry', telemetryPage({ samples, concurrencies, facts, tables }));
} else await publish('engine', await page(tables));

/** Receives OTLP and throws it away; the children are told where. */
async function takeTelemetry(): Promise<void> {
  const sink = createServer((request, response) => {
    request.resume().once('end', () => response.end());
  });
  sink.listen(0, '127.0.0.1').unref();
  await once(sink, 'listening');
  const { port } = sink.address() as AddressInfo;
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`;
}

async function inChild({ connection, pid }: BenchPostgres, subject: SubjectName) {
  const database = await createDatabase(connection);
  try {
    const profile = process.env.BENCH_PROFILE;
    const execArgv = [
      ...nodeOptions,
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ];
    const child = fork(join(import.meta.dirname, 'child.ts'), { execArgv });
    const order: ChildOrder = {
      subject,
      connection: database,
      postmasterPid: pid,
      concurrencies,
      durationMs,
      warmUpMs: Math.max(500, durationMs / 2),
    };
    child.send(order);
    const ended = once(child, 'exit');
    const died = ended.then(([code]) => {
      throw new Error(`The process of ${subject} ended with ${code}.`);
    });
    const [answer] = (await Promise.race([once(child, 'message'), died])) as [ChildAnswer];
    await ended;
    if (!answer.ok) throw new Error(`${subject}: ${answer.error}`);
    return answer.measurements;
  } finally {
    await dropDatabase(connection, database.database);
  }
}

async function page(tables: string): Promise<string> {
  const manifest = JSON.parse(
    await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8'),
  ) as { readonly dependencies: Readonly<Record<string, string>> };
  const facts = circumstances(loadAtStart, {
    Postgres: `${postgres.version}, embedded, as shipped (fsync on)`,
    peers: Object.entries(manifest.dependencies)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    method: `${rounds} rounds in turn, ${durationMs / 1_000} s each after a warm-up; closed loop`,
  });
  return `# Engine: three durable steps

\`cd bench && npm ci --ignore-scripts && npm run engine\`

${facts}

A run is model, tool, model, with no time in any of them: what is measured is durability. Every step is
committed before the next begins. The models and tools of all are functions in process; what the steps
give, and so what is stored, is the same. A subject runs in a process of its own, with an empty database
of its own; when its turn is over, the number of stored runs and steps is checked against the number of
those that were run. Every process of Node, the peers' too, has the product's own \`${nodeOptions.join(' ')}\`.

${tables}

How the peers are set up:

- **DBOS**: workflows started directly, not through its queue, which is slower; tracing off; 20 connections.
- **Restate**: one server as it comes, telemetry off, HTTP/2 both ways to the service; called through its
  ingress with the same lean client as ours through HTTP. It keeps its state in RocksDB, not in Postgres.
- **graphile-worker**: 64 jobs at once, local queue of 65, batched completion, 24 connections; each of the
  three steps is a row of its own, inserted by a prepared statement.
- **Temporal**: one server with all four services in one process, its tables in an SQLite file (\`bash .ci/temporal\`
  builds it); a worker and a client in one process, an activity a step. Ours on it keeps its steps in Postgres and
  has one activity a run. Both are ended when whoever asked knows.
- **bare Postgres**: the rows of our runs in our own tables, with their indexes and foreign keys, by a
  group-commit loop without engine, ownership or checks; four commits a run, as ours. **Two narrow tables**: the
  same loop with a table of runs and one of steps, a primary key each and nothing else: what is left of the
  limit when everything but the four commits is taken away.
`;
}
