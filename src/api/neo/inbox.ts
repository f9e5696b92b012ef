import { z } from '@hono/zod-openapi';
import { type FailureNotice, listFailureNotices } from '../../store/failure-notices.ts';
import { listed } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { pageQuery } from './fields.ts';

// Failures as messages: those of one agent for one reason are one message, however many executions failed.

const days = 7;

const row = z
  .object({
    message: z.string(),
    read: z.boolean().openapi({ description: 'Every one of the executions was retried since.' }),
    number_of_occurrences: z.number().int(),
    deduplication_message_id: z.string(),
    affected_workflow_ids: z.array(z.number().int()),
    affected_entity_numbers: z.array(z.string()).openapi({
      description: 'Ids of what the executions were about, the first hundred.',
    }),
    last_email_sent_at: z.null().openapi({
      description: 'Always null: members choose what they are told of, in `/v1/notifications`.',
    }),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('InboxMessage');

function show(notice: FailureNotice): z.input<typeof row> {
  const { agent, reason, error } = notice;
  const why = error ?? `It ended as ${reason.replaceAll('_', ' ')}.`;
  return {
    message: `${agent.name} failed: ${why}`,
    read: notice.isDone,
    number_of_occurrences: notice.runs,
    deduplication_message_id: notice.id,
    affected_workflow_ids: [agent.number],
    affected_entity_numbers: [...notice.entityIds],
    last_email_sent_at: null,
    created_at: notice.firstAt.toISOString(),
    updated_at: notice.lastAt.toISOString(),
  };
}

export const getInbox = defineRoute(
  {
    method: 'get',
    path: '/public-api/inbox',
    operationId: 'public_api.inbox_get',
    tag: 'Inbox & Comms',
    summary: 'List what failed, the latest first',
    description: `Of executions of the last ${days} days: one message for each agent and reason.`,
    resource: 'run',
    right: 'read',
    workspace: { from: 'header', need: 'one' },
    query: z.object(pageQuery),
    responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
  },
  async ({ query: { page_size: limit, cursor }, workspaceId }, deps) => {
    const paging = pagingOf(deps, { name: 'inbox', filters: { workspaceId }, limit, cursor });
    const from = new Date(Date.now() - days * 86_400_000);
    return listed(
      await listFailureNotices(deps.db, { workspaceId, from }, paging.request),
      paging,
      show,
    );
  },
);
