import type { Queryable } from './connect.ts';
import { countUsageSql, sumsOfRuns, usageKeys, usageSums, utcDay } from './count-usage-sql.ts';
import { Conditions } from './page-sql.ts';

// Sums over ended runs, and calls of models that are no steps of them. Whoever ends a run counts it in the same statement, or leaves it uncounted for
// `countUsage`, which marks and adds in one statement: a crash anywhere counts no run twice, none never.

export const usageGroups = ['day', 'agent', 'model', 'trigger'] as const;
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageQuery {
  readonly workspaceId: string;
  /** UTC days, `2026-04-03`, both included. */
  readonly from: string;
  readonly to: string;
  readonly groupBy: readonly UsageGroup[];
  readonly agentId: string | null;
  readonly model: string | null;
  readonly triggerId: string | null;
  /** Groups at most. */
  readonly limit: number;
}

export interface UsageSums {
  readonly runs: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD, of the runs and calls whose cost is known. */
  readonly costUsd: number;
  /** Runs, and calls of models that are no steps of a run, of which a price is unknown. */
  readonly runsOfUnknownCost: number;
}

/** What the group is of; null where the query does not group by it, a run had no trigger, or no run asked. */
export interface UsageGroupSums extends UsageSums {
  readonly day: string | null;
  readonly agentId: string | null;
  readonly model: string | null;
  readonly triggerId: string | null;
}

type SumsRow = Readonly<Record<(typeof usageSums)[number], number>>;

type GroupRow = SumsRow & {
  readonly day: string | null;
  readonly agent_id: string | null;
  readonly model: string | null;
  readonly trigger_id: string | null;
};

const groupColumns: Readonly<Record<UsageGroup, string>> = {
  day: 'day',
  agent: 'agent_id',
  model: 'model',
  trigger: 'trigger_id',
};

/**
 * Sums of the runs that ended in the days, and the groups of them: the newest day first, then the dearest.
 * `isTruncated`: there are more groups than the limit.
 */
export async function readUsage(
  db: Queryable,
  query: UsageQuery,
): Promise<{
  readonly totals: UsageSums;
  readonly groups: readonly UsageGroupSums[];
  readonly isTruncated: boolean;
}> {
  const grouped = query.groupBy.map((group) => groupColumns[group]);
  const shown = Object.values(groupColumns).map((column) =>
    grouped.includes(column) ? column : `NULL AS ${column}`,
  );
  const sums = usageSums.map((sum) => `sum(${sum})::bigint AS ${sum}`).join(', ');
  const { sql, values } = usageRows(query);
  const order = grouped.includes('day') ? ['day DESC'] : [];
  // The empty set of the grouping is the total; it comes first, so that a limit cannot cut it off.
  const rows = await db.query<GroupRow & { readonly is_total: boolean }>({
    text: `SELECT ${shown.join(', ')}, ${sums}, ${grouped.length === 0 ? 'true' : `grouping(${grouped.join(', ')}) > 0`} AS is_total
      FROM (${sql}) s
      GROUP BY GROUPING SETS ((${grouped.join(', ')})${grouped.length === 0 ? '' : ', ()'})
      ORDER BY is_total DESC, ${[...order, 'cost_nano_usd DESC', 'completed DESC', ...grouped].join(', ')}
      LIMIT $${values.length + 1}`,
    values: [...values, query.limit + 2],
  });
  const total = rows.find((row) => row.is_total);
  const groups = grouped.length === 0 ? [] : rows.filter((row) => !row.is_total);
  return {
    totals: toSums(total ?? null),
    groups: groups.slice(0, query.limit).map((row) => ({
      ...toSums(row),
      day: row.day,
      agentId: row.agent_id === '' ? null : row.agent_id,
      model: row.model,
      triggerId: row.trigger_id === '' ? null : row.trigger_id,
    })),
    isTruncated: groups.length > query.limit,
  };
}

/** Rows of one snapshot: what is counted, and the few runs that are not yet. */
function usageRows(query: UsageQuery): { readonly sql: string; readonly values: unknown[] } {
  const conditions = new Conditions()
    .add(query.workspaceId, (value) => `workspace_id = ${value}`)
    .add(query.from, (value) => `day >= ${value}::date`)
    .add(query.to, (value) => `day <= ${value}::date`);
  if (query.agentId !== null) conditions.add(query.agentId, (value) => `agent_id = ${value}`);
  if (query.model !== null) conditions.add(query.model, (value) => `model = ${value}`);
  if (query.triggerId !== null) conditions.add(query.triggerId, (value) => `trigger_id = ${value}`);
  const where = conditions.where();
  const columns = ['day', ...usageKeys, ...usageSums].join(', ');
  return {
    values: conditions.values,
    sql: `SELECT ${columns} FROM usage_days ${where}
      UNION ALL
      SELECT ${columns} FROM (
        SELECT e.workspace_id, ${utcDay('e.completed_at')} AS day, e.agent_id, e.model,
          coalesce(e.trigger_id, '') AS trigger_id, ${sumsOfRuns}
        FROM runs e WHERE ${uncounted('e')} GROUP BY 1, 2, 3, 4, 5
      ) late ${where}`,
  };
}

function uncounted(run: string): string {
  return `${run}.status IN ('completed', 'failed', 'cancelled') AND ${run}.usage_counted IS NULL`;
}

/**
 * Counts a call of a model that is no step of a run: to the run's agent and trigger, or to the workspace alone.
 * At once, so also of a run that goes on or fails.
 */
export async function countCall(
  db: Queryable,
  call: {
    readonly workspaceId: string;
    readonly runId: string | null;
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** USD; null: the price is unknown. */
    readonly costUsd: number | null;
  },
): Promise<void> {
  await db.execute({
    name: 'usage-count-call',
    text: `WITH call AS (
        SELECT $1::text AS workspace_id, coalesce(r.agent_id, '') AS agent_id, $3::text AS model, r.trigger_id,
          NULL::text AS status, $4::bigint AS input_tokens, $5::bigint AS output_tokens,
          $6::double precision AS cost_usd
        FROM (SELECT 1) one LEFT JOIN runs r ON r.id = $2 AND r.workspace_id = $1
      )
      ${countUsageSql('call', 'clock_timestamp()')}`,
    values: [
      ...[call.workspaceId, call.runId, call.model],
      ...[call.inputTokens, call.outputTokens, call.costUsd],
    ],
  });
}

/** Counts runs that whoever ended them did not; how many, at most `limit`. Any number of processes may. */
export async function countUsage(db: Queryable, limit: number): Promise<number> {
  const [row] = await db.query<{ n: number }>({
    name: 'usage-count',
    text: `WITH found AS MATERIALIZED (
        SELECT r.id FROM runs r WHERE ${uncounted('r')} ORDER BY r.id LIMIT $1
        FOR NO KEY UPDATE SKIP LOCKED
      ), marked AS (
        UPDATE runs r SET usage_counted = true FROM found f WHERE r.id = f.id
        RETURNING r.workspace_id, r.agent_id, r.model, r.trigger_id, r.status, r.input_tokens,
          r.output_tokens, r.cost_usd, r.completed_at
      ), counted AS (
        ${countUsageSql('marked', 'e.completed_at')}
      )
      SELECT count(*) AS n FROM marked`,
    values: [limit],
  });
  return row?.n ?? 0;
}

/**
 * Makes one row of the shards of a group whose day has been over for a day; how many rows, at most `limit`,
 * were folded. One that a transaction still holds is left alone.
 */
export async function foldUsage(db: Queryable, limit = 5_000): Promise<number> {
  const keys = ['day', ...usageKeys].join(', ');
  const [row] = await db.query<{ n: number }>({
    name: 'usage-fold',
    text: `WITH taken AS (
        DELETE FROM usage_days WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM usage_days
          WHERE day < ${utcDay('clock_timestamp()')} - 1 AND shard <> 0
          LIMIT $1 FOR UPDATE SKIP LOCKED
        ))
        RETURNING *
      ), kept AS (
        INSERT INTO usage_days AS u (${keys}, shard, ${usageSums.join(', ')})
        SELECT ${keys}, 0, ${usageSums.map((sum) => `sum(${sum})::bigint`).join(', ')}
        FROM taken GROUP BY ${keys} ORDER BY ${keys}
        ON CONFLICT (workspace_id, day, agent_id, model, trigger_id, shard) DO UPDATE SET
          ${usageSums.map((sum) => `${sum} = u.${sum} + excluded.${sum}`).join(', ')}
      )
      SELECT count(*) AS n FROM taken`,
    values: [limit],
  });
  return row?.n ?? 0;
}

function toSums(row: SumsRow | null): UsageSums {
  const completed = row?.completed ?? 0;
  const failed = row?.failed ?? 0;
  const cancelled = row?.cancelled ?? 0;
  return {
    runs: completed + failed + cancelled,
    completed,
    failed,
    cancelled,
    inputTokens: row?.input_tokens ?? 0,
    outputTokens: row?.output_tokens ?? 0,
    costUsd: (row?.cost_nano_usd ?? 0) / 1e9,
    runsOfUnknownCost: row?.unknown_cost ?? 0,
  };
}
