import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgentRow, insertRunRow, unitOf } from '../../test/support/runs.ts';
import { newId } from '../core/ids.ts';
import { failedOutcome } from '../runs/outcome.ts';
import { cancelRunRow } from './cancel.ts';
import { failOwnedRun } from './fail-run.ts';
import { readJournal } from './journal.ts';
import { commitUnits } from './journal-writer.ts';
import { handBackRuns, listDeadOwners, releaseDeadRuns, takeFromCrashed } from './ownership.ts';
import { beatProcess, declareDead, listBeats, registerProcess } from './processes.ts';
import { getRun } from './runs.ts';

let database: TestDatabase;
let agent: { readonly workspaceId: string; readonly agentId: string };
beforeAll(async () => {
  database = await createTestDatabase({ max: 12 });
  agent = await insertAgentRow(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());

const newRun = (owner: string) => insertRunRow(database.db, { ...agent, owner });
const runOf = (id: string) => getRun(database.db, 'all', id);
const endOf = (runId: string, owner: string) => ({
  ...unitOf({ runId, owner, epoch: 1, seq: 1 }),
  next: { kind: 'end', outcome: { ...failedOutcome('failed', ''), status: 'completed' } } as const,
});

describe('a process', () => {
  test('that beats between the look and the verdict is not declared dead', async () => {
    const { db } = database;
    const id = newId('process');
    await registerProcess(db, { id, name: id });
    const seen = (await listBeats(db)).find((beat) => beat.id === id);
    if (seen === undefined) throw new Error('not listed');
    expect(await beatProcess(db, id)).toBe(true);
    expect(await declareDead(db, seen)).toBe(false);
    expect(await declareDead(db, { id, beat: seen.beat + 1 })).toBe(true);
    expect(await beatProcess(db, id)).toBe(false);
  });

  test('keeps its runs from a stale adopter that took it for dead', async () => {
    const { db } = database;
    const owner = newId('process');
    const run = await newRun(owner);
    const dead = await listDeadOwners(db);
    expect(dead).toContain(owner);
    // It registers after the look: the adopter's list is stale by now.
    await registerProcess(db, { id: owner, name: owner });
    expect(await releaseDeadRuns(db, { from: [owner], limit: 10 })).toBe(0);
    expect(await runOf(run)).toMatchObject({ owner, epoch: 1, crashes: 0 });
  });
});

describe('a run of a dead process', () => {
  test('is released once, however many observers do it at once', async () => {
    const { db } = database;
    const owner = newId('process');
    const runs = await Promise.all(Array.from({ length: 50 }, () => newRun(owner)));
    const released = await Promise.all(
      Array.from({ length: 6 }, () => releaseDeadRuns(db, { from: [owner], limit: 1_000 })),
    );
    expect(released.reduce((sum, n) => sum + n, 0)).toBe(50);
    for (const id of runs) {
      expect(await runOf(id)).toMatchObject({ owner: null, epoch: 2, crashes: 1, lostAttempts: 1 });
    }
  });

  test('that has succeeded just before stays a success', async () => {
    const { db } = database;
    for (let race = 0; race < 40; race++) {
      const owner = newId('process');
      const id = await newRun(owner);
      const work = [
        () => commitUnits(db, [endOf(id, owner)]),
        () => releaseDeadRuns(db, { from: [owner], limit: 10 }),
      ];
      if (race % 2 === 0) work.reverse();
      const outcomes = await Promise.all(work.map((one) => one()));
      const written = outcomes.some(
        (outcome) => Array.isArray(outcome) && outcome[0] === 'committed',
      );
      expect(await runOf(id)).toMatchObject(
        written
          ? { status: 'completed', owner: null, crashes: 0, epoch: 1, wakeAt: null }
          : { status: 'running', owner: null, crashes: 1, epoch: 2 },
      );
    }
  });

  test('that is cancelled during its adoption stays cancelled', async () => {
    const { db } = database;
    for (let race = 0; race < 40; race++) {
      const owner = newId('process');
      const id = await newRun(owner);
      const cancel = { scope: 'all' as const, id, error: 'Cancelled.', unitId: newId('unit') };
      const work = [
        () => cancelRunRow(db, cancel),
        () => releaseDeadRuns(db, { from: [owner], limit: 10 }),
      ];
      if (race % 2 === 0) work.reverse();
      await Promise.all(work.map((one) => one()));
      expect(await runOf(id)).toMatchObject({ status: 'cancelled', owner: null, wakeAt: null });
      expect((await readJournal(db, id)).map((entry) => entry.state)).toEqual(['cancelled']);
    }
  });
});

describe('a change of hands', () => {
  test('hands back only what the owner still has, at its place by age', async () => {
    const { db } = database;
    const [inFlight, atRest] = [await newRun('me'), await newRun('me')];
    const other = await newRun('somebody else');
    const resting = [
      { id: other, owner: 'me', epoch: 1, inFlight: true },
      { id: inFlight, owner: 'me', epoch: 1, inFlight: true },
      { id: atRest, owner: 'me', epoch: 1 },
    ];
    expect(await handBackRuns(db, resting)).toBe(2);
    const run = await runOf(inFlight);
    expect(run).toMatchObject({ owner: null, epoch: 2, crashes: 0, lostAttempts: 1 });
    expect(run?.wakeAt).toEqual(run?.createdAt);
    expect(await runOf(atRest)).toMatchObject({ owner: null, epoch: 2, lostAttempts: 0 });
    expect(await runOf(other)).toMatchObject({ owner: 'somebody else', epoch: 1 });
  });

  test('hands back nothing that was claimed again since it came to rest', async () => {
    const { db } = database;
    const id = await newRun('me');
    const first = { id, owner: 'me', epoch: 1, inFlight: true };
    expect(await handBackRuns(db, [first])).toBe(1);
    await db.execute({
      text: "UPDATE runs SET owner = 'me', epoch = epoch + 1, wake_at = NULL WHERE id = $1",
      values: [id],
    });
    expect(await handBackRuns(db, [first])).toBe(0);
    expect(await runOf(id)).toMatchObject({ owner: 'me', epoch: 3, lostAttempts: 1 });
  });

  test('counts a strike for a crash of the process it was alone in', async () => {
    const { db } = database;
    const id = await newRun('child');
    const struck = await takeFromCrashed(db, { id, from: 'child', owner: 'parent' });
    expect(struck).toMatchObject({ owner: 'parent', epoch: 2, crashes: 1, strikes: 1 });
    expect(await takeFromCrashed(db, { id, from: 'child', owner: 'parent' })).toBeNull();
    await commitUnits(db, [unitOf({ runId: id, owner: 'parent', epoch: 2, seq: 1 })]);
    expect(await runOf(id)).toMatchObject({ crashes: 0, lostAttempts: 0, strikes: 0 });
  });

  test('fails a run without its journal in memory, and closes its open call', async () => {
    const { db } = database;
    const id = await newRun('parent');
    const started = {
      type: 'tool',
      state: 'started',
      data: {
        callId: 'c',
        name: 'pay',
        inputJson: '{}',
        toolId: null,
        toolVersion: null,
        idempotent: false,
      },
    } as const;
    const unit = unitOf({ runId: id, owner: 'parent', epoch: 1, seq: 1 });
    const entries = [...unit.entries, { ...started, seq: 2, step: 2 }];
    expect(await commitUnits(db, [{ ...unit, entries }])).toEqual(['committed']);
    const end = { id, owner: 'parent', stopReason: 'poison', error: 'No.' } as const;
    expect(await failOwnedRun(db, { ...end, epoch: 9, unitId: newId('unit') })).toBe(false);
    expect(await failOwnedRun(db, { ...end, epoch: 1, unitId: newId('unit') })).toBe(true);
    expect(await runOf(id)).toMatchObject({
      status: 'failed',
      stopReason: 'poison',
      owner: null,
      lastSeq: 4,
    });
    const states = (await readJournal(db, id)).map(({ seq, step, state }) => [seq, step, state]);
    expect(states).toEqual([
      [1, 1, 'done'],
      [2, 2, 'started'],
      [3, 2, 'interrupted'],
      [4, 4, 'failed'],
    ]);
  });
});
