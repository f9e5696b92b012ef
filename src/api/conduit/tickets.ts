import { z } from '@hono/zod-openapi';
import { sendInConversation } from '../../conversations/send.ts';
import type { Message } from '../../core/conversation.ts';
import type { ExternalRecord } from '../../core/record.ts';
import { actOn } from '../../records/act.ts';
import { builtInKind } from '../../records/kinds.ts';
import { listRecordsOf } from '../../records/list.ts';
import { requireRecord } from '../../records/require-record.ts';
import { addTicketNote, conversationOfTicket } from '../../records/tickets.ts';
import { created, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam, listQuery, ofObject } from './fields.ts';
import { messageBody, order } from './inbox-fields.ts';
import { recordShape, showRecord } from './record-view.ts';

const tag = 'tickets';
const tickets = builtInKind('tickets');
const notes = builtInKind('ticket-notes');
const noteShape = recordShape(notes);
const params = z.object({ id: idParam('Ticket', 're77c0dy0mgdpzmqz6tesry8w184002s') });
const sentShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  conversation_id: z.string(),
  ticket_id: z.string(),
  channel: z.string(),
  status: z.string(),
});

export const ticketRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/v1/tickets/{id}/close',
      operationId: 'closeTicket',
      tag,
      summary: 'Close a resolved ticket',
      resource: 'record',
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'It is not resolved' },
      responses: { 200: { description: 'The ticket, closed', data: recordShape(tickets) } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showRecord(tickets, await actOn(deps, { scope, id, kind: tickets.name }, 'close'))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/tickets/{id}/messages',
      operationId: 'sendTicketMessage',
      tag,
      summary: 'Send a message in the conversation of a ticket',
      resource: 'conversation',
      right: 'write',
      workspace: ofObject,
      idempotent: 'create',
      params,
      body: z.object({ body: messageBody }),
      bodyRequired: true,
      bodyExample: { body: 'We are looking into it.' },
      errors: {
        409: 'The channel of the conversation was deleted',
        422: 'The ticket has no conversation',
      },
      responses: { 201: { description: 'Message accepted', data: sentShape } },
    },
    async ({ params: { id }, scope, body, caller, idempotency }, deps) => {
      const ticket = await requireRecord(deps.db, { scope, id, kind: tickets.name });
      const answerOf = (message: Message) =>
        created({
          ...{ id: message.id, workspace_id: message.workspaceId, ticket_id: ticket.id },
          conversation_id: message.conversationId,
          channel: message.channel,
          status: message.status,
        });
      const given = {
        scope: [ticket.workspaceId],
        id: conversationOfTicket(ticket),
        ...{ body: body.body, senderId: caller.id },
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await sendInConversation(deps.conversations, given, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/tickets/{id}/notes',
      operationId: 'listTicketNotes',
      tag,
      summary: 'List notes on a ticket',
      resource: 'record',
      right: 'read',
      workspace: ofObject,
      params,
      query: z.object({ ...listQuery, order }),
      responses: { 200: { description: 'Notes', data: noteShape, kind: 'page' } },
    },
    async ({ params: { id }, scope, query: { limit, cursor, order } }, deps) => {
      const { workspaceId } = await requireRecord(deps.db, { scope, id, kind: tickets.name });
      const filters = { ticket: id, order };
      const paging = pagingOf(deps, { name: 'ticket-notes', filters, limit, cursor });
      const filter = { workspaceId, where: { ticket_id: id } };
      const page = await listRecordsOf(deps.db, notes, filter, { ...paging.request, order });
      return listed(page, paging, (record) => showRecord(notes, record));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/tickets/{id}/notes',
      operationId: 'createTicketNote',
      tag,
      summary: 'Note something on a ticket',
      description: 'For colleagues; the contact does not see it.',
      resource: 'record',
      right: 'write',
      workspace: ofObject,
      idempotent: 'create',
      params,
      body: z.object({
        body: z.string().min(1).max(20_000),
        mention_user_ids: z.array(z.string()).max(25).default([]),
      }),
      bodyRequired: true,
      bodyExample: { body: 'Called back; waits for the invoice.' },
      responses: { 201: { description: 'Note added', data: noteShape } },
    },
    async ({ params: { id }, scope, body, caller, idempotency }, deps) => {
      const isPerson = caller.kind === 'person';
      const author = {
        user_id: isPerson ? caller.id : null,
        name: caller.name,
        email: isPerson ? caller.name : null,
        picture_url: null,
      };
      const answerOf = (note: ExternalRecord) => created(showRecord(notes, note));
      const note = { body: body.body, mentionUserIds: body.mention_user_ids, author };
      const inTransaction = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await addTicketNote(deps, { scope, id }, { ...note, inTransaction }));
    },
  ),
];
