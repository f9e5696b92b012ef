import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../support/source-tree.ts';
import { mustBeZero } from './judge.ts';
import { type ChaosFigures, runChaos } from './run-chaos.ts';

// `npm run chaos [-- --seed N --minutes M --runs R]`. Writes what came out to docs/proofs/chaos.md when it is
// run in its full length, and fails when a figure that must be 0 is not.

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    runs: { type: 'string', default: '5000' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const minutes = Number(values.minutes);
const runs = Number(values.runs);
const print = (line: string) => process.stdout.write(`${line}\n`);

print(`chaos: seed ${seed}, ${minutes} minutes, ${runs} runs`);
const figures = await runChaos({
  seed,
  runs,
  faultyMs: minutes * 60_000,
  scale: 1,
  postgresEveryMs: [5_000, 10_000],
  patienceMs: 180_000,
  report: (line) => print(`  ${line}`),
});
const broken = mustBeZero.filter((name) => figures[name] !== 0);
for (const line of figures.details) print(`  ${line}`);
print(JSON.stringify({ ...figures, details: undefined }, null, 2));
if (minutes >= 10) writePage(figures);
print(broken.length === 0 ? 'holds' : `BROKEN: ${broken.join(', ')} (seed ${seed})`);
process.exit(broken.length === 0 ? 0 : 1);

function writePage({ details, ...rest }: ChaosFigures): void {
  const folder = join(repositoryRoot, 'docs', 'proofs');
  mkdirSync(folder, { recursive: true });
  const rows = Object.entries(rest).map(
    ([name, value]) =>
      `| ${name} | ${value} |${(mustBeZero as readonly string[]).includes(name) ? ' 0 |' : ' |'}`,
  );
  const text = [
    '# Chaos',
    '',
    'Three processes on one Postgres server drive runs that ask a model and call tools, both outside of the',
    'processes, where they are counted. Meanwhile processes are killed (SIGKILL), frozen past every timeout',
    '(SIGSTOP, SIGCONT) and stopped, Postgres is killed and restarted every 5 to 10 s, connections are cut and',
    'held, runs are cancelled and forked, their agent is paused, and the clock of one process is minutes off. Some runs ask',
    'others, some outputs are kept apart (spills), some runs are driven alone. Afterwards every acknowledged run',
    'has ended; no model step was called again after its commit; no call of a non-idempotent tool reached its',
    'service twice; nothing was written by a process that had lost its run, and no writer was told wrong.',
    '',
    `- Command: \`npm run chaos -- --seed ${seed} --minutes ${minutes} --runs ${runs}\``,
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- Machine: ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`,
    `- Result: ${broken.length === 0 ? 'holds' : `broken (${broken.join(', ')})`}`,
    '',
    '| figure | value | must be |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ...details.map((line) => `- ${line}`),
  ].join('\n');
  writeFileSync(join(folder, 'chaos.md'), `${text.trimEnd()}\n`);
}
