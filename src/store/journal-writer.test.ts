import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { raceAdoptions } from '../../test/proof/adoption-race.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgentRow, insertRunRow, modelEntry, unitOf } from '../../test/support/runs.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { newId } from '../core/ids.ts';
import type { Run } from '../core/run.ts';
import { cancelRunRow } from './cancel.ts';
import { type Candidate, claimFairly } from './claim.ts';
import { type Database, openDatabase, writingOptions } from './connect.ts';
import { UnstorableUnit } from './group-commit.ts';
import { readJournal } from './journal.ts';
import type { JournalUnit } from './journal-unit.ts';
import { commitUnits, createJournalWriter } from './journal-writer.ts';
import { adoptRuns, handBackRuns } from './ownership.ts';
import { getRun } from './runs.ts';

let test_: TestDatabase;
let agent: { workspaceId: string; agentId: string };

beforeAll(async () => {
  test_ = await createTestDatabase();
  agent = await insertAgentRow(test_.db);
});
afterAll(() => test_[Symbol.asyncDispose]());

const ended: JournalUnit['next'] = {
  kind: 'end',
  outcome: {
    status: 'completed',
    stopReason: 'completed',
    disposition: 'resolved',
    dispositionReason: 'tag',
    response: 'bell \u0000 and \ud800 lone',
    reflection: null,
    outputJson: '{"b":1,"a":2}',
    error: null,
  },
};

describe('the journal writer', () => {
  test('commits entries and the state of the run in one', async () => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    await using writer = createJournalWriter(db);
    const unit = unitOf({ runId, owner: 'p1', epoch: 1, seq: 1, text: 'NUL \u0000 kept' });
    expect(await writer.submit(unit)).toBe('committed');
    const last = { ...unitOf({ runId, owner: 'p1', epoch: 1, seq: 2 }), next: ended };
    expect(await writer.submit(last)).toBe('committed');
    const entries = await readJournal(db, runId);
    expect(entries.map((entry) => [entry.seq, entry.type, entry.state])).toEqual([
      [1, 'model', 'done'],
      [2, 'model', 'done'],
    ]);
    expect(entries[0]?.data).toMatchObject({ text: 'NUL \u0000 kept' });
    expect(await getRun(db, 'all', runId)).toMatchObject({
      status: 'completed',
      owner: null,
      lastSeq: 2,
      response: 'bell \u0000 and \ud800 lone',
      outputJson: '{"b":1,"a":2}',
    });
  });

  test.each([
    ['another epoch', { owner: 'p1', epoch: 2 }],
    ['another owner', { owner: 'p2', epoch: 1 }],
  ])('writes nothing for %s and says that the run is lost', async (_, claim) => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    expect(await commitUnits(db, [unitOf({ runId, seq: 1, ...claim })])).toEqual(['lost']);
    expect(await readJournal(db, runId)).toEqual([]);
    expect(await getRun(db, 'all', runId)).toMatchObject({ lastSeq: 0, status: 'running' });
  });

  test('writes nothing to a run that has ended', async () => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    await commitUnits(db, [{ ...unitOf({ runId, owner: 'p1', epoch: 1, seq: 1 }), next: ended }]);
    const late = unitOf({ runId, owner: 'p1', epoch: 1, seq: 2 });
    expect(await commitUnits(db, [late])).toEqual(['lost']);
    expect(await readJournal(db, runId)).toHaveLength(1);
  });

  test('recognises its own unit when it is sent again after an unknown outcome', async () => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    const unit = { ...unitOf({ runId, owner: 'p1', epoch: 1, seq: 1 }), next: ended };
    expect(await commitUnits(db, [unit])).toEqual(['committed']);
    expect(await commitUnits(db, [unit])).toEqual(['committed']);
    expect(await readJournal(db, runId)).toHaveLength(1);
  });

  test('recognises a commit of an orphaned backend that lands while the repeat waits for its lock', async () => {
    const { db, settings } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    const unit = unitOf({ runId, owner: 'p1', epoch: 1, seq: 1 });
    await using orphan = await openDatabase(settings).connect();
    await orphan.execute('BEGIN');
    await commitUnits(orphan, [unit]);
    const repeat = commitUnits(db, [unit]);
    await until(async () => (await waitingForLocks(orphan)) > 0);
    await orphan.execute('COMMIT');
    expect(await repeat).toEqual(['committed']);
    expect(await readJournal(db, runId)).toHaveLength(1);
  });

  test('loses a run that is adopted while it waits for the lock', async () => {
    const { db, settings } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'dead' });
    await using adopter = await openDatabase(settings).connect();
    await adopter.execute('BEGIN');
    const [adopted] = await adoptRuns(adopter, { owner: 'p2', from: ['dead'], limit: 10 });
    expect(adopted).toMatchObject({ id: runId, owner: 'p2', epoch: 2, crashes: 1 });
    const stale = commitUnits(db, [unitOf({ runId, owner: 'dead', epoch: 1, seq: 1 })]);
    await until(async () => (await waitingForLocks(adopter)) > 0);
    await adopter.execute('COMMIT');
    expect(await stale).toEqual(['lost']);
    expect(await readJournal(db, runId)).toEqual([]);
  });

  test('commits the good units of a batch that holds one that cannot be stored', async () => {
    const { db } = test_;
    await using writer = createJournalWriter(db);
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => insertRunRow(db, { ...agent, owner: 'p1' })),
    );
    const units = ids.map((runId, index) => {
      const unit = unitOf({ runId, owner: 'p1', epoch: 1, seq: 1 });
      return index === 3 ? { ...unit, entries: [{ ...modelEntry(1, ''), step: 2 ** 40 }] } : unit;
    });
    const results = await Promise.allSettled(units.map((unit) => writer.submit(unit)));
    const [bad] = results.splice(3, 1);
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.any(UnstorableUnit) });
    expect(results.every((result) => result.status === 'fulfilled')).toBe(true);
  });
});

/** One process of a database claims at a time: asks until it was its turn. */
async function claimAllDue(db: Database, owner: string): Promise<readonly Run[]> {
  const cursor = { workspaceId: '', lanes: new Map<string, string>() };
  const choose = (candidates: readonly Candidate[]) => candidates.map((candidate) => candidate.id);
  for (;;) {
    const request = { owner, room: 1_000, cursor, maxRunningPerWorkspace: null, choose };
    const claim = await claimFairly(db, request);
    if (!claim.busy) return claim.runs;
  }
}

describe('ownership', () => {
  test('a due run is claimed by one of many at once', async () => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: null });
    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claimAllDue(db, owner)));
    const claimed = claims.flat().filter((run) => run.id === runId);
    expect(claimed).toHaveLength(1);
    expect(claimed[0]).toMatchObject({ status: 'running', epoch: 2, wakeAt: null });
  });

  test('a run that is handed back is due again under a new epoch', async () => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'back' });
    expect(await handBackRuns(db, [{ id: runId, owner: 'somebody else', epoch: 1 }])).toBe(0);
    expect(await handBackRuns(db, [{ id: runId, owner: 'back', epoch: 1 }])).toBe(1);
    const [claimed] = (await claimAllDue(db, 'next')).filter((run) => run.id === runId);
    expect(claimed).toMatchObject({ owner: 'next', epoch: 3, crashes: 0 });
  });

  test('cancel ends a run, closes its open call and shuts its owner out', async () => {
    const { db } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    const call = {
      callId: 'c1',
      name: 'look-up',
      inputJson: '{"t":"\\u0000"}',
      toolId: null,
      toolVersion: 3,
      idempotent: false,
    };
    const unit: JournalUnit = {
      ...unitOf({ runId, owner: 'p1', epoch: 1, seq: 1 }),
      entries: [
        modelEntry(1, 'calling'),
        { seq: 2, step: 2, type: 'tool', state: 'started', data: call },
      ],
    };
    await commitUnits(db, [unit]);
    const request = { scope: [agent.workspaceId], id: runId, error: 'Cancelled by Ann.' };
    expect(
      await cancelRunRow(db, { ...request, scope: ['other'], unitId: newId('unit') }),
    ).toBeNull();
    const cancelled = await cancelRunRow(db, { ...request, unitId: newId('unit') });
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      owner: null,
      epoch: 2,
      lastSeq: 4,
      error: 'Cancelled by Ann.',
    });
    const entries = await readJournal(db, runId);
    expect(entries.slice(2)).toMatchObject([
      {
        seq: 3,
        step: 2,
        type: 'tool',
        state: 'cancelled',
        data: { callId: 'c1', inputJson: '{"t":"\\u0000"}', toolVersion: 3 },
      },
      { seq: 4, step: 4, type: 'end', state: 'cancelled', data: { stopReason: 'cancelled' } },
    ]);
    expect(await commitUnits(db, [unitOf({ runId, owner: 'p1', epoch: 1, seq: 3 })])).toEqual([
      'lost',
    ]);
    expect(await cancelRunRow(db, { ...request, unitId: newId('unit') })).toBeNull();
  });

  test('cancel sees what the owner committed while it waited for the lock', async () => {
    const { db, settings } = test_;
    const runId = await insertRunRow(db, { ...agent, owner: 'p1' });
    await using owner = await openDatabase(settings).connect();
    await owner.execute('BEGIN');
    await commitUnits(owner, [unitOf({ runId, owner: 'p1', epoch: 1, seq: 1 })]);
    const cancelling = cancelRunRow(db, {
      scope: 'all',
      id: runId,
      error: 'Stop.',
      unitId: newId('unit'),
    });
    await until(async () => (await waitingForLocks(owner)) > 0);
    await owner.execute('COMMIT');
    expect(await cancelling).toMatchObject({ status: 'cancelled', lastSeq: 2 });
    expect((await readJournal(db, runId)).map((entry) => entry.type)).toEqual(['model', 'end']);
  });
});

describe('a stale writer', () => {
  test.each([
    ['any plans', { max: 10 }],
    ['the plans of production', { ...writingOptions, max: 10 }],
  ])('never lands a step after an adoption, in 300 races by %s', async (_, options) => {
    await using db = openDatabase(test_.settings, options);
    const figures = await raceAdoptions(db, { races: 300, random: seededRandom(1) });
    expect(figures).toMatchObject({ races: 300, staleSteps: 0, wrongAnswers: 0 });
    expect(figures.writerFirst).toBeGreaterThan(0);
    expect(figures.adopterFirst).toBeGreaterThan(0);
  });
});

test('batches over the same runs in opposite orders never wait for one another in a circle', async () => {
  await using db = openDatabase(test_.settings, writingOptions);
  const runIds = await Promise.all(
    Array.from({ length: 40 }, () => insertRunRow(db, { ...agent, owner: 'p1' })),
  );
  const random = seededRandom(3);
  for (let seq = 1; seq <= 30; seq++) {
    const batch = () =>
      runIds
        .map((runId) => ({ runId, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ runId }) => unitOf({ runId, owner: 'p1', epoch: 1, seq }));
    const [first, second] = await Promise.all([commitUnits(db, batch()), commitUnits(db, batch())]);
    // Each run has one winner, and its unit is whole.
    expect([...first, ...second].filter((said) => said === 'committed')).toHaveLength(40);
  }
});

async function waitingForLocks(db: Parameters<typeof commitUnits>[0]): Promise<number> {
  const rows = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return rows[0]?.n ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
