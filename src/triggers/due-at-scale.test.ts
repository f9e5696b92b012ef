import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { type Database, openDatabase, type Statement, writingOptions } from '../store/connect.ts';
import { cronTicks } from './cron-ticks.ts';
import { dueSchedules } from './due-schedules.ts';

// A look costs what is due, and nothing else: seen in how many rows each statement passes by.

const at = '2035-04-03T09:00:00.000Z';
let api: TestApi;
/** As the server's own for what fires at its time. */
let timing: Database;

beforeAll(async () => {
  api = await createTestApi();
  const made = await api.request('POST', '/v1/agents', {
    body: { workspace_id: api.workspace.id, name: 'A', description: 'd', instructions: 'i' },
  });
  const values = [api.workspace.id, made.json.data.id, at];
  const { db } = api.deps;
  await db.execute({
    text: `INSERT INTO triggers (id, workspace_id, agent_id, position, name, description, type, config, enabled)
      SELECT 'tr' || lpad(n::text, 30, '0'), $1, $2, n, 'T', '', 'cron', '{}', true
      FROM generate_series(1, 10000) n`,
    values: values.slice(0, 2),
  });
  await db.execute({
    text: `INSERT INTO cron_cursors (trigger_id, agent_id, workspace_id, expression, timezone, jitter_ms,
        catch_up, overlap, after_tick, due_at)
      SELECT 'tr' || lpad(n::text, 30, '0'), $2, $1, '0 0 * * *', 'UTC', 0, 'latest', 'allow', at, at
      FROM generate_series(1, 10000) n, LATERAL (SELECT $3::timestamptz + (n - 10) * interval '1 min' AS at) t`,
    values,
  });
  await db.execute({
    text: `INSERT INTO scheduled_runs (id, workspace_id, agent_id, scheduled_for, due_at, payload)
      SELECT 'sc' || lpad(n::text, 30, '0'), $1, $2, at, at, '{}'
      FROM generate_series(1, 100000) n, LATERAL (SELECT $3::timestamptz + (n - 10) * interval '1 min' AS at) t`,
    values,
  });
  await db.execute('ANALYZE cron_cursors, scheduled_runs');
  const [own] = await db.query<{ name: string }>('SELECT current_database() AS name');
  const connection = { ...inject('postgres'), database: own?.name ?? '' };
  timing = openDatabase({ kind: 'embedded', connection }, writingOptions);
}, 60_000);
afterAll(async () => {
  await timing[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows of the table that a plan reads, whether they count or not. */
function rowsRead(plan: Plan, table: string): number {
  const below = (plan.Plans ?? []).reduce((sum, each) => sum + rowsRead(each, table), 0);
  if (plan['Relation Name'] !== table || !plan['Node Type'].includes('Scan')) return below;
  const rows = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0);
  return below + rows * (plan['Actual Loops'] ?? 1);
}

/** Notes what each statement reads of the table, as it is run. */
function measured(db: Database, table: string, reads: Map<string, number>): Database {
  const measure = async (statement: Statement | string) => {
    if (typeof statement === 'string' || !statement.text.includes(table)) return;
    const undone = new Error('undone');
    const explained = db.transaction(async (tx) => {
      const [row] = await tx.query<{ 'QUERY PLAN': { Plan: Plan }[] | string }>({
        text: `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
        values: statement.values ?? [],
      });
      const plans = row?.['QUERY PLAN'] ?? [];
      const [plan] = typeof plans === 'string' ? (JSON.parse(plans) as { Plan: Plan }[]) : plans;
      if (plan === undefined) throw new Error('no plan');
      const name = statement.name ?? statement.text;
      reads.set(name, Math.max(reads.get(name) ?? 0, rowsRead(plan.Plan, table)));
      throw undone;
    });
    await explained.catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  };
  return {
    ...db,
    query: async (statement) => {
      await measure(statement);
      return await db.query(statement);
    },
    execute: async (statement) => {
      await measure(statement);
      return await db.execute(statement);
    },
    transaction: (work, options) => db.transaction(work, options),
  };
}

test.each([
  ['cron_cursors', cronTicks],
  ['scheduled_runs', dueSchedules],
] as const)('of many in %s only those that are due are read', async (table, workOf) => {
  const reads = new Map<string, number>();
  const db = measured(timing, table, reads);
  const work = workOf({ ...api.deps, db, now: async () => new Date(at) });
  let turns = 0;
  while ((await work.run()) <= 0) turns += 1;
  expect(turns).toBe(1);
  expect(reads.size).toBeGreaterThanOrEqual(3);
  // Ten are due; a statement may read them once to find and once to write them.
  for (const [name, rows] of reads) expect([name, rows <= 40]).toEqual([name, true]);
});
