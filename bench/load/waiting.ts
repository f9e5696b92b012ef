import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { verifyProduct } from '../engine/subjects/ours.ts';
import { dispatch } from '../support/dispatch.ts';
import { instantModel } from '../support/instant-model.ts';
import { createDatabase, startBenchPostgres } from '../support/postgres.ts';
import { openProduct } from '../support/product.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';

// Runs that all wait for their model at once, in one process: what one costs in memory, and that all end.

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '5' },
  },
});
const runs = Number(values.runs);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const loadAtStart = loadBefore();
await using postgres = await startBenchPostgres();
let underWay = 0;
const models = instantModel(Number(values.seconds) * 1_000, (count) => {
  underWay = count;
});
const product = await openProduct({
  connection: await createDatabase(postgres.connection),
  models,
});
// One run first: what is loaded once is no part of what a run costs.
await product.ended(await dispatch(product));
const before = memory();
const startedAt = performance.now();
const ends: Promise<void>[] = [];
for (let sent = 0; sent < runs; sent += 500) {
  const ids = await Promise.all(
    Array.from({ length: Math.min(500, runs - sent) }, () => dispatch(product)),
  );
  ends.push(...ids.map((id) => product.ended(id)));
}
const dispatchedMs = performance.now() - startedAt;
// The call's start is a turn after its run's dispatch.
await sleep(200);
const waiting = underWay;
const during = memory();
await Promise.all(ends);
const endedMs = performance.now() - startedAt;
await verifyProduct(product, runs + 1);
await product[Symbol.asyncDispose]();

const perRun = (bytes: number) => `${figure(bytes / waiting / 1024)} KiB`;
await publish(
  'waiting',
  `# Runs that wait for a model

\`cd bench && npm ci --ignore-scripts && npm run waiting\`

${circumstances(loadAtStart, { Postgres: `${postgres.version}, embedded, as shipped (fsync on)` })}

${figure(runs)} runs in one process; both model calls of each take ${values.seconds} s. Memory is read after a
collection, before the first dispatch and while they wait.

${markdownTable(
  ['', 'measured', 'goal'],
  [
    ['runs in their model call when memory was read', figure(waiting), '–'],
    ['heap a run', perRun(during.heap - before.heap), '–'],
    ['resident memory a run', perRun(during.resident - before.resident), '≤ 40 KiB'],
    ['all dispatched after', `${figure(dispatchedMs / 1_000)} s`, '–'],
    ['all ended after', `${figure(endedMs / 1_000)} s`, 'all end'],
    ['runs that ended, with all their entries', figure(runs), figure(runs)],
  ],
)}
`,
);

function memory(): { readonly heap: number; readonly resident: number } {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
