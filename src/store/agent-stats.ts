import { type RunStatus, runStatuses } from '../core/run.ts';
import type { Queryable } from './connect.ts';

/** Runs of one agent that were created in `[since, until)`. */
export interface AgentStats {
  readonly since: Date;
  readonly until: Date;
  readonly runs: number;
  readonly byStatus: Readonly<Record<RunStatus, number>>;
  /** Of completed and failed runs, from creation to end; null when there is none. */
  readonly p50DurationMs: number | null;
  readonly p95DurationMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD, of the runs whose cost is known; null when there are runs and none is known. */
  readonly costUsd: number | null;
  readonly runsOfUnknownCost: number;
  /** The agent's newest run, in the window or not. */
  readonly lastRun: {
    readonly runId: string;
    readonly status: RunStatus;
    readonly createdAt: Date;
  } | null;
}

interface StatsRow {
  readonly since: Date;
  readonly until: Date;
  readonly runs: number;
  readonly by_status: Partial<Record<RunStatus, number>> | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number | null;
  readonly unknown_cost: number;
  readonly last_run_id: string | null;
  readonly last_status: RunStatus | null;
  readonly last_created_at: Date | null;
}

/**
 * Sums over an agent's runs. `until` defaults to now by the database's clock, `since` to a day before it.
 * Whoever asks has read the agent in its scope.
 */
export async function readAgentStats(
  db: Queryable,
  agentId: string,
  range: { readonly since: Date | null; readonly until: Date | null },
): Promise<AgentStats> {
  const [row] = await db.query<StatsRow>({
    name: 'read_agent_stats',
    text: statsSql,
    values: [agentId, range.since, range.until],
  });
  if (row === undefined) throw new Error('The statistics of an agent returned no row.');
  return toStats(row);
}

const statsSql = `
WITH bounds AS MATERIALIZED (
  SELECT coalesce($2::timestamptz(3), until - interval '24 hours') AS since, until
  FROM (SELECT coalesce($3::timestamptz(3), clock_timestamp()::timestamptz(3)) AS until) u
), counted AS (
  SELECT r.status, r.input_tokens, r.output_tokens, r.cost_usd,
    CASE WHEN r.status IN ('completed', 'failed')
      THEN extract(epoch FROM r.completed_at - r.created_at)::float8 * 1000 END AS duration_ms
  FROM runs r, bounds b
  WHERE r.agent_id = $1 AND r.created_at >= b.since AND r.created_at < b.until AND r.test_run_id IS NULL
), sums AS (
  SELECT count(*) AS runs,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95,
    coalesce(sum(input_tokens), 0)::bigint AS input_tokens,
    coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
    sum(cost_usd) AS cost_usd,
    count(*) FILTER (WHERE cost_usd IS NULL) AS unknown_cost
  FROM counted
), statuses AS (
  SELECT json_object_agg(status, n) AS by_status
  FROM (SELECT status, count(*) AS n FROM counted GROUP BY status) s
), latest AS (
  SELECT run_id, status, created_at FROM runs WHERE agent_id = $1 AND test_run_id IS NULL
  ORDER BY created_at DESC, id DESC LIMIT 1
)
SELECT b.since, b.until, sums.*, statuses.by_status,
  latest.run_id AS last_run_id, latest.status AS last_status, latest.created_at AS last_created_at
FROM bounds b CROSS JOIN sums CROSS JOIN statuses LEFT JOIN latest ON true`;

function toStats(row: StatsRow): AgentStats {
  const byStatus = Object.fromEntries(
    runStatuses.map((status) => [status, row.by_status?.[status] ?? 0]),
  ) as Record<RunStatus, number>;
  return {
    since: row.since,
    until: row.until,
    runs: row.runs,
    byStatus,
    p50DurationMs: row.p50,
    p95DurationMs: row.p95,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costUsd: row.runs === 0 ? 0 : row.cost_usd,
    runsOfUnknownCost: row.unknown_cost,
    lastRun:
      row.last_run_id === null || row.last_status === null || row.last_created_at === null
        ? null
        : { runId: row.last_run_id, status: row.last_status, createdAt: row.last_created_at },
  };
}
