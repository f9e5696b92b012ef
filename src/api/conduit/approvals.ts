import { z } from '@hono/zod-openapi';
import { approvalActions, approvalStatuses } from '../../core/approval.ts';
import { decideApproval, requireApproval } from '../../runs/decide-approval.ts';
import { listApprovals } from '../../store/approval-lists.ts';
import { listed, ok } from '../answer.ts';
import { findAgentId, findRun } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { approvalShape, showApproval } from './approval-view.ts';
import { idParam, listQuery, ofObject } from './fields.ts';

const tag = 'approvals';
const resource = 'approval';
const params = z.object({ id: idParam('Approval', 'ap77c0dy0mgdpzmqz6tesry8w184002s') });

export const approvalRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/approvals',
      operationId: 'listApprovals',
      tag,
      summary: 'List approvals, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        status: z.enum(approvalStatuses).optional(),
        agent_id: z.string().optional(),
        run_id: z.string().optional().openapi({ description: 'Either id of a run.' }),
        approver: z
          .string()
          .max(64)
          .optional()
          .openapi({ description: 'Id of a token or member that is named as approver.' }),
        ...listQuery,
      }),
      responses: { 200: { description: 'Approvals', data: approvalShape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { limit, cursor, status, agent_id, run_id, approver } = query;
      const filters = { workspaceId, status, agent_id, run_id, approver };
      const paging = pagingOf(deps, { name: 'approvals', filters, limit, cursor });
      const filter = {
        scope,
        ...(status !== undefined && { statuses: [status] }),
        ...(agent_id !== undefined && { agentId: await findAgentId(deps, scope, agent_id) }),
        ...(run_id !== undefined && { runId: (await findRun(deps, scope, run_id)).id }),
        ...(approver !== undefined && { approver }),
      };
      return listed(await listApprovals(deps.db, filter, paging.request), paging, showApproval);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/approvals/{id}',
      operationId: 'getApproval',
      tag,
      summary: 'Get an approval',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Approval', data: approvalShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showApproval(await requireApproval(deps.db, scope, id))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/approvals/{id}/decision',
      operationId: 'decideApproval',
      tag,
      summary: 'Decide an approval',
      description:
        'Once and for good: a second decision is refused with 409. The run goes on by it: an approved call is made; of one that is rejected, or sent back for changes, the agent is told, with the note. A run that waits as a whole starts, or ends; changes of what it decided are its agent’s to make. Who is not among the approvers gets 403; the admin token may always decide.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        action: z.enum(approvalActions),
        note: z.string().min(1).max(10_000).nullable().optional(),
      }),
      bodyRequired: true,
      bodyExample: { action: 'approve', note: 'Only this once.' },
      errors: {
        409: 'It is decided, has expired, or its run has ended',
        422: 'The run has not begun: there is nothing to change yet',
      },
      responses: { 200: { description: 'Approval, decided', data: approvalShape } },
    },
    async ({ params: { id }, body, scope, caller }, deps) => {
      const by = { id: caller.id, name: caller.name, isAdmin: caller.access === 'admin' };
      const decision = { action: body.action, note: body.note ?? null, by };
      return ok(showApproval(await decideApproval(deps.db, { scope, id }, decision)));
    },
  ),
];
