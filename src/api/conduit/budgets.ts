import { z } from '@hono/zod-openapi';
import { type Budget, budgetPeriods } from '../../core/budget.ts';
import { ApiError } from '../../core/errors.ts';
import { changeBudget, createBudget, removeBudget, requireBudget } from '../../runs/budgets.ts';
import { listBudgets } from '../../store/budgets.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findAgent, findAgentId } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { budgetShape, limitFields, limitsOf, showBudget } from './budget-view.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';

const tag = 'usage';
const resource = 'budget';
const params = z.object({ id: idParam('Budget', 'bu77c0dy0mgdpzmqz6tesry8w184002s') });

const meaning =
  'When a limit is reached no further run starts until the period (UTC) is over: a dispatch is answered 422, a firing of a trigger is kept with the verdict `refused`, reason `budget_exceeded`. Runs that have started go on to their end, with what they ask other agents for. `max_runs` holds exactly; tokens and money are known about two seconds late and without what open runs are still going to use.';

export const budgetRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/budgets',
      operationId: 'listBudgets',
      tag,
      summary: 'List budgets, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({ agent_id: z.string().optional(), ...listQuery }),
      responses: { 200: { description: 'Budgets', data: budgetShape, kind: 'page' } },
    },
    async ({ query: { limit, cursor, agent_id }, scope, workspaceId }, deps) => {
      const filters = { workspaceId, agent_id };
      const paging = pagingOf(deps, { name: 'budgets', filters, limit, cursor });
      const agentId = agent_id === undefined ? null : await findAgentId(deps, scope, agent_id);
      const filter = { workspaceId, agentId };
      return listed(await listBudgets(deps.db, filter, paging.request), paging, showBudget);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/budgets',
      operationId: 'createBudget',
      tag,
      summary: 'Limit what an agent or the workspace may use',
      description: meaning,
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        agent_id: z.string().nullable().optional().openapi({
          description: 'Id or number of the agent; null or absent: the whole workspace.',
        }),
        period: z.enum(budgetPeriods),
        ...limitFields,
      }),
      bodyRequired: true,
      bodyExample: { period: 'day', max_runs: 1_000, max_cost_usd: 25 },
      idempotent: 'create',
      responses: { 201: { description: 'Budget created', data: budgetShape } },
    },
    async ({ body, scope, workspaceId, idempotency }, deps) => {
      const given = body.agent_id ?? null;
      const agent = given === null ? null : await findAgent(deps, scope, given);
      if (agent !== null && agent.workspaceId !== workspaceId) throw missingAgent(given ?? '');
      const budget = await createBudget(deps, scope, {
        budget: {
          ...limitsOf(body),
          workspaceId,
          agentId: agent?.id ?? null,
          period: body.period,
        },
        inTransaction: keepAnswer(deps, idempotency, (made: Budget) => created(showBudget(made))),
      });
      return created(showBudget(budget));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/budgets/{id}',
      operationId: 'getBudget',
      tag,
      summary: 'Get a budget and what is used of it',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Budget', data: budgetShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showBudget(await requireBudget(deps.db, scope, id))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/budgets/{id}',
      operationId: 'updateBudget',
      tag,
      summary: 'Change the limits of a budget',
      description: 'Only what is given changes; what was used in the period stays counted.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object(limitFields),
      bodyRequired: true,
      bodyExample: { max_cost_usd: 50 },
      responses: { 200: { description: 'Budget', data: budgetShape } },
    },
    async ({ params: { id }, body, scope }, deps) => {
      const limits = limitsOf(body, await requireBudget(deps.db, scope, id));
      return ok(showBudget(await changeBudget(deps, scope, { id, limits })));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/budgets/{id}',
      operationId: 'deleteBudget',
      tag,
      summary: 'Delete a budget',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Budget deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeBudget(deps, scope, id);
      return deleted(id);
    },
  ),
];

function missingAgent(id: string): ApiError {
  return new ApiError('not_found', `There is no agent ${id}.`, {
    details: { agent_id: 'is not an agent of this workspace' },
  });
}
