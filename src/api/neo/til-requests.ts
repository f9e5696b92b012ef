import { z } from '@hono/zod-openapi';
import {
  type Approval,
  type ApprovalStatus,
  approvalActions,
  approvalKinds,
  approvalStatuses,
} from '../../core/approval.ts';
import { stepId } from '../../core/journal.ts';
import { RawJson } from '../../core/raw-json.ts';
import { decideApproval, requireApproval } from '../../runs/decide-approval.ts';
import { listApprovals } from '../../store/approval-lists.ts';
import { listed, ok } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { findAgentId, findRun } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { executionParams } from './executions.ts';
import { agentFilter, commaSeparated, moment, ofObject, pageQuery, upperCased } from './fields.ts';

// Approvals as Neo's pages document them: TIL requests (technician in the loop). Their statuses are not
// documented there.

const tag = 'TIL requests';
const resource = 'approval';

const statuses = upperCased(approvalStatuses);

const person = z.object({ user_id: z.string(), user_name: z.string().nullable() });

const row = z
  .object({
    id: z.number().int(),
    uid: z.string().openapi({ description: 'Id of the request, accepted wherever its number is.' }),
    status: z.enum(statuses),
    type: z.enum(approvalKinds),
    agent_id: z.number().int(),
    agent_name: z.string(),
    execution_id: z.string(),
    step_id: z.string(),
    approvers: z.array(person).openapi({ description: 'Empty: whoever may write.' }),
    requested_for: z.looseObject({}).openapi({ description: 'What is to be decided.' }),
    ticket_id: z.string().nullable(),
    ticket_number: z.string().nullable(),
    session_id: z.string().nullable(),
    comment: z.string().nullable().openapi({ description: 'The note of who decided.' }),
    decided_by: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
    decided_at: z.string().nullable().openapi({ format: 'date-time' }),
    expires_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('TilRequest');

const params = z.object({
  request_id: z.string().openapi({ description: 'Number of the request, or its `ap…` id.' }),
});

const ignored = 'Of a platform’s own relay; decides nothing here.';

export const tilRequestRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/til-requests',
      operationId: 'public_api.til_requests_get',
      tag,
      summary: 'List TIL requests, newest first',
      description:
        'Of who is signed in and owns no workspace: those that they may decide, which name them or nobody.',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object({
        status: commaSeparated(statuses).optional(),
        agent_id: agentFilter,
        approver: z
          .string()
          .max(64)
          .optional()
          .openapi({ description: 'Id of a token or member that is named as approver.' }),
        q: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .openapi({ description: 'Part of the ticket’s id or of the question.' }),
        created_after: moment('At or after.').optional(),
        created_before: moment('Before.').optional(),
        ...pageQuery,
      }),
      responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
    },
    async ({ query, scope, workspaceId, caller }, deps) => {
      const { page_size: limit, cursor, ...given } = query;
      const isOwn = isLimited(caller, workspaceId);
      const filters = { ...given, workspaceId, of: isOwn ? caller.id : undefined };
      const paging = pagingOf(deps, { name: 'til-requests', filters, limit, cursor });
      const { status, agent_id, approver, q, created_after, created_before } = given;
      const filter = {
        scope,
        ...(status !== undefined && { statuses: status.map(toStatus) }),
        ...(agent_id !== undefined && { agentId: await findAgentId(deps, scope, agent_id) }),
        ...(approver !== undefined && { approver }),
        ...(isOwn && { decidableBy: caller.id }),
        ...(q !== undefined && { search: q }),
        ...(created_after && { from: created_after }),
        ...(created_before && { to: created_before }),
      };
      return listed(await listApprovals(deps.db, filter, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/til-requests/{request_id}',
      operationId: 'public_api.til_requests_detail_get',
      tag,
      summary: 'Get a TIL request',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { request_id: id }, scope }, deps) =>
      ok(show(await requireApproval(deps.db, scope, id))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/til-requests/{request_id}/decision',
      operationId: 'public_api.til_requests_decision_post',
      tag,
      summary: 'Decide a TIL request',
      description:
        'Once and for good: 409 `already_decided` for a second decision, 409 `conflict` when its execution has ended, 403 for who is not among its approvers. `ask_for_changes` goes beyond what Neo’s pages document: the agent is told, with the note, and tries again.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z
        .object({
          action: z.enum(approvalActions),
          note: z.string().max(10_000).nullable().default(null),
          acting_end_user: z.string().nullable().optional().openapi({ description: ignored }),
          acting_end_user_name: z.string().nullable().optional().openapi({ description: ignored }),
          client_id: z.number().int().nullable().optional().openapi({ description: ignored }),
        })
        .openapi('TilDecisionRequest'),
      bodyRequired: true,
      bodyExample: { action: 'approve' },
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { request_id: id }, body, scope, caller }, deps) => {
      const by = { id: caller.id, name: caller.name, isAdmin: caller.access === 'admin' };
      const decision = { action: body.action, note: body.note || null, by };
      return ok(show(await decideApproval(deps.db, { scope, id }, decision)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/executions/{execution_id}/til-requests',
      operationId: 'public_api.executions_til_requests_get',
      tag: 'Executions',
      summary: 'List the TIL requests raised in an execution',
      description: 'Newest first, 200 at most.',
      resource: 'run',
      right: 'read',
      workspace: ofObject,
      params: executionParams,
      responses: { 200: { description: 'Success.', data: z.array(row) } },
    },
    async ({ params: { execution_id: id }, scope }, deps) => {
      const run = await findRun(deps, scope, id);
      const page = { limit: 200, after: null };
      const found = await listApprovals(deps.db, { scope, runId: run.id }, page);
      return ok(found.items.map(show));
    },
  ),
];

/** Owners and tokens see all; everybody else what is theirs to decide. */
function isLimited({ kind, roles }: Caller, workspaceId: string): boolean {
  return kind === 'person' && roles?.get(workspaceId) !== 'owner';
}

function toStatus(status: Uppercase<ApprovalStatus>): ApprovalStatus {
  return status.toLowerCase() as ApprovalStatus;
}

function show(approval: Approval): z.input<typeof row> {
  const { agent, run } = approval;
  const createdAt = approval.createdAt.toISOString();
  const decidedAt = approval.decidedAt?.toISOString() ?? null;
  return {
    id: approval.number,
    uid: approval.id,
    status: approval.status.toUpperCase() as Uppercase<ApprovalStatus>,
    type: approval.kind,
    agent_id: agent.number,
    agent_name: agent.name,
    execution_id: run.runId,
    step_id: stepId(run.id, approval.step),
    approvers: approval.approvers.map(({ id, name }) => ({ user_id: id, user_name: name })),
    requested_for: {
      question: approval.question,
      tool: approval.toolName,
      proposal: new RawJson(approval.proposalJson),
    },
    ticket_id: run.entityId,
    ticket_number: null,
    session_id: run.sessionId,
    comment: approval.note,
    decided_by: approval.decidedBy,
    created_at: createdAt,
    updated_at: decidedAt ?? createdAt,
    decided_at: decidedAt,
    expires_at: approval.expiresAt.toISOString(),
  };
}
