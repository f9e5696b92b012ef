import { loadavg } from 'node:os';
import { migrate } from '../../src/store/migrate.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { playConversations } from './conversations.ts';
import { measureLateness } from './cron-lateness.ts';
import { simulateCron } from './cron-year.ts';
import { openOwnDatabase } from './own-database.ts';
import { type Proof, report } from './proof.ts';
import { proveRecords } from './records.ts';
import { proveWebhooks } from './webhooks.ts';

// What starts runs: conversations, webhooks and cron.

export const conversations: Proof = {
  title: 'Everything in a conversation, in any order',
  claim:
    '300 conversations of up to 40 happenings by chance: messages, edits, a person’s reply, ends of bursts, answers of the model, delays, deliveries, and the death of the process at any of it, over a real database. No message has two replies, none has none, no reply is to an old text, and what was said arrives once.',
  zero: ['doubles', 'lost', 'stale', 'wrongDeliveries'],
  async run(seed) {
    await using own = await openOwnDatabase();
    await migrate(own.db);
    return { ...(await playConversations(own.db, { plays: 300, random: seededRandom(seed) })) };
  },
};

export const webhooks: Proof = {
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
};

export const cronYear: Proof = {
  title: 'A year of cron',
  claim:
    'A simulated year of 40 cron triggers in five time zones (fixed times and intervals around every change of clocks, weekdays, months, jitter; all ways of catching up) over a real database: three processes that share nothing else, killed between any two statements, and now and then all away for seconds to days. Every tick that a walk through each minute on the wall finds, less those that `catch_up` passes over, fired once; none fired that it does not find, none early, and none later than a takeover explains.',
  zero: ['missing', 'unexpected', 'doubles', 'early', 'late'],
  async run(seed) {
    await using own = await openOwnDatabase();
    await migrate(own.db);
    const from = new Date('2026-01-01T00:00:00Z');
    const until = new Date('2027-01-01T00:00:00Z');
    const random = seededRandom(seed);
    return { ...(await simulateCron(own.db, { from, until, random, report })) };
  },
};

export const cronLateness: Proof = {
  title: 'A tick every second for ten minutes',
  claim:
    'A real server with an agent whose cron trigger ticks every second, for 600 seconds: each tick fires once, none early, and 99 of 100 less than 250 ms after their second, from the second to the row of the event by the database’s clock.',
  zero: ['missing', 'doubles', 'early', 'lateP99'],
  async run() {
    await using own = await openOwnDatabase();
    const load = loadavg()[0]?.toFixed(1);
    const figures = await measureLateness({ db: own.db, databaseUrl: own.url, seconds: 600 });
    return {
      ...figures,
      lateP99: figures.p99Ms < 250 ? 0 : 1,
      'load of the machine before': load,
      'load of the machine after': loadavg()[0]?.toFixed(1),
    };
  },
};

export const records: Proof = {
  title: 'Records, told twice and out of order',
  claim:
    '100,000 records in two versions each, told by four integrations at once in shuffled order, in batches of 500, and then all of it a second time in another order: 400,000 tellings, while two triggers listen and two relays fire. Every record is in its newest version, every change that was real has one trigger event with what was before and what is after, and nothing that was repeated or late has any.',
  zero: ['wrongRecords', 'notFired', 'firedTwice', 'firedForNothing', 'wrongEvents', 'wrongRuns'],
  async run(seed) {
    await using own = await openOwnDatabase();
    await migrate(own.db);
    const random = seededRandom(seed);
    return await proveRecords(own.db, { records: 100_000, batch: 500, atOnce: 4, random, report });
  },
};
