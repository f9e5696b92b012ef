import { type Budget, judgeBudget } from '../core/budget.ts';
import { type BudgetRow, budgetColumns, periodStartSql, toBudget } from './budgets.ts';
import type { Database, Queryable } from './connect.ts';
import { nanoUsd, utcDay } from './count-usage-sql.ts';
import { recordEvent } from './internal-events.ts';

// What budgets have of their use. Runs are let in one by one, in the row, so that a limit on runs holds exactly
// over any number of processes; tokens and money are read once a second from usage_days and from the runs that
// go on, and can be exceeded by what those use until they end.

/** What has been read of a budget's use is good for so long. */
const checkEvery = "interval '1 second'";
/** So often the count of runs is held against the runs there are. */
const recountEvery = "interval '1 minute'";

type CheckedRow = BudgetRow & {
  readonly now_start: string;
  readonly now_runs: number;
  readonly now_tokens: number;
  readonly now_cost: number;
  readonly now_unknown: number;
  readonly is_recounted: boolean;
  readonly warned_at: Date | null;
  readonly exceeded_at: Date | null;
};

/**
 * Reads the use of the budgets that are due, at most `limit`, and tells of what it has brought them to, once a
 * period: `budget.warning`, `budget.exceeded`. How many were due. Any number of processes may.
 */
export async function checkBudgets(
  db: Database,
  given: { readonly limit: number; readonly id?: string },
): Promise<number> {
  return await db.transaction(async (tx) => {
    const rows = await tx.query<CheckedRow>({
      name: 'budgets-check',
      text: dueSql,
      values: [given.limit, given.id ?? null],
    });
    for (const row of rows) await settle(tx, row);
    return rows.length;
  });
}

const dueSql = `
SELECT b.*, now_start,
  CASE WHEN is_recounted THEN greatest(b.let_in, (
    SELECT count(*) FROM runs r
    WHERE r.workspace_id = b.workspace_id AND (b.agent_id IS NULL OR r.agent_id = b.agent_id)
      AND r.created_at >= b.since AND r.parent_run_id IS NULL
  )) ELSE b.let_in END AS now_runs,
  (ended.tokens + going.tokens)::bigint AS now_tokens,
  (ended.cost + going.cost)::bigint AS now_cost,
  (ended.unknown + going.unknown)::bigint AS now_unknown
FROM (
  SELECT *, now_start::timestamp AT TIME ZONE 'UTC' AS since,
    CASE WHEN period_start = now_start THEN runs ELSE 0 END AS let_in,
    recounted_at IS NULL OR period_start <> now_start
      OR recounted_at < clock_timestamp() - ${recountEvery} AS is_recounted
  FROM (
    SELECT d.*, ${periodStartSql('d.period')} AS now_start FROM (
      SELECT * FROM budgets
      WHERE deleted_at IS NULL
        AND CASE WHEN $2::text IS NULL THEN checked_at IS NULL OR checked_at < clock_timestamp() - ${checkEvery}
          ELSE id = $2 END
      ORDER BY checked_at NULLS FIRST LIMIT $1
      FOR NO KEY UPDATE SKIP LOCKED
    ) d
  ) p
) b
CROSS JOIN LATERAL (
  SELECT coalesce(sum(u.input_tokens + u.output_tokens), 0) AS tokens, coalesce(sum(u.cost_nano_usd), 0) AS cost,
    coalesce(sum(u.unknown_cost), 0) AS unknown
  FROM usage_days u
  WHERE u.workspace_id = b.workspace_id AND u.day >= b.now_start
    AND (b.agent_id IS NULL OR u.agent_id = b.agent_id)
) ended
CROSS JOIN LATERAL (
  SELECT coalesce(sum(r.input_tokens + r.output_tokens), 0) AS tokens,
    coalesce(sum(${nanoUsd('r.cost_usd')}), 0) AS cost, count(*) FILTER (WHERE r.cost_usd IS NULL) AS unknown
  FROM (
    SELECT * FROM runs WHERE workspace_id = b.workspace_id AND status IN ('accepted', 'running', 'waiting')
    UNION ALL
    SELECT * FROM runs
    WHERE workspace_id = b.workspace_id AND status IN ('completed', 'failed', 'cancelled')
      AND usage_counted IS NULL AND ${utcDay('completed_at')} >= b.now_start
  ) r
  WHERE b.agent_id IS NULL OR r.agent_id = b.agent_id
) going`;

async function settle(tx: Queryable, row: CheckedRow): Promise<void> {
  const budget: Budget = {
    ...toBudget(row),
    periodStart: row.now_start,
    used: { runs: row.now_runs, tokens: row.now_tokens, costUsd: row.now_cost / 1e9 },
    runsOfUnknownCost: row.now_unknown,
  };
  const { state, reached } = judgeBudget(budget, budget.used);
  const isNew = row.period_start !== row.now_start;
  const warned = isNew ? null : row.warned_at;
  const exceeded = isNew ? null : row.exceeded_at;
  const tellsWarning = state === 'warning' && warned === null;
  const tellsExceeded = state === 'exceeded' && exceeded === null;
  const [written] = await tx.query<{ checked_at: Date }>({
    name: 'budget-settle',
    text: `UPDATE budgets SET period_start = $2, runs = $3, tokens = $4, cost_nano_usd = $5, unknown_cost = $6,
        state = $7, reached = $8, checked_at = clock_timestamp(),
        -- What is no longer so is told again when it comes again.
        warned_at = CASE WHEN $7 = 'ok' THEN NULL WHEN $9 THEN clock_timestamp() WHEN $11 THEN NULL ELSE warned_at END,
        exceeded_at = CASE WHEN $7 <> 'exceeded' THEN NULL WHEN $10 THEN clock_timestamp() WHEN $11 THEN NULL ELSE exceeded_at END,
        recounted_at = CASE WHEN $12 THEN clock_timestamp() ELSE recounted_at END
      WHERE id = $1
      RETURNING checked_at`,
    values: [
      ...[row.id, row.now_start, row.now_runs, row.now_tokens, row.now_cost, row.now_unknown],
      ...[state, reached, tellsWarning, tellsExceeded, isNew, row.is_recounted],
    ],
  });
  if (!tellsWarning && !tellsExceeded) return;
  const type = tellsExceeded ? 'budget.exceeded' : 'budget.warning';
  await recordEvent(tx, {
    id: `${row.id}.${type}.${written?.checked_at.getTime()}`,
    workspaceId: row.workspace_id,
    type,
    payloadJson: JSON.stringify(payloadOf({ ...budget, state, reached })),
    entityId: row.agent_id,
    causedByRunId: null,
  });
}

function payloadOf(budget: Budget): object {
  return {
    id: budget.id,
    workspace_id: budget.workspaceId,
    agent_id: budget.agentId,
    is_quota: budget.isQuota,
    period: budget.period,
    period_start: budget.periodStart,
    state: budget.state,
    reached: budget.reached,
    stops: budget.stops,
    warn_at: budget.warnAt,
    max_runs: budget.maxRuns,
    max_tokens: budget.maxTokens,
    max_cost_usd: budget.maxCostUsd,
    used: {
      runs: budget.used.runs,
      tokens: budget.used.tokens,
      cost_usd: budget.used.costUsd,
    },
  };
}

/** Every budget that stops runs, of all workspaces. */
export async function listStoppingBudgets(db: Queryable): Promise<readonly Budget[]> {
  const rows = await db.query<BudgetRow>({
    name: 'budgets-stopping',
    text: `SELECT ${budgetColumns} FROM budgets WHERE deleted_at IS NULL AND stops`,
  });
  return rows.map(toBudget);
}

/**
 * Lets one run in under all of the budgets, which have limits on runs, or under none: then the budget that is
 * used up is returned. Exact over processes: the rows are locked in id order.
 */
export async function letRunIn(db: Queryable, ids: readonly string[]): Promise<Budget | null> {
  const rows = await db.query<BudgetRow & { readonly is_full: boolean }>({
    name: 'budgets-let-in',
    text: `WITH held AS MATERIALIZED (
        SELECT *, ${periodStartSql('period')} AS now_start FROM budgets
        WHERE id = ANY ($1) AND deleted_at IS NULL AND stops AND max_runs IS NOT NULL
        ORDER BY id FOR NO KEY UPDATE
      ), counted AS (
        SELECT *, CASE WHEN period_start = now_start THEN runs ELSE 0 END AS let_in FROM held
      ), added AS (
        UPDATE budgets b SET runs = c.let_in + 1, period_start = c.now_start,
          recounted_at = CASE WHEN b.period_start = c.now_start THEN b.recounted_at END,
          tokens = CASE WHEN b.period_start = c.now_start THEN b.tokens ELSE 0 END,
          cost_nano_usd = CASE WHEN b.period_start = c.now_start THEN b.cost_nano_usd ELSE 0 END,
          state = CASE WHEN b.period_start = c.now_start THEN b.state ELSE 'ok' END,
          reached = CASE WHEN b.period_start = c.now_start THEN b.reached ELSE '{}' END,
          warned_at = CASE WHEN b.period_start = c.now_start THEN b.warned_at END,
          exceeded_at = CASE WHEN b.period_start = c.now_start THEN b.exceeded_at END
        FROM counted c
        WHERE b.id = c.id AND NOT EXISTS (SELECT 1 FROM counted WHERE let_in >= max_runs)
      )
      SELECT * FROM counted WHERE let_in >= max_runs LIMIT 1`,
    values: [ids],
  });
  const [full] = rows;
  return full === undefined ? null : toBudget(full);
}

/** Gives back what a run that was let in and not created had taken. */
export async function letRunOut(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.execute({
    name: 'budgets-let-out',
    text: `UPDATE budgets SET runs = runs - 1 WHERE id IN (
        SELECT id FROM budgets WHERE id = ANY ($1) AND runs > 0 ORDER BY id FOR NO KEY UPDATE
      )`,
    values: [ids],
  });
}
