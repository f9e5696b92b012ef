import { migrate } from '../../src/store/migrate.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { raceAdoptions } from './adoption-race.ts';
import { faultNames, playFaults } from './faults.ts';
import { proveKills } from './kill-server.ts';
import { proveKnowledge } from './knowledge.ts';
import { proveOverload } from './overload.ts';
import { openOwnDatabase } from './own-database.ts';
import { proveNewMajor } from './postgres-major.ts';
import { type Proof, report } from './proof.ts';
import { proveRetention } from './retention.ts';

// What is acknowledged stays, whatever is killed, fails, floods or is replaced.

export const adoptionRace: Proof = {
  title: 'Stale writers against adoptions',
  claim: 'No step of an old epoch lands after an adoption, and every writer is told the truth.',
  zero: ['staleSteps', 'wrongAnswers'],
  async run(seed) {
    await using own = await openOwnDatabase();
    await migrate(own.db);
    return { ...(await raceAdoptions(own.db, { races: 10_000, random: seededRandom(seed) })) };
  },
};

export const killServer: Proof = {
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
};

export const killPostgres: Proof = {
  title: 'SIGKILL to Postgres in the middle of writes',
  claim: '20 kills of the database during 200 runs: nothing acknowledged is lost and no run hangs.',
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
};

export const knowledge: Proof = {
  title: 'Knowledge under SIGKILL',
  claim:
    '1,000 files are sent, and the server’s process group, Postgres included, is killed three times while it indexes them. Afterwards every acknowledged file is one node with one chunk, and the word that it alone has finds it and nothing else.',
  zero: ['lost', 'doubled', 'notFound'],
  run: async (seed) => ({
    ...(await proveKnowledge({ seed, files: 1_000, kills: 3, report })),
  }),
};

export const faults: Proof = {
  title: 'Faults of what the server depends on',
  claim:
    'A real server is dispatched to by four callers while one thing that it depends on fails, and then works again. Every request is answered within 10 s; what is refused is refused with 503 and `Retry-After`; every run that was acknowledged ends; nobody lends a hand. By fault: what callers saw while it lasted, how long after its end dispatches were taken again, and how long until all acknowledged runs had ended.',
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
      }; ${one.acknowledged} acknowledged, ${one.lost} lost, ${one.failed} failed; answered within ${one.slowestMs} ms; taken again after ${one.recoveredMs} ms, all ended ${one.settledMs} ms later`,
    ]);
    return {
      lost: sum('lost'),
      unclear: sum('unclear'),
      ...Object.fromEntries(rows),
    };
  },
};

export const overload: Proof = {
  title: 'Twice what the server can do, for ten minutes',
  claim:
    '500 clients with up to three requests under way each dispatch at twice the rate that the server was found to sustain for three minutes, and do not slow down when they are refused; every run is driven to its end by the same process. What is served is at least 90 % of the most (dispatched, and ended; the larger of what is sustained for three minutes before and, by as many callers over a database several times as large, after), 99 of 100 answers to it come within a second, the rest is 503 or 429 with `Retry-After`, memory in the second half is at most 10 % above the first, and every acknowledged run ends.',
  zero: ['lost', 'servedTooFew', 'tooSlow', 'otherAnswers', 'unclear', 'memoryGrew'],
  run: () =>
    proveOverload({
      ...{ clients: 500, seconds: 600, searchSeconds: 15, sustainSeconds: 180 },
      report,
    }),
};

export const postgresMajor: Proof = {
  title: 'The step to a new major version of Postgres',
  claim:
    'A server whose embedded Postgres is of the major version before (from npm) acknowledges runs; a backup is taken while some are under way; this version restores it into the embedded Postgres of its own. Every acknowledged run is there, those that had ended are the same in every field, and the open ones go on to their end.',
  zero: ['missing', 'different', 'stuck', 'sameMajor'],
  async run() {
    const figures = await proveNewMajor({ runs: 200 });
    return { ...figures, sameMajor: figures.from === figures.to ? 1 : 0 };
  },
};

export const retention: Proof = {
  title: 'Retention under load',
  claim:
    '2,000,000 stored runs with four steps and an event each, of which a workspace keeps a million, while 200 more a second are dispatched and driven; the server is killed once in the middle. The count levels off at what is kept and what comes in during two minutes, the files of the database do not grow, the p99 of dispatches is within 1.5 times of that without pruning, every acknowledged run ends and is counted, and no newest run and no step of a kept one goes. Times are from the moment at which a dispatch was due.',
  zero: [
    ...['notCompleted', 'tooFew', 'tooOld', 'orphanSteps', 'miscounted'],
    ...['slower', 'growing', 'unlevel'],
  ],
  run: () =>
    proveRetention({
      ...{ stored: 2_000_000, keep: 1_000_000, rate: 200, quietSeconds: 90, levelSeconds: 180 },
      ...{ kill: true, report },
    }),
};
