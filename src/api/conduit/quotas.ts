import { z } from '@hono/zod-openapi';
import { type BudgetPeriod, budgetPeriods } from '../../core/budget.ts';
import { checkBudgets } from '../../store/budget-use.ts';
import { listQuotas, putQuota } from '../../store/budgets.ts';
import { type Answer, ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { findWorkspace } from '../find.ts';
import { defineRoute } from '../route.ts';
import { budgetShape, limitFields, limitsOf, showBudget } from './budget-view.ts';
import { idParam } from './fields.ts';

// Budgets of a whole workspace which the admin sets, and its own people cannot raise.

const tag = 'workspaces';
const params = z.object({ id: idParam('Workspace', 'ws77c0dy0mgdpzmqz6tesry8w184002s') });
const quota = budgetShape.nullable();
const quotasShape = z.object({ workspace_id: z.string(), day: quota, month: quota });
const given = z.object(limitFields).nullable().optional();

export const quotaRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/workspaces/{id}/quotas',
      operationId: 'getWorkspaceQuotas',
      tag,
      summary: 'Get the quotas of a workspace and what is used of them',
      resource: 'workspace',
      right: 'read',
      workspace: 'none',
      params,
      responses: { 200: { description: 'Quotas', data: quotasShape } },
    },
    async ({ params: { id }, scope }, deps) => {
      await findWorkspace(deps, scope, id);
      return await answerOf(deps, id);
    },
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/workspaces/{id}/quotas',
      operationId: 'putWorkspaceQuotas',
      tag,
      summary: 'Set the quotas of a workspace',
      description:
        'Both at once: one that is null or absent is taken away. They work as budgets do, beside those that the workspace sets itself.',
      resource: 'workspace',
      right: 'admin',
      workspace: 'none',
      params,
      body: z.object({ day: given, month: given }),
      bodyRequired: true,
      bodyExample: { day: { max_runs: 10_000 }, month: { max_cost_usd: 500 } },
      responses: { 200: { description: 'Quotas', data: quotasShape } },
    },
    async ({ params: { id }, body, scope }, deps) => {
      await findWorkspace(deps, scope, id);
      const limits = new Map(
        budgetPeriods.map((period) => [period, body[period] ? limitsOf(body[period]) : null]),
      );
      await deps.db.transaction(async (tx) => {
        for (const [period, quota] of limits)
          await putQuota(tx, { workspaceId: id, period, quota });
      });
      for (const { id: quotaId } of await listQuotas(deps.db, id)) {
        await checkBudgets(deps.db, { limit: 1, id: quotaId });
      }
      await deps.budgets?.refresh();
      return await answerOf(deps, id);
    },
  ),
];

async function answerOf(deps: ApiDeps, workspaceId: string): Promise<Answer> {
  const quotas = await listQuotas(deps.db, workspaceId);
  const of = (period: BudgetPeriod) => {
    const found = quotas.find((one) => one.period === period);
    return found === undefined ? null : showBudget(found);
  };
  return ok({ workspace_id: workspaceId, day: of('day'), month: of('month') });
}
