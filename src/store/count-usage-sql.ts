// How ended runs, and calls of models outside of them, enter `usage_days`. Nothing else writes there but the folding of shards (`store/usage.ts`).

/** The columns of a group, beside its day and its shard. */
export const usageKeys = ['workspace_id', 'agent_id', 'model', 'trigger_id'] as const;
export const usageSums = [
  'completed',
  'failed',
  'cancelled',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'unknown_cost',
] as const;

/** A run's cost as it is summed; null cost is an unknown price. */
export const nanoUsd = (cost: string) =>
  `coalesce(round(${cost}::numeric * 1000000000), 0)::bigint`;

/** The UTC day of a moment. */
export const utcDay = (moment: string) => `(${moment} AT TIME ZONE 'UTC')::date`;

/** The sums over rows with a run's columns. */
export const sumsOfRuns = `
    count(*) FILTER (WHERE e.status = 'completed') AS completed,
    count(*) FILTER (WHERE e.status = 'failed') AS failed,
    count(*) FILTER (WHERE e.status = 'cancelled') AS cancelled,
    coalesce(sum(e.input_tokens), 0)::bigint AS input_tokens,
    coalesce(sum(e.output_tokens), 0)::bigint AS output_tokens,
    coalesce(sum(${nanoUsd('e.cost_usd')}), 0)::bigint AS cost_nano_usd,
    count(*) FILTER (WHERE e.cost_usd IS NULL) AS unknown_cost`;

/**
 * Adds runs to `usage_days`. `ended` names a common table expression with a run's columns, of runs that this
 * statement marks as counted; `moment` is the time at which each of them ended.
 */
export function countUsageSql(ended: string, moment: string): string {
  return `INSERT INTO usage_days AS u (
    workspace_id, day, agent_id, model, trigger_id, shard, ${usageSums.join(', ')}
  )
  SELECT e.workspace_id, ${utcDay(moment)}, e.agent_id, e.model, coalesce(e.trigger_id, ''), pg_backend_pid(),
    ${sumsOfRuns}
  FROM ${ended} e
  GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (workspace_id, day, agent_id, model, trigger_id, shard) DO UPDATE SET
    ${usageSums.map((sum) => `${sum} = u.${sum} + excluded.${sum}`).join(', ')}`;
}
