import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { queueRuns } from '../../test/support/engine-process.ts';
import { insertAgentRow } from '../../test/support/runs.ts';
import { newId } from '../core/ids.ts';
import { forgetProcesses, registerProcess } from './processes.ts';
import { repeatWakes } from './run-wakes.ts';
import { getRun } from './runs.ts';
import { takeRun } from './take-run.ts';
import { wakeRun } from './wake.ts';

let database: TestDatabase;
let agent: { readonly workspaceId: string; readonly agentId: string };
beforeAll(async () => {
  database = await createTestDatabase();
  agent = await insertAgentRow(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());

const queue = async (engine: 'local' | 'temporal') => {
  const [id = ''] = await queueRuns(database.db, { agent, n: 1, engine });
  return id;
};
const runOf = async (id: string) => {
  const run = await getRun(database.db, 'all', id);
  if (run === null) throw new Error(`no run ${id}`);
  return run;
};

test('the release before claims its own runs by an index, and none of a cluster', async () => {
  const { db } = database;
  const [own, ofCluster] = [await queue('local'), await queue('temporal')];
  const owner = newId('process');
  // As it registered and claimed.
  await db.execute({
    text: 'INSERT INTO processes (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
    values: [owner, owner],
  });
  const claim = `
    UPDATE runs SET owner = $1, epoch = epoch + 1, status = 'running', wake_at = NULL,
      started_at = coalesce(started_at, clock_timestamp())
    WHERE id IN (
      SELECT id FROM runs WHERE id = ANY ($2) AND owner IS NULL AND wake_at <= now()
      ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id`;
  const taken = await db.query({ text: claim, values: [owner, [own, ofCluster]] });
  expect(taken).toEqual([{ id: own }]);
  expect(await runOf(ofCluster)).toMatchObject({ status: 'accepted', owner: null });
  const indexes = await db.query<{ name: string }>(
    `SELECT indexname AS name FROM pg_indexes WHERE tablename = 'runs' AND indexname LIKE '%queue'`,
  );
  expect(indexes.map(({ name }) => name).sort()).toEqual(['runs_local_queue', 'runs_queue']);
});

test('a run of a cluster is taken by a member of it that lives, and by no other', async () => {
  const { db } = database;
  const id = await queue('temporal');
  const { runId } = await runOf(id);
  const owner = newId('process');
  const request = { runId, owner, engineRunId: 'of-a-test', maxRunningPerWorkspace: null };
  await registerProcess(db, { id: owner, name: owner, engine: 'temporal' });
  await forgetProcesses(db, [owner]);
  expect(await takeRun(db, request)).toEqual({ kind: 'no_room' });
  await registerProcess(db, { id: owner, name: owner, engine: 'temporal' });
  expect(await takeRun(db, request)).toMatchObject({ kind: 'taken', run: { id, owner } });
});

test('a paused run is not taken, and waits until it is woken', async () => {
  const { db } = database;
  const id = await queue('temporal');
  const { runId } = await runOf(id);
  await db.execute({ text: 'UPDATE runs SET wake_at = NULL WHERE id = $1', values: [id] });
  const owner = newId('process');
  await registerProcess(db, { id: owner, name: owner, engine: 'temporal' });
  const request = { runId, owner, engineRunId: 'of-a-test', maxRunningPerWorkspace: null };
  expect(await takeRun(db, request)).toEqual({ kind: 'at_rest', forMs: null });
  expect(await runOf(id)).toMatchObject({ status: 'accepted', owner: null });
});

test('every waiting run that is woken is told of, whichever way its time was rounded', async () => {
  const { db } = database;
  const ids = await queueRuns(db, { agent, n: 40, engine: 'temporal' });
  const waits = `UPDATE runs SET status = 'waiting', wake_at = clock_timestamp() + interval '1 day' WHERE id = ANY ($1)`;
  await db.execute({ text: waits, values: [ids] });
  await db.execute({ text: 'DELETE FROM run_wakes WHERE run_id = ANY ($1)', values: [ids] });
  for (const id of ids) expect(await wakeRun(db, id)).toBe(true);
  const told = await db.query<{ n: number }>({
    text: 'SELECT count(DISTINCT run_id)::int AS n FROM run_wakes WHERE run_id = ANY ($1)',
    values: [ids],
  });
  expect(told).toEqual([{ n: 40 }]);
});

test('a run that is overdue and driven by nobody is told of again, once, and what tells of no run is dropped', async () => {
  const { db } = database;
  const overdueMs = 600_000;
  const long = `clock_timestamp() - interval '11 minutes'`;
  const [lost = '', local = '', told = '', recent = '', driven = ''] = [
    await queue('temporal'),
    await queue('local'),
    ...(await queueRuns(db, { agent, n: 3, engine: 'temporal' })),
  ];
  await db.execute(
    `UPDATE runs SET wake_at = ${long} WHERE id IN ('${lost}', '${local}', '${told}', '${driven}')`,
  );
  const owner = newId('process');
  await registerProcess(db, { id: owner, name: owner, engine: 'temporal' });
  await db.execute({ text: 'UPDATE runs SET owner = $1 WHERE id = $2', values: [owner, driven] });
  await db.execute({ text: 'DELETE FROM run_wakes WHERE run_id <> $1', values: [told] });
  await db.execute(`INSERT INTO run_wakes (run_id) VALUES ('gone')`);
  const wakes = async () => {
    const rows = await db.query<{ run_id: string }>('SELECT run_id FROM run_wakes ORDER BY run_id');
    return rows.map(({ run_id }) => run_id);
  };
  expect(await repeatWakes(db, overdueMs)).toBe(1);
  expect(new Set(await wakes())).toEqual(new Set([lost, told]));
  expect(await wakes()).not.toContain(recent);
  expect(await repeatWakes(db, overdueMs)).toBe(0);
});
