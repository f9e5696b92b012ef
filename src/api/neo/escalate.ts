import { z } from '@hono/zod-openapi';
import { requireSession } from '../../chat/sessions.ts';
import type { ExternalRecord } from '../../core/record.ts';
import { escalateToPeople } from '../../records/escalate.ts';
import { created } from '../answer.ts';
import { findRun } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { defineRoute } from '../route.ts';

export const escalate = defineRoute(
  {
    method: 'post',
    path: '/public-api/escalate-to-neo-team',
    operationId: 'public_api.escalate_to_neo_team_post',
    tag: 'Escalation',
    summary: 'Ask people for help',
    description:
      'There is no team of a vendor behind this server: the ticket is one of the workspace (`/v1/tickets`), and its `record.created` tells whoever listens.',
    resource: 'record',
    right: 'write',
    workspace: { from: 'header', need: 'one' },
    idempotent: 'create',
    body: z.object({
      summary: z.string().min(1).max(300),
      details: z.string().min(1).max(20_000),
      chat_session_id: z.string().nullable().optional(),
      execution_id: z.string().nullable().optional(),
      requester_user_id: z.string().max(64).nullable().optional(),
    }),
    bodyRequired: true,
    bodyExample: { summary: 'The printer is offline', details: 'Since this morning, on floor 2.' },
    responses: {
      201: {
        description: 'Created.',
        data: z.object({ ticket_id: z.string(), ticket_url: z.string().nullable() }),
      },
    },
  },
  async ({ body, scope, workspaceId, idempotency }, deps) => {
    const { chat_session_id: session, execution_id: execution } = body;
    const base = deps.publicUrl ?? null;
    const answerOf = ({ id, externalId }: ExternalRecord) =>
      created({
        ticket_id: id,
        ticket_url: base === null ? null : `${base}/v1/records/tickets/${externalId}`,
      });
    const inTransaction = keepAnswer(deps, idempotency, answerOf);
    const ticket = await escalateToPeople(deps.db, {
      ...{ workspaceId, summary: body.summary, details: body.details },
      conversationId: session ? (await requireSession(deps.db, { scope, id: session })).id : null,
      runId: execution ? (await findRun(deps, scope, execution)).id : null,
      requesterId: body.requester_user_id ?? null,
      inTransaction,
    });
    return answerOf(ticket);
  },
);
