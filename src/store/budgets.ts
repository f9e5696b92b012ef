import type {
  Budget,
  BudgetLimits,
  BudgetMeasure,
  BudgetPeriod,
  BudgetState,
} from '../core/budget.ts';
import { newId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

export interface BudgetRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string | null;
  readonly is_quota: boolean;
  readonly period: BudgetPeriod;
  readonly max_runs: number | null;
  readonly max_tokens: number | null;
  readonly max_cost_usd: number | null;
  readonly warn_at: number;
  readonly stops: boolean;
  readonly period_start: string;
  readonly runs: number;
  readonly tokens: number;
  readonly cost_nano_usd: number;
  readonly unknown_cost: number;
  readonly state: BudgetState;
  readonly reached: readonly BudgetMeasure[];
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const budgetColumns = [
  ...[
    'id',
    'workspace_id',
    'agent_id',
    'is_quota',
    'period',
    'max_runs',
    'max_tokens',
    'max_cost_usd',
  ],
  ...[
    'warn_at',
    'stops',
    'period_start',
    'runs',
    'tokens',
    'cost_nano_usd',
    'unknown_cost',
    'state',
  ],
  ...['reached', 'created_at', 'updated_at'],
].join(', ');

/** The first day of the period that is now, by the database's clock. `period` is trusted text. */
export const periodStartSql = (period: string) =>
  `date_trunc(${period}, clock_timestamp() AT TIME ZONE 'UTC')::date`;

export interface NewBudget extends BudgetLimits {
  readonly workspaceId: string;
  readonly agentId: string | null;
  readonly period: BudgetPeriod;
  readonly stops: boolean;
}

/** A page of the workspace's budgets, newest first, quotas left out. */
export async function listBudgets(
  db: Queryable,
  filter: { readonly workspaceId: string; readonly agentId: string | null },
  page: PageRequest,
): Promise<Page<Budget>> {
  const conditions = new Conditions().inScope([filter.workspaceId], 'workspace_id');
  if (filter.agentId !== null) conditions.add(filter.agentId, (value) => `agent_id = ${value}`);
  const tail = conditions.pageOf(page, ['deleted_at IS NULL', 'NOT is_quota']);
  const rows = await db.query<BudgetRow>({
    text: `SELECT ${budgetColumns} FROM budgets ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toBudget), page.limit, (budget) => budget);
}

/** Null: there is none in scope, or it is a quota. */
export async function getBudget(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Budget | null> {
  const [row] = await db.query<BudgetRow>({
    name: 'budget-get',
    text: `SELECT ${budgetColumns} FROM budgets
      WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} AND deleted_at IS NULL AND NOT is_quota`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toBudget(row);
}

/** The workspace's quotas, at most one a period. */
export async function listQuotas(db: Queryable, workspaceId: string): Promise<readonly Budget[]> {
  const rows = await db.query<BudgetRow>({
    name: 'budget-quotas',
    text: `SELECT ${budgetColumns} FROM budgets
      WHERE workspace_id = $1 AND is_quota AND deleted_at IS NULL ORDER BY period`,
    values: [workspaceId],
  });
  return rows.map(toBudget);
}

/** The least that the workspace's quota and budgets let it spend in a month, in USD; null: no such limit. */
export async function readMonthlyCostLimit(
  db: Queryable,
  workspaceId: string,
): Promise<number | null> {
  const [row] = await db.query<{ readonly least: number | null }>({
    name: 'budget-month-cost',
    text: `SELECT min(max_cost_usd) AS least FROM budgets
      WHERE workspace_id = $1 AND agent_id IS NULL AND period = 'month' AND deleted_at IS NULL`,
    values: [workspaceId],
  });
  return row?.least ?? null;
}

/** Null: the workspace has `maxCount` budgets already. */
export async function insertBudget(
  db: Queryable,
  budget: NewBudget,
  maxCount: number,
): Promise<Budget | null> {
  const [row] = await db.query<BudgetRow>({
    name: 'budget-insert',
    text: `INSERT INTO budgets (id, workspace_id, agent_id, period, max_runs, max_tokens, max_cost_usd, warn_at,
        stops, period_start)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, ${periodStartSql('$4')}
      WHERE (SELECT count(*) FROM budgets
        WHERE workspace_id = $2 AND deleted_at IS NULL AND NOT is_quota) < $10
      RETURNING ${budgetColumns}`,
    values: [newId('budget'), ...valuesOf(budget), maxCount],
  });
  return row === undefined ? null : toBudget(row);
}

/** Sets or, with null, takes away the workspace's quota for the period. */
export async function putQuota(
  db: Queryable,
  given: {
    readonly workspaceId: string;
    readonly period: BudgetPeriod;
    readonly quota: (BudgetLimits & { readonly stops: boolean }) | null;
  },
): Promise<void> {
  const { workspaceId, period, quota } = given;
  if (quota === null) {
    await db.execute({
      text: `UPDATE budgets SET deleted_at = clock_timestamp()
        WHERE workspace_id = $1 AND period = $2 AND is_quota AND deleted_at IS NULL`,
      values: [workspaceId, period],
    });
    return;
  }
  await db.execute({
    text: `INSERT INTO budgets AS b (id, workspace_id, agent_id, period, max_runs, max_tokens, max_cost_usd,
        warn_at, stops, period_start, is_quota)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ${periodStartSql('$4')}, true)
      ON CONFLICT (workspace_id, period) WHERE is_quota AND deleted_at IS NULL DO UPDATE SET
        max_runs = $5, max_tokens = $6, max_cost_usd = $7, warn_at = $8, stops = $9,
        checked_at = NULL, updated_at = clock_timestamp()`,
    values: [newId('budget'), ...valuesOf({ workspaceId, agentId: null, period, ...quota })],
  });
}

/** Changes limits; the use goes on. Null when there is none in scope. */
export async function updateBudget(
  db: Queryable,
  scope: WorkspaceScope,
  given: { readonly id: string; readonly limits: BudgetLimits; readonly stops: boolean },
): Promise<Budget | null> {
  const { id, limits, stops } = given;
  const [row] = await db.query<BudgetRow>({
    name: 'budget-update',
    text: `UPDATE budgets SET max_runs = $3, max_tokens = $4, max_cost_usd = $5, warn_at = $6, stops = $7,
        checked_at = NULL, updated_at = clock_timestamp()
      WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} AND deleted_at IS NULL AND NOT is_quota
      RETURNING ${budgetColumns}`,
    values: [
      ...[id, scopeValue(scope), limits.maxRuns, limits.maxTokens, limits.maxCostUsd],
      ...[limits.warnAt, stops],
    ],
  });
  return row === undefined ? null : toBudget(row);
}

/** Whether there was one in scope. */
export async function deleteBudget(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const count = await db.execute({
    text: `UPDATE budgets SET deleted_at = clock_timestamp()
      WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} AND deleted_at IS NULL AND NOT is_quota`,
    values: [id, scopeValue(scope)],
  });
  return count > 0;
}

function valuesOf(budget: NewBudget): unknown[] {
  const { workspaceId, agentId, period, maxRuns, maxTokens, maxCostUsd, warnAt, stops } = budget;
  return [workspaceId, agentId, period, maxRuns, maxTokens, maxCostUsd, warnAt, stops];
}

export function toBudget(row: BudgetRow): Budget {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    isQuota: row.is_quota,
    period: row.period,
    maxRuns: row.max_runs,
    maxTokens: row.max_tokens,
    maxCostUsd: row.max_cost_usd,
    warnAt: row.warn_at,
    stops: row.stops,
    periodStart: row.period_start,
    used: { runs: row.runs, tokens: row.tokens, costUsd: row.cost_nano_usd / 1e9 },
    runsOfUnknownCost: row.unknown_cost,
    state: row.state,
    reached: row.reached,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
