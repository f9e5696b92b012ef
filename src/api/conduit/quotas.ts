import { z } from '@hono/zod-openapi';
import type { Budget, BudgetPeriod } from '../../core/budget.ts';
import { setQuotas } from '../../runs/budgets.ts';
import { listQuotas } from '../../store/budgets.ts';
import { type Answer, ok } from '../answer.ts';
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
      return answerOf(id, await listQuotas(deps.db, id));
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
      const limits = (given: (typeof body)['day']) => (given ? limitsOf(given) : null);
      const wanted = { day: limits(body.day), month: limits(body.month) };
      return answerOf(id, await setQuotas(deps, id, wanted));
    },
  ),
];

function answerOf(workspaceId: string, quotas: readonly Budget[]): Answer {
  const of = (period: BudgetPeriod) => {
    const found = quotas.find((one) => one.period === period);
    return found === undefined ? null : showBudget(found);
  };
  return ok({ workspace_id: workspaceId, day: of('day'), month: of('month') });
}
