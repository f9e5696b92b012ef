import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { queueRuns } from '../../test/support/engine-process.ts';
import { insertAgentRow } from '../../test/support/runs.ts';
import { newId } from '../core/ids.ts';
import { forgetProcesses, registerProcess } from './processes.ts';
import { getRun } from './runs.ts';
import { takeRun } from './take-run.ts';

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
