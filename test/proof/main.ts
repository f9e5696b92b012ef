import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { openDatabase } from '../../src/store/connect.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { migrate } from '../../src/store/migrate.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { raceAdoptions } from './adoption-race.ts';
import { type MemoryReport, measureCalls } from './call-memory.ts';
import { playConversations } from './conversations.ts';
import { measureLateness } from './cron-lateness.ts';
import { simulateCron } from './cron-year.ts';
import { faultNames, playFaults } from './faults.ts';
import { proveFuzz } from './fuzz.ts';
import { interleaveCalls } from './interleaved-calls.ts';
import { proveKills } from './kill-server.ts';
import { proveKnowledge } from './knowledge.ts';
import { playNewcomer } from './newcomer.ts';
import { proveOverload } from './overload.ts';
import { proveNewMajor } from './postgres-major.ts';
import { proveRetention } from './retention.ts';
import { proveWebhooks } from './webhooks.ts';

// The long proofs in full. Each writes what was run and what came out to docs/proofs/, and fails when a
// figure that must be 0 is not. `npm run proof` runs all; `npm run proof -- kill-server --seed 7` one.

interface Proof {
  readonly title: string;
  readonly claim: string;
  run(seed: number): Promise<Record<string, unknown>>;
  /** Names of figures that must be 0. */
  readonly zero: readonly string[];
}

type DashboardProver = (given: object) => Promise<Record<string, number | string>>;

const report = (line: string) => process.stdout.write(`  ${line}\n`);

const proofs: Readonly<Record<string, Proof>> = {
  'adoption-race': {
    title: 'Stale writers against adoptions',
    claim: 'No step of an old epoch lands after an adoption, and every writer is told the truth.',
    zero: ['staleSteps', 'wrongAnswers'],
    async run(seed) {
      const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-race-'));
      try {
        await using postgres = await startEmbeddedPostgres({ dataDir });
        await using db = openDatabase({ kind: 'embedded', connection: postgres.connection });
        await migrate(db);
        return { ...(await raceAdoptions(db, { races: 10_000, random: seededRandom(seed) })) };
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  },
  conversations: {
    title: 'Everything in a conversation, in any order',
    claim:
      '300 conversations of up to 40 happenings by chance: messages, edits, a person’s reply, ends of bursts, answers of the model, delays, deliveries, and the death of the process at any of it, over a real database. No message has two replies, none has none, no reply is to an old text, and what was said arrives once.',
    zero: ['doubles', 'lost', 'stale', 'wrongDeliveries'],
    async run(seed) {
      const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-conversations-'));
      try {
        await using postgres = await startEmbeddedPostgres({ dataDir });
        await using db = openDatabase({ kind: 'embedded', connection: postgres.connection });
        await migrate(db);
        return { ...(await playConversations(db, { plays: 300, random: seededRandom(seed) })) };
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  },
  'kill-server': {
    title: 'SIGKILL to the server’s process group',
    claim:
      '20 kills at random moments during 200 runs: all acknowledged runs end, no run that has asked the model with a tool’s result asks without one again, and no committed model call is made twice.',
    zero: ['stuck', 'failed', 'forgotResults', 'repeatedModelCalls', 'slowRestarts'],
    async run(seed) {
      const figures = await proveKills({
        victim: 'server',
        seed,
        runs: 200,
        kills: 20,
        modelDelayMs: 150,
        report,
      });
      return { ...figures, slowRestarts: figures.readyAfterMs.filter((ms) => ms > 10_000).length };
    },
  },
  'kill-postgres': {
    title: 'SIGKILL to Postgres in the middle of writes',
    claim:
      '20 kills of the database during 200 runs: nothing acknowledged is lost and no run hangs.',
    zero: ['stuck', 'failed', 'forgotResults', 'repeatedModelCalls'],
    async run(seed) {
      return {
        ...(await proveKills({
          victim: 'postgres',
          seed,
          runs: 200,
          kills: 20,
          modelDelayMs: 150,
          report,
        })),
      };
    },
  },
  'interleaved-calls': {
    title: 'Two workspaces’ calls, interleaved',
    claim:
      '1,000 calls of two workspaces, four at once: none finds a file, a process, a descriptor, a variable, a patched global or a string in memory that another call left, in a sandbox whose processes were started before the calls came.',
    zero: ['failed', 'leftovers'],
    async run(seed) {
      const cacheDir = mkdtempSync(join(tmpdir(), 'signalbox-proof-'));
      try {
        await using sandbox = await createSandbox({ choice: 'jail', cacheDir });
        const random = seededRandom(seed);
        return { ...(await interleaveCalls(sandbox, { calls: 1_000, atOnce: 4, random })) };
      } finally {
        rmSync(cacheDir, { recursive: true, force: true });
      }
    },
  },
  'call-memory': {
    title: 'Memory and leftovers of 10,000 calls',
    claim:
      'After 10,000 calls the server and its waiting processes have at most 10 % more memory than after 1,000; closed or killed, the sandbox leaves no process, mount or file.',
    zero: ['grownTooMuch', 'leftByClosing', 'leftByKilling'],
    async run() {
      const many = { checkpoints: [1_000, 10_000], javascriptEvery: 5 };
      const { reports, left } = await measureCalls(many, 'close');
      const killed = await measureCalls({ checkpoints: [20], javascriptEvery: 5 }, 'kill');
      const [early, late] = reports;
      if (early === undefined || late === undefined) throw new Error('a report is missing');
      const growth = Math.round((100 * totalMiB(late)) / totalMiB(early) - 100);
      return {
        growthPercent: growth,
        grownTooMuch: growth > 10 || late.heapMiB > 1.1 * early.heapMiB ? 1 : 0,
        leftByClosing: left.processes + left.mounts + left.files,
        leftByKilling: killed.left.processes + killed.left.mounts + killed.left.files,
        ...measuredAfter(early),
        ...measuredAfter(late),
      };
    },
  },
  knowledge: {
    title: 'Knowledge under SIGKILL',
    claim:
      '1,000 files are sent, and the server’s process group, Postgres included, is killed three times while it indexes them. Afterwards every acknowledged file is one node with one chunk, and the word that it alone has finds it and nothing else.',
    zero: ['lost', 'doubled', 'notFound'],
    run: async (seed) => ({
      ...(await proveKnowledge({ seed, files: 1_000, kills: 3, report })),
    }),
  },
  faults: {
    title: 'Faults of what the server depends on',
    claim:
      'A real server is dispatched to by four callers while one thing that it depends on fails, and then works again. What is refused is refused with 503 and `Retry-After`; every run that was acknowledged ends; nobody lends a hand. By fault: what callers saw while it lasted, how long after its end dispatches were taken again, and how long until all acknowledged runs had ended.',
    zero: ['lost', 'unclear'],
    async run() {
      const reports = await playFaults(faultNames, report);
      const sum = (of: 'lost' | 'unclear') => reports.reduce((all, one) => all + one[of], 0);
      const rows = reports.map((one) => [
        one.fault,
        `${
          Object.entries(one.seen)
            .map(([status, n]) => `${n} × ${status}`)
            .join(', ') || 'no answer yet'
        }; ${one.acknowledged} acknowledged, ${one.lost} lost, ${one.failed} failed; taken again after ${one.recoveredMs} ms, all ended ${one.settledMs} ms later`,
      ]);
      return {
        lost: sum('lost'),
        unclear: sum('unclear'),
        ...Object.fromEntries(rows),
      };
    },
  },
  overload: {
    title: 'Twice what the server can do, for ten minutes',
    claim:
      '500 clients with up to three requests under way each dispatch at twice the rate that the server was found to sustain, and do not slow down when they are refused; every run is driven to its end by the same process. What is served is at least 90 % of the most (dispatched, and ended), 99 of 100 answers to it come within a second, the rest is 503 or 429 with `Retry-After`, memory in the second half is at most 10 % above the first, and every acknowledged run ends.',
    zero: ['lost', 'servedTooFew', 'tooSlow', 'otherAnswers', 'unclear', 'memoryGrew'],
    run: () => proveOverload({ clients: 500, seconds: 600, searchSeconds: 20, report }),
  },
  fuzz: {
    title: 'Requests made of the OpenAPI documents',
    claim:
      'Schemathesis makes at least 100,000 requests of both OpenAPI documents (examples, edges of every schema, random ones, chains of calls; valid and not; as the admin and as a token of one workspace) against a real server on a real database, and holds every answer against the document, all checks on. No server error, no undocumented status, header, content type or shape, nothing accepted that the document forbids, nothing open without a token. A request that the schema allows may be refused with the documented 400 or 422: rules over several fields, unknown ids and cursors are more than a schema can say.',
    zero: ['failures', 'errors'],
    run: async (seed) => {
      const { found, ...figures } = await proveFuzz({ seed, requests: 100_000, report });
      return { ...figures, found: found.join('; ') };
    },
  },
  webhooks: {
    title: 'Webhooks under SIGKILL',
    claim:
      '10,000 signed webhooks at concurrency 50 while the server’s process group, Postgres included, is killed three times and started again; the sender repeats what was not acknowledged under the same id. Every acknowledged one has exactly one trigger event and its run, 1,000 further repeats get the ids of the first and add nothing, and all runs end. The rates are of 10,000 others before, undisturbed, their runs driven meanwhile by the same process; the bare server is node:http that inserts a row and does nothing else, on the same machine beside the same sender.',
    zero: ['lost', 'doubledEvents', 'wrongRuns', 'unaccounted', 'runsNotCompleted', 'wrongRepeats'],
    run: (seed) =>
      proveWebhooks({
        seed,
        webhooks: 10_000,
        kills: 3,
        repeats: 1_000,
        undisturbed: 10_000,
        atOnce: 50,
        report,
      }),
  },
  'postgres-major': {
    title: 'The step to a new major version of Postgres',
    claim:
      'A server whose embedded Postgres is of the major version before (from npm) acknowledges runs; a backup is taken while some are under way; this version restores it into the embedded Postgres of its own. Every acknowledged run is there, those that had ended are the same in every field, and the open ones go on to their end.',
    zero: ['missing', 'different', 'stuck', 'sameMajor'],
    async run() {
      const figures = await proveNewMajor({ runs: 200 });
      return { ...figures, sameMajor: figures.from === figures.to ? 1 : 0 };
    },
  },
  newcomer: {
    title: 'A newcomer',
    claim:
      'The commands of docs/quick-start.md as they stand there, in an empty folder: a fresh clone, every package from the registry and the dashboard’s build included, to an agent with a tool that answers a webhook and passes its test case. At most ten commands. The provider is a fake one on this machine, so no time is a model’s.',
    zero: ['failedCommands', 'wrongAnswers', 'failedCases', 'tooManyCommands'],
    async run() {
      const { output, ...figures } = await playNewcomer({
        installed: false,
        timeoutMs: 30 * 60_000,
      });
      if (figures.failedCommands > 0) report(output);
      report(`from nothing in ${figures.totalSeconds} s`);
      return { ...figures, tooManyCommands: Math.max(0, figures.commands - 10) };
    },
  },
  dashboard: {
    title: 'The dashboard over very much',
    claim:
      'In a real Chromium: a table of 1,000,000 runs; a run of over 2,000 steps and an output of 5 MiB, watched for ten minutes while it goes on and the server is stopped and started in its midst; then opened anew, scrolled through, and its output read. First useful paint is less than a second after the answer that it shows, memory after a collection stays what the steps on the page weigh, and no step is missed. Frames and tasks while scrolling are of the page’s own frames and of Chromium’s trace; fast wheels over unread pages, which are read meanwhile.',
    zero: ['slowPaints', 'missedSteps', 'memoryGrew', 'roughScrolls', 'complaints'],
    run: async () => {
      // Its types are those of a browser, which the rest of the proofs has none of.
      const { href } = new URL('../browser/dashboard-proof.ts', import.meta.url);
      const { proveDashboard } = (await import(href)) as { proveDashboard: DashboardProver };
      const figures = await proveDashboard({
        storedRuns: 1_000_000,
        turns: 400,
        callsPerTurn: 4,
        turnMs: 1_300,
        largeBytes: 5 * 1_048_576,
        scrollMs: 5_000,
        report,
      });
      const rough = Object.entries(figures).filter(
        ([name, value]) => name.endsWith('95 of 100 frames within, ms') && Number(value) > 50,
      );
      return { ...figures, roughScrolls: rough.length };
    },
  },
  retention: {
    title: 'Retention under load',
    claim:
      '2,000,000 stored runs with four steps and an event each, of which a workspace keeps a million, while 200 more a second are dispatched and driven; the server is killed once in the middle. The count levels off at what is kept and what comes in during two minutes, the files of the database do not grow, the p99 of dispatches is within 1.5 times of that without pruning, every acknowledged run ends and is counted, and no newest run and no step of a kept one goes. Times are from the moment at which a dispatch was due.',
    zero: [
      ...['notCompleted', 'tooFew', 'tooOld', 'orphanSteps', 'miscounted'],
      ...['slower', 'growing', 'unlevel'],
    ],
    run: () =>
      proveRetention({
        ...{ stored: 2_000_000, keep: 1_000_000, rate: 200, quietSeconds: 60, levelSeconds: 300 },
        ...{ kill: true, report },
      }),
  },
  'cron-year': {
    title: 'A year of cron',
    claim:
      'A simulated year of 40 cron triggers in five time zones (fixed times and intervals around every change of clocks, weekdays, months, jitter; all ways of catching up) over a real database: three processes that share nothing else, killed between any two statements, and now and then all away for seconds to days. Every tick that a walk through each minute on the wall finds, less those that `catch_up` passes over, fired once; none fired that it does not find, none early, and none later than a takeover explains.',
    zero: ['missing', 'unexpected', 'doubles', 'early', 'late'],
    async run(seed) {
      const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-year-'));
      try {
        await using postgres = await startEmbeddedPostgres({ dataDir });
        await using db = openDatabase({ kind: 'embedded', connection: postgres.connection });
        await migrate(db);
        const from = new Date('2026-01-01T00:00:00Z');
        const until = new Date('2027-01-01T00:00:00Z');
        const random = seededRandom(seed);
        return { ...(await simulateCron(db, { from, until, random, report })) };
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  },
  'cron-lateness': {
    title: 'A tick every second for ten minutes',
    claim:
      'A real server with an agent whose cron trigger ticks every second, for 600 seconds: each tick fires once, none early, and 99 of 100 less than 250 ms after their second, from the second to the row of the event by the database’s clock.',
    zero: ['missing', 'doubles', 'early', 'lateP99'],
    async run() {
      const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-late-db-'));
      try {
        await using postgres = await startEmbeddedPostgres({ dataDir });
        const { connection } = postgres;
        await using db = openDatabase({ kind: 'embedded', connection });
        const { host, port, user, database } = connection;
        const databaseUrl = `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
        const load = loadavg()[0]?.toFixed(1);
        const figures = await measureLateness({ db, databaseUrl, seconds: 600 });
        return {
          ...figures,
          lateP99: figures.p99Ms < 250 ? 0 : 1,
          'load of the machine before': load,
          'load of the machine after': loadavg()[0]?.toFixed(1),
        };
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const names = positionals.length === 0 ? Object.keys(proofs) : positionals;
let failures = 0;
for (const name of names) {
  const proof = proofs[name];
  if (proof === undefined) {
    throw new Error(`There is no proof "${name}". There are: ${Object.keys(proofs).join(', ')}.`);
  }
  process.stdout.write(`${name} (seed ${seed})\n`);
  const startedAt = performance.now();
  const figures = await proof.run(seed);
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

function totalMiB({ serverMiB, waitingMiB }: MemoryReport): number {
  return serverMiB + waitingMiB;
}

function measuredAfter({ calls, ...report }: MemoryReport): Record<string, number> {
  return Object.fromEntries(
    Object.entries(report).map(([name, value]) => [`${name} after ${calls} calls`, value]),
  );
}

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
    `- Command: \`npm run proof -- ${page.name} --seed ${seed}\``,
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
