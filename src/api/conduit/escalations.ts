import { z } from '@hono/zod-openapi';
import {
  giveEscalation,
  requireEscalation,
  resolveEscalation,
  sendReply,
  takeOver,
} from '../../conversations/escalations.ts';
import { closingStatuses, type Escalation, escalationStatuses } from '../../core/escalation.ts';
import { readEscalationDetails } from '../../runs/escalation-details.ts';
import { listEscalations } from '../../store/escalations.ts';
import { type Answer, listed, ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { findAgentId } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { escalationShape, showEscalation } from './escalation-view.ts';
import { idParam, listQuery } from './fields.ts';
import { messageBody } from './inbox-fields.ts';

const tag = 'escalations';
const resource = 'escalation';
const workspace = { from: 'query', need: 'optional' } as const;
const params = z.object({ id: idParam('Escalation', 'es77c0dy0mgdpzmqz6tesry8w184002s') });
const one = { 200: { description: 'Escalation', data: escalationShape } } as const;
const done = { 409: 'A person is done with it' } as const;
const notSent = {
  409: 'A person is done with it, the proposal is superseded, or it was answered in the meantime',
  422: 'There is nothing to send, or nobody to send it to',
} as const;

/** Every write: one change, then the escalation as it is. */
const common = { method: 'post', tag, resource, right: 'write', workspace, params } as const;

async function shown(deps: ApiDeps, escalation: Escalation): Promise<Answer> {
  const [details] = await readEscalationDetails(deps.db, [escalation.run.id]);
  return ok(showEscalation(escalation, details));
}

export const escalationRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/escalations',
      operationId: 'listEscalations',
      tag,
      summary: 'List escalations, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        status: z.enum(escalationStatuses).optional(),
        agent_id: z.string().optional(),
        conversation_id: z.string().max(64).optional(),
        assignee_id: z.string().max(64).optional(),
        ...listQuery,
      }),
      responses: { 200: { description: 'Escalations', data: escalationShape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { limit, cursor, status, agent_id, conversation_id, assignee_id } = query;
      const filters = { workspaceId, status, agent_id, conversation_id, assignee_id };
      const paging = pagingOf(deps, { name: 'escalations', filters, limit, cursor });
      const filter = {
        scope,
        status,
        conversationId: conversation_id,
        assigneeId: assignee_id,
        agentId: agent_id === undefined ? undefined : await findAgentId(deps, scope, agent_id),
      };
      const page = await listEscalations(deps.db, filter, paging.request);
      const runs = page.items.map(({ run }) => run.id);
      const details = await readEscalationDetails(deps.db, runs);
      const byRun = new Map(runs.map((id, index) => [id, details[index]]));
      return listed(page, paging, (escalation) =>
        showEscalation(escalation, byRun.get(escalation.run.id)),
      );
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/escalations/{id}',
      operationId: 'getEscalation',
      summary: 'Get an escalation',
      right: 'read',
      responses: one,
    },
    async ({ params: { id }, scope }, deps) =>
      await shown(deps, await requireEscalation(deps.db, { scope, id })),
  ),
  defineRoute(
    {
      ...common,
      path: '/v1/escalations/{id}/resolve',
      operationId: 'resolveEscalation',
      summary: 'Resolve an escalation',
      description: 'A person is done with it; nothing is sent.',
      body: z.object({ status: z.enum(closingStatuses).default('resolved') }),
      errors: done,
      responses: one,
    },
    async ({ params: { id }, scope, body, caller }, deps) => {
      const given = { status: body.status, by: caller.id };
      return await shown(deps, await resolveEscalation(deps.db, { scope, id }, given));
    },
  ),
  defineRoute(
    {
      ...common,
      path: '/v1/escalations/{id}/assign',
      operationId: 'assignEscalation',
      summary: 'Assign an escalation',
      description: 'To somebody who may write in its workspace.',
      body: z.object({ assignee_id: z.string().min(1).max(64) }),
      bodyRequired: true,
      bodyExample: { assignee_id: 'tk77c0dy0mgdpzmqz6tesry8w184002s' },
      errors: done,
      responses: one,
    },
    async ({ params: { id }, scope, body }, deps) =>
      await shown(deps, await giveEscalation(deps.db, { scope, id }, body.assignee_id)),
  ),
  defineRoute(
    {
      ...common,
      path: '/v1/escalations/{id}/approve',
      operationId: 'approveEscalation',
      summary: 'Send the proposed reply',
      description:
        'As it is, once. Refused when a newer message has come in since, or somebody has answered.',
      errors: notSent,
      responses: one,
    },
    async ({ params: { id }, scope, caller }, deps) => {
      const given = { body: null, by: caller.id };
      return await shown(deps, await sendReply(deps.conversations, { scope, id }, given));
    },
  ),
  defineRoute(
    {
      ...common,
      path: '/v1/escalations/{id}/send',
      operationId: 'sendEscalationReply',
      summary: 'Send a reply in place of the proposed one',
      description:
        'Once. It answers all that has come in; the run shows what was proposed and what was sent.',
      body: z.object({ body: messageBody }),
      bodyRequired: true,
      bodyExample: { body: 'We have looked into it.' },
      errors: notSent,
      responses: one,
    },
    async ({ params: { id }, scope, body, caller }, deps) => {
      const given = { body: body.body, by: caller.id };
      return await shown(deps, await sendReply(deps.conversations, { scope, id }, given));
    },
  ),
  ...([true, false] as const).map((aiPaused) =>
    defineRoute(
      {
        ...common,
        path: `/v1/escalations/{id}/${aiPaused ? 'take-over' : 'give-back'}`,
        operationId: aiPaused ? 'takeOverEscalation' : 'giveBackEscalation',
        summary: aiPaused ? 'Take the conversation over' : 'Give the conversation back to agents',
        description: aiPaused
          ? 'Agents stay out of it, at once, and it is assigned to the caller.'
          : 'Agents answer what comes in from now on.',
        errors: { ...done, 422: 'Its run belongs to no conversation' },
        responses: one,
      },
      async ({ params: { id }, scope, caller }, deps) => {
        const given = { by: caller.id, aiPaused };
        return await shown(deps, await takeOver(deps.db, { scope, id }, given));
      },
    ),
  ),
];
