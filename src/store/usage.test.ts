import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgentRow, modelEntry } from '../../test/support/runs.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { newId, newRunExecutionId } from '../core/ids.ts';
import { cancelRunRow } from './cancel.ts';
import type { Queryable } from './connect.ts';
import { failOwnedRun } from './fail-run.ts';
import { commitUnits } from './journal-writer.ts';
import { countUsage, foldUsage, readUsage, type UsageQuery, usageGroups } from './usage.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

type Random = ReturnType<typeof seededRandom>;

const everything = {
  from: '2000-01-01',
  to: '2100-01-01',
  groupBy: usageGroups,
  agentId: null,
  model: null,
  triggerId: null,
  limit: 1_000,
} as const;

describe('usage', () => {
  test.each([1, 2, 3, 4])(
    'equals a recount of the runs, however they ended (seed %i)',
    async (seed) => {
      const { db } = database;
      const random = seededRandom(seed);
      const { workspaceId, agentId } = await insertAgentRow(db);
      const other = await insertAgentRow(db);
      for (let round = 0; round < 8; round++) {
        const runs = await Promise.all(
          Array.from({ length: 1 + Math.floor(random() * 12) }, () =>
            insertRun(db, random, {
              workspaceId,
              agentId: random() < 0.5 ? agentId : other.agentId,
            }),
          ),
        );
        await endSomehow(db, random, runs);
        if (random() < 0.3) await countUsage(db, 1 + Math.floor(random() * 5));
        if (random() < 0.3) await makeOlder(db, workspaceId, random);
        if (random() < 0.4) await foldUsage(db, 1 + Math.floor(random() * 20));
        await expectRecount(db, { workspaceId, ...everything });
      }
      while ((await countUsage(db, 100)) > 0);
      while ((await foldUsage(db, 100)) > 0);
      await expectRecount(db, { workspaceId, ...everything });
      await expectRecount(db, { workspaceId, ...everything, groupBy: ['agent'], agentId });
      await expectRecount(db, { workspaceId, ...everything, groupBy: [], model: 'scripted/b' });
      await expectRecount(db, { workspaceId, ...everything, groupBy: ['day', 'trigger'] });
    },
    60_000,
  );

  test('counts a run once when its commit is sent again', async () => {
    const { db } = database;
    const { workspaceId, agentId } = await insertAgentRow(db);
    const run = await insertRun(db, seededRandom(9), { workspaceId, agentId });
    const unit = endOf(run, { inputTokens: 5, outputTokens: 7, costUsd: 0.000_000_001 });
    expect(await commitUnits(db, [unit])).toEqual(['committed']);
    expect(await commitUnits(db, [unit])).toEqual(['committed']);
    expect(await countUsage(db, 10)).toBe(0);
    const { totals } = await readUsage(db, { workspaceId, ...everything });
    expect(totals).toMatchObject({ runs: 1, inputTokens: 5, outputTokens: 7, costUsd: 1e-9 });
  });

  test('counts what nobody counted once over processes that do so at once', async () => {
    const { db } = database;
    const { workspaceId, agentId } = await insertAgentRow(db);
    for (let n = 0; n < 40; n++) {
      const run = await insertRun(db, seededRandom(n), { workspaceId, agentId });
      await endAsBefore(db, run.id);
    }
    await Promise.all(Array.from({ length: 4 }, () => countUsage(db, 15)));
    while ((await countUsage(db, 15)) > 0);
    const { totals } = await readUsage(db, { workspaceId, ...everything });
    expect(totals.runs).toBe(40);
  });

  test('cuts groups off at the limit and says so, and keeps the whole total', async () => {
    const { db } = database;
    const { workspaceId, agentId } = await insertAgentRow(db);
    for (const model of ['a', 'b', 'c']) {
      const run = await insertRun(db, seededRandom(1), { workspaceId, agentId, model });
      await endAsBefore(db, run.id);
    }
    const query = { workspaceId, ...everything, groupBy: ['model'] as const };
    const cut = await readUsage(db, { ...query, limit: 2 });
    expect([cut.groups.length, cut.isTruncated, cut.totals.runs]).toEqual([2, true, 3]);
    const whole = await readUsage(db, { ...query, limit: 3 });
    expect([whole.groups.length, whole.isTruncated]).toEqual([3, false]);
  });
});

interface OpenRun {
  readonly id: string;
  readonly owner: string;
}

async function insertRun(
  db: Queryable,
  random: Random,
  of: { readonly workspaceId: string; readonly agentId: string; readonly model?: string },
): Promise<OpenRun> {
  const id = newId('run');
  const owner = newId('process');
  const model = of.model ?? (random() < 0.5 ? 'scripted/a' : 'scripted/b');
  const trigger = random() < 0.5 ? null : `tr${random() < 0.5 ? 1 : 2}`;
  await db.execute({
    text: `INSERT INTO runs (id, run_id, workspace_id, agent_id, agent_version, lane, payload, model, trace_id,
        status, owner, trigger_id, input_tokens, output_tokens, cost_usd)
      VALUES ($1, $2, $3, $4, 1, $4, '{}', $5, 'trace', 'running', $6, $7, $8, $9, $10)`,
    values: [
      ...[id, newRunExecutionId(), of.workspaceId, of.agentId, model, owner, trigger],
      ...[Math.floor(random() * 1e6), Math.floor(random() * 1e6)],
      random() < 0.2 ? null : random() * 3,
    ],
  });
  return { id, owner };
}

function endOf(
  { id, owner }: OpenRun,
  totals: { inputTokens: number; outputTokens: number; costUsd: number | null },
) {
  return {
    runId: id,
    owner,
    epoch: 1,
    unitId: newId('unit'),
    entries: [modelEntry(1, 'done')],
    totals,
    next: {
      kind: 'end' as const,
      outcome: {
        status: 'completed' as const,
        stopReason: 'completed' as const,
        disposition: 'resolved' as const,
        dispositionReason: null,
        response: null,
        reflection: null,
        outputJson: null,
        error: null,
      },
    },
  };
}

/** As the release before does it. */
async function endAsBefore(db: Queryable, id: string): Promise<void> {
  await db.execute({
    text: `UPDATE runs SET status = 'failed', owner = NULL, completed_at = clock_timestamp() WHERE id = $1`,
    values: [id],
  });
}

async function endSomehow(db: Queryable, random: Random, runs: readonly OpenRun[]) {
  const units = [];
  for (const run of runs) {
    const { id, owner } = run;
    const way = random();
    if (way < 0.4) {
      const costUsd = random() < 0.2 ? null : random() * 5;
      units.push(endOf(run, { inputTokens: 11, outputTokens: 13, costUsd }));
    } else if (way < 0.55) {
      await cancelRunRow(db, { scope: 'all', id, error: 'stopped', unitId: newId('unit') });
    } else if (way < 0.7) {
      const how = { stopReason: 'poison', error: 'dead', unitId: newId('unit') } as const;
      expect(await failOwnedRun(db, { id, owner, epoch: 1, ...how })).toBe(true);
    } else if (way < 0.85) {
      await endAsBefore(db, id);
    }
  }
  if (units.length > 0) await commitUnits(db, units);
}

/** Time passes: runs and what is counted of them move to earlier days alike. */
async function makeOlder(db: Queryable, workspaceId: string, random: Random): Promise<void> {
  const days = Math.floor(random() * 3);
  for (const text of [
    'UPDATE runs SET completed_at = completed_at - make_interval(days => $2) WHERE workspace_id = $1',
    'UPDATE usage_days SET day = day - $2::int WHERE workspace_id = $1',
  ]) {
    await db.execute({ text, values: [workspaceId, days] });
  }
}

async function expectRecount(db: Queryable, query: UsageQuery): Promise<void> {
  const used = await readUsage(db, query);
  const runs = await db.query<Record<string, never>>({
    text: `SELECT (completed_at AT TIME ZONE 'UTC')::date AS day, agent_id, model, trigger_id, status,
        input_tokens, output_tokens, cost_usd
      FROM runs WHERE workspace_id = $1 AND completed_at IS NOT NULL
        AND ($2::text IS NULL OR agent_id = $2) AND ($3::text IS NULL OR model = $3)`,
    values: [query.workspaceId, query.agentId, query.model],
  });
  const columns = { day: 'day', agent: 'agent_id', model: 'model', trigger: 'trigger_id' } as const;
  const counted = new Map<string, number[]>();
  const total = [0, 0, 0, 0, 0];
  for (const run of runs) {
    const key = JSON.stringify(
      usageGroups.map((group) => (query.groupBy.includes(group) ? run[columns[group]] : null)),
    );
    const sums = counted.get(key) ?? [0, 0, 0, 0, 0];
    const nano = run.cost_usd === null ? 0 : Math.round(Number(run.cost_usd) * 1e9);
    const row = [
      1,
      Number(run.input_tokens),
      Number(run.output_tokens),
      nano,
      run.cost_usd === null ? 1 : 0,
    ];
    row.forEach((value, at) => {
      sums[at] = (sums[at] ?? 0) + value;
      total[at] = (total[at] ?? 0) + value;
    });
    counted.set(key, sums);
  }
  const sumsOf = (sums: (typeof used)['totals']) => [
    sums.runs,
    sums.inputTokens,
    sums.outputTokens,
    Math.round(sums.costUsd * 1e9),
    sums.runsOfUnknownCost,
  ];
  expect(sumsOf(used.totals)).toEqual(total);
  if (query.groupBy.length === 0) return;
  const groups = used.groups.map((group) => [
    JSON.stringify([group.day, group.agentId, group.model, group.triggerId]),
    sumsOf(group),
  ]);
  expect(Object.fromEntries(groups)).toEqual(Object.fromEntries(counted));
}
