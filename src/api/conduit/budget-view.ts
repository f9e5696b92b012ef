import { z } from '@hono/zod-openapi';
import {
  type Budget,
  type BudgetLimits,
  budgetMeasures,
  budgetPeriods,
  budgetStates,
  periodEnd,
} from '../../core/budget.ts';
import { refusal } from '../../core/validate.ts';
import { iso } from './times.ts';

const largest = 1e15;
const whole = z.number().int().min(0).max(largest).nullable();

export const limitFields = {
  max_runs: whole.optional().openapi({
    description: 'Runs that are started, by hand or by triggers; kept exactly.',
  }),
  max_tokens: whole.optional().openapi({ description: 'Input and output together.' }),
  max_cost_usd: z.number().min(0).max(largest).nullable().optional().openapi({
    description: 'Of runs whose price is known; others are counted in `runs_of_unknown_cost`.',
  }),
  warn_at: z.number().gt(0).max(1).optional().openapi({
    description: 'The share of a limit from which on `budget.warning` is told; default 0.8.',
  }),
  stops: z.boolean().optional().openapi({
    description: 'Whether no run starts any more when it is used up; default true.',
  }),
};

export const budgetShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  agent_id: z.string().nullable().openapi({ description: 'Null: of the whole workspace.' }),
  period: z.enum(budgetPeriods),
  max_runs: z.number().int().nullable(),
  max_tokens: z.number().int().nullable(),
  max_cost_usd: z.number().nullable(),
  warn_at: z.number(),
  stops: z.boolean(),
  state: z.enum(budgetStates),
  reached: z.array(z.enum(budgetMeasures)).openapi({ description: 'Limits that are reached.' }),
  used: z.object({
    runs: z.number().int(),
    tokens: z.number().int(),
    cost_usd: z.number(),
    runs_of_unknown_cost: z.number().int(),
  }),
  period_start: z.string(),
  period_end: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export function showBudget(budget: Budget): z.input<typeof budgetShape> {
  return {
    id: budget.id,
    workspace_id: budget.workspaceId,
    agent_id: budget.agentId,
    period: budget.period,
    max_runs: budget.maxRuns,
    max_tokens: budget.maxTokens,
    max_cost_usd: budget.maxCostUsd,
    warn_at: budget.warnAt,
    stops: budget.stops,
    state: budget.state,
    reached: [...budget.reached],
    used: {
      runs: budget.used.runs,
      tokens: budget.used.tokens,
      cost_usd: budget.used.costUsd,
      runs_of_unknown_cost: budget.runsOfUnknownCost,
    },
    period_start: `${budget.periodStart}T00:00:00.000Z`,
    period_end: iso(periodEnd(budget)),
    created_at: iso(budget.createdAt),
    updated_at: iso(budget.updatedAt),
  };
}

export interface GivenLimits {
  readonly max_runs?: number | null | undefined;
  readonly max_tokens?: number | null | undefined;
  readonly max_cost_usd?: number | null | undefined;
  readonly warn_at?: number | undefined;
  readonly stops?: boolean | undefined;
}

const none = { maxRuns: null, maxTokens: null, maxCostUsd: null, warnAt: 0.8, stops: true };

/** What is given, over what there was. Throws `validation_error` when nothing is limited any more. */
export function limitsOf(
  given: GivenLimits,
  before: BudgetLimits & { readonly stops: boolean } = none,
): BudgetLimits & { readonly stops: boolean } {
  const over = <T>(value: T | undefined, old: T): T => (value === undefined ? old : value);
  const limits = {
    maxRuns: over(given.max_runs, before.maxRuns),
    maxTokens: over(given.max_tokens, before.maxTokens),
    maxCostUsd: over(given.max_cost_usd, before.maxCostUsd),
    warnAt: over(given.warn_at, before.warnAt),
    stops: over(given.stops, before.stops),
  };
  if (limits.maxRuns === null && limits.maxTokens === null && limits.maxCostUsd === null) {
    const problem = 'is needed, or max_tokens or max_cost_usd: this budget would limit nothing';
    throw refusal(new Map([['max_runs', problem]]));
  }
  return limits;
}
