import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ToolLanguage } from '../../src/core/custom-tool.ts';
import { type Measurement, measure, median, summary } from '../support/measure.ts';
import { circumstances, figure, loadBefore, markdownTable, publish } from '../support/report.ts';
import { bubblewrap, commands, ours, program, type Subject } from './subjects.ts';

// What a call of a tool costs beyond the code's own time. The subjects take turns, so that what else the
// machine does falls on all of them.
//
// - In a row: calls of one subject, one at a time, with a pause after each in which a pool is filled again.
// - By turns: one call of each subject after the other. Nearly a second lies between two of the same, in which
//   processors slow down and caches fill with the others': what a rare call costs.
// - Sustained: two callers a core, none of which pauses, for some seconds each.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    calls: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '3' },
    'no-page': { type: 'boolean', default: false },
  },
});
const loadAtStart = loadBefore();
const rounds = Number(values.rounds);
const callsARound = Number(values.calls);
const durationMs = Number(values.seconds) * 1_000;
const concurrency = availableParallelism() * 2;
const pauseMs = { python: 30, javascript: 90 } as const;
const callsInARow = 60;

const directory = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(directory, { recursive: true }));
const subjects: Subject[] = [];
for (const language of ['python', 'javascript'] as const) {
  const own = { cacheDir: join(directory, language) };
  const [name, command] =
    language === 'python'
      ? (['python', commands.python] as const)
      : (['node', commands.node] as const);
  const added = [
    await ours(language, { ...own, name: 'ours, warm', isWarm: true }),
    await ours(language, { ...own, name: 'ours, cold', isWarm: false }),
    program(`bwrap + ${name} a call`, language, [...bubblewrap, ...command]),
    program(`plain ${name} a call`, language, command),
    ...(language === 'javascript' ? [program('deno a call', language, commands.deno)] : []),
  ];
  for (const subject of added) subjects.push(stack.use(subject));
}

type Latencies = ReadonlyMap<Subject, number[]>;
const none = (): Latencies => new Map(subjects.map((subject) => [subject, []]));
const [inARow, byTurns] = [none(), none()];
const sustained = new Map<Subject, Measurement[]>(subjects.map((subject) => [subject, []]));
for (let round = 0; round < rounds; round++) {
  const inTurn = round % 2 === 0 ? subjects : subjects.toReversed();
  for (let call = 0; call < callsARound; call += callsInARow) {
    for (const subject of inTurn) {
      for (let row = 0; row < callsInARow; row++) await time(subject, inARow);
    }
  }
  for (let call = 0; call < callsARound / 2; call++) {
    for (const subject of inTurn) await time(subject, byTurns);
  }
  for (const subject of inTurn) {
    const run = async () => void (await subject.call());
    const measured = await measure(run, { concurrency, durationMs });
    sustained.get(subject)?.push(measured);
    console.error(
      `round ${round + 1}: ${subject.language}, ${subject.name}: ${Math.round(measured.perSecond)} calls/s`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function time(subject: Subject, latencies: Latencies): Promise<void> {
  const startedAt = performance.now();
  const ownMs = await subject.call();
  latencies.get(subject)?.push(performance.now() - startedAt - ownMs);
  // Whatever is still done behind the answer is not to be in the next one's way.
  await new Promise((resolve) => setTimeout(resolve, pauseMs[subject.language]));
}

function table(language: ToolLanguage): string {
  const own = subjects.filter((subject) => subject.language === language);
  const p50 = (subject: Subject) => over(subject, inARow).p50Ms;
  const rate = (subject: Subject) =>
    median((sustained.get(subject) ?? []).map(({ perSecond }) => perSecond));
  const bare = own.find(({ name }) => name.startsWith('bwrap'));
  if (bare === undefined) throw new Error('there is nothing to compare with');
  const rows = own.map((subject) => {
    const { n, p50Ms, p95Ms, p99Ms, maxMs } = over(subject, inARow);
    return [
      subject.name,
      n,
      ...[p50Ms, p95Ms, p99Ms, maxMs].map(figure),
      figure(p50(subject) / p50(bare)),
      figure(over(subject, byTurns).p50Ms),
      figure(rate(subject)),
      figure(rate(subject) / rate(bare)),
    ];
  });
  const head = [
    '',
    'n',
    'p50 ms',
    'p95',
    'p99',
    'max',
    '× bwrap',
    'by turns, p50',
    'calls/s',
    '× bwrap',
  ];
  return markdownTable(head, rows);
}

function over(subject: Subject, latencies: Latencies): Measurement {
  const tookMs = latencies.get(subject) ?? [];
  return summary(tookMs, { concurrency: 1, elapsedMs: Number.NaN });
}

const facts = circumstances(loadAtStart, {
  method: `${rounds} rounds in turn; latency: ${callsARound} calls a round in rows of ${callsInARow}, half as many by turns; sustained: ${durationMs / 1_000} s a round, ${concurrency} callers, median of the rounds`,
  user: process.getuid?.() === 0 ? 'root' : 'an ordinary user',
});
const page = `# Tools: what a call costs beyond its code

\`cd bench && npm run tools\`

${facts}

Milliseconds over the code's own time, which the code measures itself: from the call of the sandbox to its
answer. Ours comes when the process has been killed and nobody can print any more, which may be some milliseconds
before the kernel has taken its memory down; for the others their end is waited for. In a row, then by turns with calls of all others, which leaves nearly a
second between two of the same. All subjects run the same code with the same parameters, and every
result is checked.

## Python

${table('python')}

## JavaScript

${table('javascript')}

What they are:

- **ours, warm**: the jail as it comes. A process waits in its jail; one call, and it dies. Python is forked
  from a zygote. In the sustained part the pool runs dry, and calls start processes themselves.
- **ours, cold**: the same with no process waiting (\`maxWarmBytes: 0\`): JavaScript builds a jail and starts
  Node for each call, Python is forked.
- **bwrap + … a call**: bubblewrap with all namespaces and the host's files read-only, without filter, limits
  or a root of its own, and an interpreter started in it.
- **plain … a call**: no isolation at all.
- **deno a call**: a Deno process without any permission.
`;
if (values['no-page']) console.log(page);
else await publish('tools', page);
