import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  mortalDatabase,
  startTestEngine,
} from '../../test/support/engine.ts';
import { eventually, queueRuns } from '../../test/support/engine-process.ts';
import { insertRunRow } from '../../test/support/runs.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { newId } from '../core/ids.ts';
import { stepsOf } from '../runs/steps.ts';
import { readJournal } from '../store/journal.ts';
import { forgetProcesses, registerProcess } from '../store/processes.ts';
import { getRun } from '../store/runs.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

const quick = { beatMs: 20, lapseMs: 200, deadAfterMs: 300 };
const finish = { test: { turns: [finishTurn()] } };
const processIds = async () => {
  const rows = await database.db.query<{ id: string }>('SELECT id FROM processes');
  return rows.map((row) => row.id);
};
/** The sessions that hold a process name: each is another one after its connection was cut. */
const nameHolders = async () => {
  const rows = await database.db.query<{ pid: number }>(
    `SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
     WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()`,
  );
  return rows.map((row) => row.pid);
};
const killSessions = () =>
  database.db.execute(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );

describe('a process without an acknowledged beat', () => {
  test('aborts what runs, starts nothing, and goes on when the beat is back', async () => {
    const { db } = database;
    let ahead = 0;
    let calls = 0;
    const began = Promise.withResolvers<void>();
    const slow = functionTool(
      'slow',
      async (_, { signal }) => {
        calls += 1;
        if (calls > 1) return;
        began.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      { idempotent: true },
    );
    let mayBeat = true;
    const waiting: (() => void)[] = [];
    // The beat's answer is held back, as by a database that hangs; everything else is answered.
    const hanging: typeof db = {
      ...mortalDatabase(db).db,
      execute: async (statement) => {
        const isBeat = typeof statement !== 'string' && statement.name === 'process-beat';
        if (isBeat && !mayBeat) await new Promise<void>((resolve) => waiting.push(resolve));
        return await db.execute(statement);
      },
    };
    await using engine = await startTestEngine({
      db: hanging,
      scripts: { test: { turns: [callTurn('slow'), finishTurn()] } },
      tools: [slow],
      options: {
        ...quick,
        lapseMs: 5_000,
        deadAfterMs: 10_000,
        now: () => performance.now() + ahead,
      },
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const id = await engine.dispatch(agentId);
    await began.promise;
    mayBeat = false;
    await eventually(() => waiting.length > 0);
    ahead = 5_000;
    await eventually(() => engine.engine.size === 0);
    expect(engine.engine.isAlive).toBe(false);
    expect(
      engine.engine.ownerForNewRun({ id: 'x', workspaceId: 'y', isLimited: false }),
    ).toBeNull();
    expect(await getRun(db, 'all', id)).toMatchObject({ status: 'running', crashes: 0, epoch: 1 });
    mayBeat = true;
    for (const answer of waiting) answer();
    expect(await engine.ended(id)).toMatchObject({ status: 'completed', epoch: 3 });
    const steps = stepsOf(id, await readJournal(db, id));
    expect(steps.map((step) => [step.status, step.attempts])).toEqual([
      ['done', 1],
      ['done', 2],
      ['done', 1],
    ]);
  });
});

describe('an old incarnation', () => {
  test('that returns after it was declared dead writes nothing, and goes on as a new one', async () => {
    const { db } = database;
    const began = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let isFirst = true;
    const hold = functionTool(
      'hold',
      async () => {
        if (!isFirst) return 'second';
        isFirst = false;
        began.resolve();
        await release.promise;
        return 'first';
      },
      { idempotent: true },
    );
    const scripts = { test: { turns: [callTurn('hold'), finishTurn()] } };
    await using engine = await startTestEngine({
      db,
      scripts,
      tools: [hold],
      options: { beatMs: 50 },
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const id = await engine.dispatch(agentId);
    await began.promise;
    const [old = ''] = await processIds();
    // Another process has seen its beat stand still.
    await db.execute({ text: 'DELETE FROM processes WHERE id = $1', values: [old] });
    expect(await engine.ended(id)).toMatchObject({ status: 'completed', crashes: 0 });
    release.resolve();
    const entries = await readJournal(db, id);
    expect(JSON.stringify(entries)).toContain('second');
    expect(JSON.stringify(entries)).not.toContain('first');
    const now = await processIds();
    expect(now).toHaveLength(1);
    expect(now).not.toContain(old);
  });
});

describe('a dead process', () => {
  test('that crashed before the first step of a run loses nothing', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    const id = await insertRunRow(db, { ...agent, owner: 'one that is gone' });
    await using engine = await startTestEngine({ db, scripts: finish, options: quick });
    await engine.start();
    expect(await engine.ended(id)).toMatchObject({ status: 'completed', epoch: 3 });
    const steps = stepsOf(id, await readJournal(db, id));
    expect(steps.map((step) => step.status)).toEqual(['lost', 'done']);
  });

  test('gives its runs to its next start, also where a statement of its own stands in the way', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    const dead = { id: newId('process'), name: 'restarted/0' };
    await registerProcess(db, dead);
    const id = await insertRunRow(db, { ...agent, owner: dead.id });
    let circles = 2;
    const contended: typeof db = {
      ...mortalDatabase(db).db,
      transaction: (work, options) =>
        db.transaction(async (tx) => {
          const result = await work(tx);
          if (options?.lockTimeoutMs === undefined || circles === 0) return result;
          circles -= 1;
          throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
        }, options),
    };
    await using engine = await startTestEngine({
      db: contended,
      scripts: finish,
      processName: 'restarted',
      options: quick,
    });
    await engine.start();
    expect(circles).toBe(0);
    expect(await engine.ended(id)).toMatchObject({ status: 'completed', epoch: 2 });
  });

  test('is found by its beat, and its runs go on elsewhere', async () => {
    const { db } = database;
    const mortal = mortalDatabase(db);
    const began = Promise.withResolvers<void>();
    let isFirst = true;
    const hold = functionTool(
      'hold',
      async () => {
        if (!isFirst) return;
        isFirst = false;
        began.resolve();
        await new Promise(() => {});
      },
      { idempotent: true },
    );
    const scripts = { test: { turns: [callTurn('hold'), finishTurn()] } };
    const given = { scripts, tools: [hold], options: quick };
    const dead = await startTestEngine({ db: mortal.db, ...given });
    await dead.start();
    const { agentId } = await insertAgent(db);
    const id = await dead.dispatch(agentId);
    await began.promise;
    await mortal.kill();
    await using engine = await startTestEngine({ db, ...given });
    await engine.start();
    expect(await engine.ended(id)).toMatchObject({ status: 'completed' });
  });
});

describe('a restart of the database', () => {
  test('during an adoption loses no run and counts no crash twice', async () => {
    const { db } = database;
    const agent = await insertAgent(db);
    const dying = { id: newId('process'), name: 'dying' };
    await registerProcess(db, dying);
    const ids = await Promise.all(
      Array.from({ length: 200 }, () => insertRunRow(db, { ...agent, owner: dying.id })),
    );
    await using engine = await startTestEngine({ db, scripts: finish, options: { beatMs: 20 } });
    await engine.start();
    await forgetProcesses(db, [dying.id]);
    for (let cut = 0; cut < 6; cut++) {
      await killSessions().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const runs = await Promise.all(ids.map((id) => engine.ended(id)));
    expect(runs.every((run) => run.status === 'completed')).toBe(true);
    const lost = await db.query<{ most: number }>(
      `SELECT max(n) AS most FROM (SELECT count(*) AS n FROM journal WHERE state = 'lost' GROUP BY run_id) l`,
    );
    expect(lost[0]?.most).toBe(1);
  });

  test('leaves a process its name, and what is dispatched after it is driven', async () => {
    const { db } = database;
    await using engine = await startTestEngine({ db, scripts: finish, options: { beatMs: 20 } });
    await engine.start();
    const before = await nameHolders();
    await killSessions();
    await eventually(async () => {
      const [holder, ...others] = await nameHolders();
      return holder !== undefined && others.length === 0 && !before.includes(holder);
    });
    await eventually(() => engine.engine.isAlive);
    const agent = await insertAgent(db);
    await queueRuns(db, { agent, n: 3 });
    const id = await engine.dispatch(agent.agentId);
    expect(await engine.ended(id)).toMatchObject({ status: 'completed' });
    expect(await processIds()).toHaveLength(1);
  });
});

test('a run that is created for this process has its place, and is foreseen, until it ends or is not its own', async () => {
  const { db } = database;
  const foreseen = new Set<string>();
  await using engine = await startTestEngine({
    db,
    scripts: { test: { turns: [finishTurn()] } },
    options: {
      foresight: {
        foresee: ({ id }) => foreseen.add(id),
        forget: (id) => foreseen.delete(id),
      },
    },
  });
  await engine.start();
  const local = engine.engine;
  const { agentId, workspaceId } = await insertAgent(db);
  const id = await engine.dispatch(agentId);
  const run = await engine.ended(id);
  await eventually(() => local.size === 0);
  expect([...foreseen]).toEqual([]);

  const create = (of: string) => local.ownerForNewRun({ id: of, workspaceId, isLimited: false });
  const owner = create('refused');
  expect([...foreseen]).toEqual(['refused']);
  local.notCreated('refused');
  expect(create('late')).toBe(owner);
  local.wake({ ...run, id: 'late', owner: newId('process') });
  expect({ size: local.size, foreseen: [...foreseen] }).toEqual({ size: 0, foreseen: [] });
});
