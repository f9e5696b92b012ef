import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

export interface RunStatsQuery {
  readonly scope: WorkspaceScope;
  readonly agentId: string | null;
  readonly from: Date;
  readonly to: Date;
  /** Equal parts of the time between `from` and `to`. */
  readonly buckets: number;
}

interface Counts {
  readonly completed: number;
  readonly failed: number;
  /** Accepted, running or waiting. */
  readonly open: number;
  /** USD, of the runs whose cost is known. */
  readonly costUsd: number;
}

export interface RunStats {
  /** One for each part of the time that has runs. */
  readonly buckets: readonly (Counts & { readonly index: number })[];
  /** One for each agent that has runs. */
  readonly agents: readonly (Counts & {
    readonly agentId: string;
    /** Of the runs that have ended; null without any. */
    readonly p50DurationMs: number | null;
    readonly lastRunAt: Date;
  })[];
}

interface CountsRow {
  readonly completed: number;
  readonly failed: number;
  readonly open: number;
  readonly cost_usd: number;
}

const counts = `count(*) FILTER (WHERE status = 'completed') AS completed,
  count(*) FILTER (WHERE status IN ('failed', 'cancelled')) AS failed,
  count(*) FILTER (WHERE status IN ('accepted', 'running', 'waiting')) AS open,
  coalesce(sum(cost_usd), 0) AS cost_usd`;

/** Counts of the runs that were created in `[from, to)`, by time and by agent. */
export async function readRunStats(db: Queryable, query: RunStatsQuery): Promise<RunStats> {
  const { scope, agentId, from, to, buckets } = query;
  const conditions = new Conditions()
    .inScope(scope, 'workspace_id')
    .add(from, (value) => `created_at >= ${value}`)
    .add(to, (value) => `created_at < ${value}`);
  if (agentId !== null) conditions.add(agentId, (value) => `agent_id = ${value}`);
  const where = conditions.where('test_run_id IS NULL');
  const { values } = conditions;
  const next = values.length + 1;
  const seconds = (time: Date) => time.getTime() / 1_000;
  const byTime = db.query<CountsRow & { readonly bucket: number }>({
    text: `SELECT width_bucket(extract(epoch FROM created_at)::float8,
        $${next}::float8, $${next + 1}::float8, $${next + 2}::int) AS bucket, ${counts}
      FROM runs ${where} GROUP BY 1 ORDER BY 1`,
    values: [...values, seconds(from), seconds(to), buckets],
  });
  const byAgent = db.query<
    CountsRow & { readonly agent_id: string; readonly p50: number | null; readonly last: Date }
  >({
    text: `SELECT agent_id, ${counts}, max(created_at) AS last,
        percentile_cont(0.5) WITHIN GROUP
          (ORDER BY extract(epoch FROM completed_at - created_at)::float8 * 1000) AS p50
      FROM runs ${where} GROUP BY agent_id ORDER BY agent_id`,
    values,
  });
  const [timeRows, agentRows] = await Promise.all([byTime, byAgent]);
  return {
    buckets: timeRows.map((row) => ({ index: row.bucket - 1, ...toCounts(row) })),
    agents: agentRows.map((row) => ({
      agentId: row.agent_id,
      ...toCounts(row),
      p50DurationMs: row.p50,
      lastRunAt: row.last,
    })),
  };
}

function toCounts(row: CountsRow): Counts {
  return {
    completed: row.completed,
    failed: row.failed,
    open: row.open,
    costUsd: row.cost_usd,
  };
}
