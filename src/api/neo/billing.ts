import { z } from '@hono/zod-openapi';
import { forecast, type Month, monthAt } from '../../core/month.ts';
import { refusal } from '../../core/validate.ts';
import { readAgentLabels } from '../../store/agent-labels.ts';
import { readMonthlyCostLimit } from '../../store/budgets.ts';
import { countEntities } from '../../store/run-figures.ts';
import { readUsage, type UsageQuery } from '../../store/usage.ts';
import { ok } from '../answer.ts';
import { defineRoute, type Route } from '../route.ts';

// Nobody is billed here: a credit is a US cent of what models cost, as far as their prices are known.

const common = {
  method: 'get',
  tag: 'Billing',
  resource: 'usage',
  right: 'read',
  workspace: { from: 'header', need: 'one' },
} as const;

const credits = z.number();
const monthQuery = z.object({
  month: z
    .string()
    .regex(/^[1-9][0-9]{3}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-04')
    .optional()
    .openapi({ description: 'UTC; the current one, if not given.', example: '2026-04' }),
});

const usageShape = z
  .object({
    month: z.string(),
    credits_used: credits,
    credits_limit: credits.nullable().openapi({
      description: 'The workspace’s least quota or budget of money for a month, if it has one.',
    }),
    credits_remaining: credits.nullable(),
    forecasted_credits: credits.openapi({
      description:
        'If the rest of the month goes as it has so far; of a past month, what was used.',
    }),
    reserve_balance: credits.nullable().openapi({ description: '0: there is no reserve.' }),
  })
  .openapi('CreditUsage');

const getCreditUsage = defineRoute(
  {
    ...common,
    path: '/public-api/billing/usage',
    operationId: 'public_api.billing_usage_get',
    summary: 'Get what was used in a month',
    description:
      'A credit is a US cent of what models cost, of the executions that ended in the month. Limit, remaining and reserve are null for past months.',
    query: monthQuery,
    responses: { 200: { description: 'Success.', data: usageShape } },
  },
  async ({ query, workspaceId }, deps) => {
    const month = requireMonth(query.month);
    const { totals } = await readUsage(deps.db, { ...usageOf(workspaceId, month), groupBy: [] });
    const used = toCredits(totals.costUsd);
    if (!month.isCurrent) {
      const past = { credits_limit: null, credits_remaining: null, reserve_balance: null };
      return ok({ month: month.name, credits_used: used, forecasted_credits: used, ...past });
    }
    const limitUsd = await readMonthlyCostLimit(deps.db, workspaceId);
    const limit = limitUsd === null ? null : toCredits(limitUsd);
    return ok({
      month: month.name,
      credits_used: used,
      credits_limit: limit,
      credits_remaining: limit === null ? null : Math.max(0, limit - used),
      forecasted_credits: forecast(used, month),
      reserve_balance: 0,
    } satisfies z.input<typeof usageShape>);
  },
);

const byAgentShape = z
  .object({
    month: z.string(),
    agents: z
      .array(
        z.object({
          agent_id: z.number().int(),
          agent_name: z.string(),
          credits_consumed: credits,
          unique_tickets: z.number().int().openapi({
            description: 'Different entities that executions created in the month were about.',
          }),
        }),
      )
      .openapi({ description: 'The dearest first; 1,000 at most.' }),
  })
  .openapi('CreditUsageByAgent');

const getCreditUsageByAgent = defineRoute(
  {
    ...common,
    path: '/public-api/billing/usage-by-agent',
    operationId: 'public_api.billing_usage_by_agent_get',
    summary: 'Get what each agent used in a month',
    description: 'Agents of which an execution ended in the month.',
    query: monthQuery,
    responses: { 200: { description: 'Success.', data: byAgentShape } },
  },
  async ({ query, workspaceId }, deps) => {
    const month = requireMonth(query.month);
    const { from, to } = month;
    const { groups } = await readUsage(deps.db, {
      ...usageOf(workspaceId, month),
      groupBy: ['agent'],
    });
    const entities = await countEntities(deps.db, { workspaceId, agentId: null, from, to });
    const labels = await readAgentLabels(
      deps.db,
      groups.flatMap((group) => group.agentId ?? []),
    );
    return ok({
      month: month.name,
      agents: groups.flatMap((group) => {
        const label = labels.get(group.agentId ?? '');
        if (label === undefined) return [];
        return [
          {
            agent_id: label.number,
            agent_name: label.name,
            credits_consumed: toCredits(group.costUsd),
            unique_tickets: entities.get(label.id) ?? 0,
          },
        ];
      }),
    } satisfies z.input<typeof byAgentShape>);
  },
);

/** Throws `validation_error` for a month that has not begun. */
function requireMonth(name: string | undefined): Month {
  const now = new Date();
  const month = monthAt(now, name);
  if (month.from <= now) return month;
  throw refusal(new Map([['month', 'must not be in the future']]));
}

function usageOf(workspaceId: string, month: Month): Omit<UsageQuery, 'groupBy'> {
  const lastDay = new Date(month.to.getTime() - 1).toISOString().slice(0, 10);
  return {
    workspaceId,
    ...{ from: `${month.name}-01`, to: lastDay, limit: 1_000 },
    ...{ agentId: null, model: null, triggerId: null },
  };
}

/** Sums of money are exact to a thousand-millionth of a dollar. */
function toCredits(usd: number): number {
  return Math.round(usd * 1e9) / 1e7;
}

export const billingRoutes: readonly Route[] = [getCreditUsage, getCreditUsageByAgent];
