import {
  type Budget,
  type BudgetLimits,
  type BudgetPeriod,
  budgetPeriods,
} from '../core/budget.ts';
import { ApiError } from '../core/errors.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { checkBudgets } from '../store/budget-use.ts';
import {
  deleteBudget,
  getBudget,
  insertBudget,
  listQuotas,
  putQuota,
  updateBudget,
} from '../store/budgets.ts';
import type { Database } from '../store/connect.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import type { BudgetGate } from './budget-gate.ts';

// The rules of budgets, and of the quotas that the admin sets. What is changed is counted at once and known to
// this process when it is answered; others know of it within about two seconds.

export interface BudgetDeps {
  readonly db: Database;
  readonly budgets?: Pick<BudgetGate, 'refresh'>;
}

type Limits = BudgetLimits & { readonly stops: boolean };

const maxCount = 200;

/** Throws `not_found`. */
export async function requireBudget(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<Budget> {
  const budget = await getBudget(db, scope, id);
  if (budget === null) throw missing(id);
  return budget;
}

/** Throws `invalid_workspace`, `forbidden`, and `conflict` when the workspace has as many as it may. */
export async function createBudget(
  deps: BudgetDeps,
  scope: WorkspaceScope,
  given: {
    readonly budget: Limits & {
      readonly workspaceId: string;
      readonly agentId: string | null;
      readonly period: BudgetPeriod;
    };
    readonly inTransaction?: InTransaction<Budget> | undefined;
  },
): Promise<Budget> {
  const { budget, inTransaction } = given;
  const made = await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, scope, budget.workspaceId);
    const inserted = await insertBudget(tx, budget, maxCount);
    if (inserted === null) {
      throw new ApiError('conflict', `The workspace has ${maxCount} budgets. Delete one first.`);
    }
    await inTransaction?.(tx, inserted);
    return inserted;
  });
  await recount(deps, [made.id]);
  return made;
}

/** The budget with its use. Throws `not_found`. */
export async function changeBudget(
  deps: BudgetDeps,
  scope: WorkspaceScope,
  given: { readonly id: string; readonly limits: Limits },
): Promise<Budget> {
  const { stops, ...limits } = given.limits;
  const changed = await updateBudget(deps.db, scope, { id: given.id, limits, stops });
  if (changed === null) throw missing(given.id);
  await recount(deps, [given.id]);
  return await requireBudget(deps.db, scope, given.id);
}

/** Throws `not_found`. */
export async function removeBudget(
  deps: BudgetDeps,
  scope: WorkspaceScope,
  id: string,
): Promise<void> {
  if (!(await deleteBudget(deps.db, scope, id))) throw missing(id);
  await deps.budgets?.refresh();
}

/** Sets the workspace's quotas, all at once; null takes one away. They are then as they stand. */
export async function setQuotas(
  deps: BudgetDeps,
  workspaceId: string,
  quotas: Readonly<Record<BudgetPeriod, Limits | null>>,
): Promise<readonly Budget[]> {
  await deps.db.transaction(async (tx) => {
    for (const period of budgetPeriods) {
      await putQuota(tx, { workspaceId, period, quota: quotas[period] });
    }
  });
  await recount(
    deps,
    (await listQuotas(deps.db, workspaceId)).map(({ id }) => id),
  );
  return await listQuotas(deps.db, workspaceId);
}

function missing(id: string): ApiError {
  return new ApiError('not_found', `There is no budget ${id}.`);
}

async function recount(deps: BudgetDeps, ids: readonly string[]): Promise<void> {
  for (const id of ids) await checkBudgets(deps.db, { limit: 1, id });
  await deps.budgets?.refresh();
}
