import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent } from '../../test/support/engine.ts';
import {
  createLedger,
  type EngineProcess,
  eventually,
  isFrozen,
  queueRuns,
  startEngineProcess,
} from '../../test/support/engine-process.ts';
import type { Run } from '../core/run.ts';
import { stepsOf } from '../runs/steps.ts';
import { readJournal } from '../store/journal.ts';
import { getRun, getRuns } from '../store/runs.ts';

// Several real processes on one database, with a tenth of the usual times.

let database: TestDatabase;
let agent: { readonly workspaceId: string; readonly agentId: string };
beforeEach(async () => {
  database = await createTestDatabase();
  await createLedger(database.db);
  agent = await insertAgent(database.db);
});
afterEach(() => database[Symbol.asyncDispose]());

const queue = (n: number, model: string) =>
  queueRuns(database.db, { agent, n, model: `scripted/${model}` });
const start = (name: string, how?: 'freeze' | 'patient') =>
  startEngineProcess({ url: database.url, name, ...(how === undefined ? {} : { how }) });
const runOf = async (id: string): Promise<Run> => {
  const run = await getRun(database.db, 'all', id);
  if (run === null) throw new Error(`no run ${id}`);
  return run;
};
const count = async (where: string): Promise<number> => {
  const rows = await database.db.query<{ n: number }>(`SELECT count(*) AS n FROM ${where}`);
  return rows[0]?.n ?? 0;
};
const open = `runs WHERE status NOT IN ('completed', 'failed', 'cancelled')`;
const allEnded = (patienceMs?: number) =>
  eventually(async () => (await count(open)) === 0, patienceMs);
const ledger = (tool: string) =>
  database.db.query<{ key: string; pid: number }>({
    text: 'SELECT key, pid FROM ledger WHERE tool = $1',
    values: [tool],
  });

describe('two processes on one database', () => {
  test('share what is queued, and call every tool once', async () => {
    await using one = await start('one', 'patient');
    await using two = await start('two', 'patient');
    const ids = await queue(400, 'note');
    await allEnded();
    const notes = await ledger('note');
    expect(new Set(notes.map((note) => note.key)).size).toBe(ids.length);
    expect(notes).toHaveLength(ids.length);
    const byProcess = Map.groupBy(notes, (note) => note.pid);
    expect([...byProcess.keys()].sort()).toEqual([one.pid, two.pid].sort());
    expect(Math.min(...[...byProcess.values()].map((of) => of.length))).toBeGreaterThan(40);
  });

  test('the other goes on with the runs of one that is killed', async () => {
    await using one = await start('one');
    const ids = await queue(20, 'hold');
    await eventually(async () => (await count('ledger')) === 20);
    await using two = await start('two');
    one.signal('SIGKILL');
    await allEnded();
    expect(two.isRunning()).toBe(true);
    const runs = await Promise.all(ids.map(runOf));
    expect(runs.every((run) => run.status === 'completed')).toBe(true);
    expect(await ledger('hold')).toHaveLength(20);
    expect(await count('processes')).toBe(1);
  });

  test('the other takes over at once, without a crash counted, when one is stopped in order', async () => {
    await using one = await start('one', 'patient');
    const ids = await queue(20, 'hold');
    await eventually(async () => (await count('ledger')) === 20);
    one.signal('SIGTERM');
    await one.exited;
    const rows = await database.db.query(
      `SELECT DISTINCT owner, crashes, lost_attempts FROM runs WHERE wake_at <= now()`,
    );
    expect(rows).toEqual([{ owner: null, crashes: 0, lost_attempts: 1 }]);
    await using _two = await start('two', 'patient');
    await allEnded();
    const runs = await Promise.all(ids.map(runOf));
    expect(runs.every((run) => run.status === 'completed')).toBe(true);
  });
});

test('a frozen process that wakes before its tool starts does not start it', async () => {
  await using frozen = await start('frozen', 'freeze');
  const [id = ''] = await queue(1, 'note');
  await eventually(() => isFrozen(frozen.pid));
  await using _other = await start('other');
  await allEnded();
  expect(await runOf(id)).toMatchObject({ status: 'completed', epoch: 4 });
  expect(await ledger('note')).toEqual([]);
  frozen.signal('SIGCONT');
  // It finds itself declared dead, and goes on as a new incarnation.
  await eventually(async () => (await count('processes')) === 2);
  expect(await ledger('note')).toEqual([]);
  const steps = stepsOf(id, await readJournal(database.db, id));
  expect(steps.map((step) => step.status)).toEqual(['done', 'interrupted', 'done']);
  // The new incarnation drives runs as the old one did.
  await eventually(async () => {
    await queue(5, 'note');
    return (await ledger('note')).some((note) => note.pid === frozen.pid);
  });
});

describe('a poison run', () => {
  /** A process that is started again whenever it dies, as a service manager does. */
  async function supervised(until: () => Promise<void>): Promise<number> {
    let starts = 0;
    let isOver = false;
    let current: EngineProcess | null = null;
    const supervising = (async () => {
      while (!isOver) {
        starts += 1;
        current = await start('server');
        await current.exited;
      }
    })();
    try {
      await until();
    } finally {
      isOver = true;
      await (current as EngineProcess | null)?.[Symbol.asyncDispose]();
      await supervising;
    }
    return starts;
  }

  test('fails alone; a thousand innocent ones beside it complete', async () => {
    const before = await queue(500, 'note');
    const [poison = ''] = await queue(1, 'poison');
    const innocent = [...before, ...(await queue(500, 'note'))];
    const starts = await supervised(() => allEnded(60_000));
    const run = await runOf(poison);
    expect(run).toMatchObject({ status: 'failed', stopReason: 'poison', strikes: 3 });
    expect(run.error).toContain('3 times in a row at the same step');
    const runs = await getRuns(database.db, innocent);
    expect(runs.filter((one) => one?.status !== 'completed')).toEqual([]);
    // Twice it took the server with it; then it was alone, three times.
    expect(starts).toBe(3);
    expect(await ledger('poison')).toHaveLength(5);
    const steps = stepsOf(poison, await readJournal(database.db, poison));
    expect(steps.map((step) => step.status)).toEqual(['done', 'interrupted']);
  }, 90_000);
});
