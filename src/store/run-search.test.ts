import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgentRow, insertRunRow } from '../../test/support/runs.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { Page, PagePosition } from '../core/page.ts';
import type { Run, RunStatus } from '../core/run.ts';
import { deleteRuns } from './prune.ts';
import { copyAllSearched, copySearched } from './run-search.ts';
import { listRuns, type RunFilter } from './runs.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

type Filter = Omit<RunFilter, 'scope'>;

/** Ids of all pages, two runs each. */
async function search(scope: RunFilter['scope'], filter: Filter): Promise<string[]> {
  const ids: string[] = [];
  let after: PagePosition | null = null;
  do {
    const page: Page<Run> = await listRuns(database.db, { scope, ...filter }, { limit: 2, after });
    ids.push(...page.items.map((run) => run.id));
    after = page.next;
  } while (after !== null);
  return ids;
}

interface Kept {
  readonly id: string;
  readonly workspaceId: string;
  readonly ageS: number;
  text: string;
  cost: number;
  hasEnded: boolean;
}

async function insertRun(of: { workspaceId: string; agentId: string }, ageS: number) {
  const id = await insertRunRow(database.db, { ...of, owner: 'pr' });
  await database.db.execute({
    text: 'UPDATE runs SET created_at = clock_timestamp() - make_interval(secs => $2) WHERE id = $1',
    values: [id, ageS],
  });
  return id;
}

async function endRun(id: string, text: string, cost: number): Promise<void> {
  await database.db.execute({
    text: `UPDATE runs SET status = 'completed', owner = NULL, completed_at = clock_timestamp(), response = $2,
        cost_usd = $3 WHERE id = $1`,
    values: [id, text, cost],
  });
}

test.each([1, 2])(
  'a search gives the runs that hold the text or cost as much, copied or not (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const agents = [await insertAgentRow(database.db), await insertAgentRow(database.db)];
    const kept: Kept[] = [];
    const words = ['Needle', 'hay', '100%', 'a_b', 'né'];
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 6; n++) {
        const of = pick(agents);
        // Newer than those before it, as runs are; the last ones too new to be copied.
        const ageS = (4 - round) * 100 - n * 15 - (round === 3 ? 25 : 0);
        const id = await insertRun(of, ageS);
        const run = { id, workspaceId: of.workspaceId, ageS, text: '', cost: 0, hasEnded: false };
        kept.push(run);
      }
      for (const run of kept.filter((each) => !each.hasEnded && random() < 0.6)) {
        Object.assign(run, { text: `so ${pick(words)} it is`, cost: pick([0, 0.1, 2]) });
        run.hasEnded = true;
        await endRun(run.id, run.text, run.cost);
      }
      if (random() < 0.7) await copySearched(database.db, 3);
      if (round === 2) await copyAllSearched(database.db);
      const { workspaceId } = pick(agents);
      for (const scope of [[workspaceId], agents.map((agent) => agent.workspaceId)]) {
        const expected = (wanted: (run: Kept) => boolean) =>
          kept
            .filter((run) => scope.includes(run.workspaceId) && wanted(run))
            .sort((a, b) => a.ageS - b.ageS)
            .map((run) => run.id);
        for (const word of [...words, 'nobody', 'o']) {
          const holds = (run: Kept) => run.text.toLowerCase().includes(word.toLowerCase());
          expect(await search(scope, { text: word.toUpperCase() })).toEqual(expected(holds));
          const both = { text: word, minCostUsd: 0.1 };
          expect(await search(scope, both)).toEqual(
            expected((run) => holds(run) && run.cost >= 0.1),
          );
        }
        const ended: readonly RunStatus[] = ['completed'];
        expect(await search(scope, { minCostUsd: 0.1, statuses: ended })).toEqual(
          expected((run) => run.cost >= 0.1),
        );
        expect(await search(scope, { minCostUsd: 0 })).toEqual(expected(() => true));
      }
    }
  },
  60_000,
);

test('runs that are created after the clock was set back are found', async () => {
  const of = await insertAgentRow(database.db);
  const { db } = database;
  const newest = await insertRun(of, 60);
  await endRun(newest, 'from before', 0);
  await copyAllSearched(db);
  // As if the clock had said more when it was last looked at than it says now.
  await db.execute({
    text: `UPDATE run_search_marks SET seen_at = seen_at + interval '1 hour',
        created_at = clock_timestamp() + interval '1 hour' WHERE workspace_id = $1`,
    values: [of.workspaceId],
  });
  await copyAllSearched(db);
  const later = await insertRun(of, 0);
  await endRun(later, 'from after', 0);
  expect(await search([of.workspaceId], { text: 'FROM ' })).toEqual([later, newest]);
});

test('after a crash, which empties the copies, everything is found and copied again', async () => {
  const of = await insertAgentRow(database.db);
  const { db } = database;
  const id = await insertRun(of, 60);
  await endRun(id, 'still here', 0);
  await copyAllSearched(db);
  await db.execute('TRUNCATE run_search, run_search_marks');
  expect(await search([of.workspaceId], { text: 'still' })).toEqual([id]);
  await copyAllSearched(db);
  const copied = await db.query({
    text: 'SELECT FROM run_search WHERE run_id = $1 AND text IS NOT NULL',
    values: [id],
  });
  expect(copied).toHaveLength(1);
  expect(await search([of.workspaceId], { text: 'still' })).toEqual([id]);
});

test('no copy is made of a run that is being removed', async () => {
  const of = await insertAgentRow(database.db);
  const { db } = database;
  const id = await insertRun(of, 60);
  await endRun(id, 'gone soon', 0);
  let copying: Promise<void> = Promise.resolve();
  await db.transaction(async (tx) => {
    await deleteRuns(tx, [id]);
    let isCopied = false;
    copying = copyAllSearched(db).then(() => {
      isCopied = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isCopied).toBe(false);
  });
  await copying;
  const copies = await db.query({
    text: 'SELECT FROM run_search WHERE run_id = $1 UNION ALL SELECT FROM run_figures WHERE run_id = $1',
    values: [id],
  });
  expect(copies).toEqual([]);
});

test('a text with a NUL is looked for as any other', async () => {
  const of = await insertAgentRow(database.db);
  expect(await search([of.workspaceId], { text: 'a\u0000b' })).toEqual([]);
});

/** Ended runs of a workspace of their own, a second apart up to two minutes ago, with the texts that `textSql` makes of `n`. */
async function insertMany(count: number, textSql: string): Promise<string> {
  const { workspaceId, agentId } = await insertAgentRow(database.db);
  const like = await insertRunRow(database.db, { workspaceId, agentId, owner: 'pr' });
  await database.db.execute({
    text: `INSERT INTO runs (id, run_id, workspace_id, agent_id, lane, agent_version, payload, model, trace_id,
          status, response, created_at, completed_at)
        SELECT 'ar' || substr(md5($1 || n), 1, 30), 'run_' || md5($1 || n), workspace_id, agent_id, lane,
          agent_version, payload, model, trace_id, 'completed', ${textSql}, at, at
        FROM runs, generate_series(1, $2::int) AS n,
          LATERAL (SELECT clock_timestamp() - make_interval(secs => 120 + $2 - n) AS at) AS times
        WHERE id = $1`,
    values: [like, count],
  });
  await database.db.execute({ text: 'DELETE FROM runs WHERE id = $1', values: [like] });
  return workspaceId;
}

const manyRuns = 20_000;

async function copyMany(): Promise<void> {
  while ((await copySearched(database.db, 10 * manyRuns)) > 0);
}

test('a page of what many copies hold is found in the parts that are next to it, and is the same', async () => {
  const { db } = database;
  const workspaceId = await insertMany(
    manyRuns,
    `CASE WHEN n % 300 = 0 OR n < 3000 AND n % 50 = 0 THEN 'a needle' ELSE 'hay' END`,
  );
  // Old, and not ended when it is passed: on a page before many that are newer, or after them.
  await db.execute({
    text: `UPDATE runs SET status = 'running', completed_at = NULL WHERE workspace_id = $1
        AND id IN (SELECT id FROM runs WHERE workspace_id = $1 AND response = 'a needle' ORDER BY created_at LIMIT 3)`,
    values: [workspaceId],
  });
  await db.execute('ANALYZE runs');
  await copyMany();
  await db.execute('ANALYZE run_search');
  const expected = await db.query<{ id: string }>({
    text: `SELECT id FROM runs WHERE workspace_id = $1 AND response = 'a needle' ORDER BY created_at DESC, id DESC`,
    values: [workspaceId],
  });
  expect(expected.length).toBeGreaterThan(100);
  const looks: string[] = [];
  const watched: Pick<typeof db, 'query'> = {
    query: (statement) => {
      const text = typeof statement === 'string' ? statement : statement.text;
      if (text.includes('FROM runs r'))
        looks.push(text.includes('FROM run_search') ? 'all' : 'found');
      return db.query(statement);
    },
  };
  const seen = async (limit: number) => {
    const ids: string[] = [];
    let after: PagePosition | null = null;
    do {
      const filter = { scope: [workspaceId], text: 'NEEDLE' };
      const page: Page<Run> = await listRuns(watched, filter, { limit, after });
      ids.push(...page.items.map((run) => run.id));
      after = page.next;
    } while (after !== null);
    return ids;
  };
  const ids = expected.map(({ id }) => id);
  expect(await seen(7)).toEqual(ids);
  // The second page ends in the second part, which has none but the first before it.
  expect(looks.slice(0, 3)).toEqual(['found', 'found', 'all']);
  // More than the two newest parts hold, less than they and the runs that have not ended.
  const inNewest = ids.slice(0, -3).filter((_, at) => at < (manyRuns - 8_192) / 300).length;
  expect(await seen(inNewest + 1)).toEqual(ids);

  // Of what was found, two go before they are read.
  const removing: Pick<typeof db, 'query'> = {
    query: async (statement) => {
      const rows = await db.query(statement);
      const text = typeof statement === 'string' ? statement : statement.text;
      if (text.includes('f.found')) {
        await db.transaction((tx) => deleteRuns(tx, ids.splice(3, 2)));
      }
      return rows as never;
    },
  };
  const filter = { scope: [workspaceId], text: 'needle' };
  const page = await listRuns(removing, filter, { limit: 7, after: null });
  expect(page.items.map((run) => run.id)).toEqual(ids.slice(0, 7));
  expect(page.next).not.toBeNull();

  // A release that knows no parts has copied some.
  await db.execute({
    text: `UPDATE run_search SET part = NULL WHERE workspace_id = $1 AND created_at > (
        SELECT created_at FROM run_search WHERE workspace_id = $1 ORDER BY created_at DESC OFFSET 3000 LIMIT 1)`,
    values: [workspaceId],
  });
  expect(await seen(7)).toEqual(ids);
  await copyMany();
  const [parts] = await db.query<{ inOrder: boolean; numbered: number; last: number }>({
    text: `SELECT bool_and(part >= before) IS TRUE AS "inOrder", count(part)::int AS numbered, max(part) AS last
        FROM (SELECT part, lag(part, 1, 0) OVER (ORDER BY created_at, run_id) AS before
          FROM run_search WHERE workspace_id = $1) AS p`,
    values: [workspaceId],
  });
  expect(parts).toEqual({ inOrder: true, numbered: manyRuns - 4, last: 2 });
  expect(await seen(7)).toEqual(ids);
}, 120_000);
