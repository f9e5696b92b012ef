import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../support/source-tree.ts';
import type { Proof } from './proof.ts';
import { temporalChaos, temporalSteps } from './proofs-of-clusters.ts';
import {
  adoptionRace,
  faults,
  killPostgres,
  killServer,
  knowledge,
  overload,
  postgresMajor,
  retention,
} from './proofs-of-durability.ts';
import { callMemory, interleavedCalls } from './proofs-of-sandbox.ts';
import { dashboard, fuzz, newcomer } from './proofs-of-surfaces.ts';
import { conversations, cronLateness, cronYear, records, webhooks } from './proofs-of-triggers.ts';

// The long proofs in full. Each writes what was run and what came out to docs/proofs/, and fails when a
// figure that must be 0 is not. `npm run proof` runs all; `npm run proof -- kill-server --seed 7` one.

const proofs: Readonly<Record<string, Proof>> = {
  'adoption-race': adoptionRace,
  conversations,
  'kill-server': killServer,
  'kill-postgres': killPostgres,
  'interleaved-calls': interleavedCalls,
  'call-memory': callMemory,
  knowledge,
  faults,
  overload,
  fuzz,
  webhooks,
  'postgres-major': postgresMajor,
  newcomer,
  dashboard,
  retention,
  'cron-year': cronYear,
  'cron-lateness': cronLateness,
  records,
  'temporal-chaos': temporalChaos,
  'temporal-steps': temporalSteps,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string' } },
});
const seed = Number(values.seed);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
const names = positionals.length === 0 ? Object.keys(proofs) : positionals;
let failures = 0;
for (const name of names) {
  const proof = proofs[name];
  if (proof === undefined) {
    throw new Error(`There is no proof "${name}". There are: ${Object.keys(proofs).join(', ')}.`);
  }
  process.stdout.write(`${name} (seed ${seed})\n`);
  const startedAt = performance.now();
  const figures = await proof.run(seed, minutes);
  const broken = proof.zero.filter((figure) => figures[figure] !== 0);
  failures += broken.length;
  writePage({
    name,
    proof,
    figures,
    broken,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  });
  process.stdout.write(`  ${broken.length === 0 ? 'holds' : `BROKEN: ${broken.join(', ')}`}\n`);
}
process.exitCode = failures === 0 ? 0 : 1;

function writePage(page: {
  readonly name: string;
  readonly proof: Proof;
  readonly figures: Record<string, unknown>;
  readonly broken: readonly string[];
  readonly seconds: number;
}): void {
  const folder = join(repositoryRoot, 'docs', 'proofs');
  mkdirSync(folder, { recursive: true });
  const rows = Object.entries(page.figures).map(
    ([name, value]) => `| ${name} | ${Array.isArray(value) ? value.join(', ') : String(value)} |`,
  );
  const text = [
    `# ${page.proof.title}`,
    '',
    page.proof.claim,
    '',
    `- Command: \`npm run proof -- ${page.name} --seed ${seed}${minutes === undefined ? '' : ` --minutes ${minutes}`}\``,
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- Machine: ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`,
    `- Time: ${page.seconds} s`,
    `- Result: ${page.broken.length === 0 ? 'holds' : `broken (${page.broken.join(', ')})`}`,
    '',
    '| figure | value |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
  writeFileSync(join(folder, `${page.name}.md`), text);
}
