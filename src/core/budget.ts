// What may be used in a day or a month, and what that means for runs that are to start.

export const budgetPeriods = ['day', 'month'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

export const budgetMeasures = ['runs', 'tokens', 'cost'] as const;
export type BudgetMeasure = (typeof budgetMeasures)[number];

export const budgetStates = ['ok', 'warning', 'exceeded'] as const;
export type BudgetState = (typeof budgetStates)[number];

export interface BudgetLimits {
  readonly maxRuns: number | null;
  /** Input and output together. */
  readonly maxTokens: number | null;
  readonly maxCostUsd: number | null;
  /** The share of a limit, above 0 and at most 1, from which on the state is `warning`. */
  readonly warnAt: number;
}

export interface BudgetUse {
  readonly runs: number;
  readonly tokens: number;
  /** USD, of the runs whose cost is known. */
  readonly costUsd: number;
}

export interface Budget extends BudgetLimits {
  readonly id: string;
  readonly workspaceId: string;
  /** Null: of the whole workspace. */
  readonly agentId: string | null;
  /** A workspace's quota, which only the admin sets. */
  readonly isQuota: boolean;
  readonly period: BudgetPeriod;
  /** Whether runs are refused when it is used up, or only told of. */
  readonly stops: boolean;
  /** First day of the period that the use is of, in UTC: `2026-04-01`. */
  readonly periodStart: string;
  readonly used: BudgetUse;
  readonly runsOfUnknownCost: number;
  readonly state: BudgetState;
  /** The limits that are reached. */
  readonly reached: readonly BudgetMeasure[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The state that the use has brought a budget to. A limit of 0 is reached at once. */
export function judgeBudget(
  limits: BudgetLimits,
  used: BudgetUse,
): { readonly state: BudgetState; readonly reached: readonly BudgetMeasure[] } {
  const shares = budgetMeasures.flatMap((measure) => {
    const limit = limitOf(limits, measure);
    return limit === null ? [] : [{ measure, share: shareOf(usedOf(used, measure), limit) }];
  });
  const reached = shares.filter(({ share }) => share >= 1).map(({ measure }) => measure);
  if (reached.length > 0) return { state: 'exceeded', reached };
  const isNear = shares.some(({ share }) => share >= limits.warnAt);
  return { state: isNear ? 'warning' : 'ok', reached };
}

/** A sentence for whoever wanted to start a run. */
export function whyOverBudget(
  budget: Pick<Budget, 'agentId' | 'isQuota' | 'period' | 'periodStart' | 'used'> & BudgetLimits,
  measure: BudgetMeasure,
): string {
  const whose = budget.agentId === null ? 'the workspace' : 'this agent';
  const what = budget.isQuota ? 'quota' : 'budget';
  const limit = amount(measure, limitOf(budget, measure) ?? 0);
  const used = amount(measure, usedOf(budget.used, measure));
  return `The ${what} of ${whose} for the ${budget.period} is used up: ${used} of ${limit}. It starts anew at ${periodEnd(budget).toISOString()}; raise it to run before that.`;
}

/** When the period after it begins. */
export function periodEnd({ period, periodStart }: Pick<Budget, 'period' | 'periodStart'>): Date {
  const end = new Date(`${periodStart}T00:00:00Z`);
  if (period === 'day') end.setUTCDate(end.getUTCDate() + 1);
  else end.setUTCMonth(end.getUTCMonth() + 1);
  return end;
}

function limitOf(limits: BudgetLimits, measure: BudgetMeasure): number | null {
  return { runs: limits.maxRuns, tokens: limits.maxTokens, cost: limits.maxCostUsd }[measure];
}

function usedOf(used: BudgetUse, measure: BudgetMeasure): number {
  return { runs: used.runs, tokens: used.tokens, cost: used.costUsd }[measure];
}

function shareOf(used: number, limit: number): number {
  return limit <= 0 ? 1 : used / limit;
}

function amount(measure: BudgetMeasure, value: number): string {
  if (measure === 'cost') return `${Number(value.toFixed(4))} USD`;
  return `${value} ${measure}`;
}
