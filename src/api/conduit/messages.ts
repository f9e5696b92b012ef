import { z } from '@hono/zod-openapi';
import {
  requireAttachment,
  requireConversation,
  resendMessage,
  sendInConversation,
} from '../../conversations/send.ts';
import type { Message } from '../../core/conversation.ts';
import { listMessages } from '../../store/messages.ts';
import { created, listed } from '../answer.ts';
import { asDownload } from '../download.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { messageShape, showMessage } from './conversation-view.ts';
import { conversationParams } from './conversations.ts';
import { idParam, listQuery } from './fields.ts';
import { messageBody, order } from './inbox-fields.ts';

const tag = 'conversations';
const workspace = { from: 'query', need: 'optional' } as const;

const acceptedShape = messageShape.extend({
  ticket_id: z
    .string()
    .nullable()
    .openapi({ description: 'Null: it is sent in a conversation, not in a ticket.' }),
});

export const messageRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversations/{id}/messages',
      operationId: 'listMessages',
      tag,
      summary: 'List messages',
      resource: 'conversation',
      right: 'read',
      workspace,
      params: conversationParams,
      query: z.object({ ...listQuery, order }),
      responses: { 200: { description: 'Messages', data: messageShape, kind: 'page' } },
    },
    async ({ params: { id }, scope, query: { limit, cursor, order } }, deps) => {
      const conversation = await requireConversation(deps.db, { scope, id });
      const filters = { conversation: conversation.id, order };
      const paging = pagingOf(deps, { name: 'messages', filters, limit, cursor });
      const request = { ...paging.request, order };
      return listed(await listMessages(deps.db, conversation.id, request), paging, showMessage);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/conversations/{id}/messages',
      operationId: 'sendMessage',
      tag,
      summary: 'Send a message',
      description:
        'Accepted for delivery; `status` says how that goes. It answers all that has come in: an agent that was about to does not.',
      resource: 'conversation',
      right: 'write',
      workspace,
      idempotent: 'create',
      params: conversationParams,
      body: z.object({ body: messageBody }),
      bodyRequired: true,
      bodyExample: { body: 'We are looking into it.' },
      errors: { 409: 'The channel of the conversation was deleted' },
      responses: { 201: { description: 'Message accepted', data: acceptedShape } },
    },
    async ({ params: { id }, scope, body, caller, idempotency }, deps) => {
      const answerOf = (message: Message) => created({ ...showMessage(message), ticket_id: null });
      const given = { scope, id, body: body.body, senderId: caller.id };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await sendInConversation(deps.conversations, given, keep));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/conversations/{id}/messages/{message_id}/resend',
      operationId: 'resendMessage',
      tag,
      summary: 'Send a message again',
      description:
        'One that `failed`, or whose sending ended as `unknown`: under the same id, so that a channel that knows it takes it once.',
      resource: 'conversation',
      right: 'write',
      workspace,
      params: conversationParams.extend({
        message_id: idParam('Message', 'ms77c0dy0mgdpzmqz6tesry8w184002s'),
      }),
      errors: { 409: 'It neither failed nor is unknown' },
      responses: { 202: { description: 'It will be sent', data: messageShape } },
    },
    async ({ params, scope }, deps) => {
      const key = { scope, id: params.id, messageId: params.message_id };
      return { status: 202, data: showMessage(await resendMessage(deps.conversations, key)) };
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversations/{id}/attachments/{attachment_id}',
      operationId: 'readAttachment',
      tag,
      summary: 'A file of a message',
      description:
        'Its bytes as they came, as a download. What was not kept is 404 with the reason.',
      resource: 'conversation',
      right: 'read',
      workspace,
      params: conversationParams.extend({
        attachment_id: idParam('Attachment', 'at77c0dy0mgdpzmqz6tesry8w184002s'),
      }),
      responses: { 200: { description: 'The file', contentType: 'application/octet-stream' } },
    },
    async ({ params, scope }, deps) => {
      const key = { scope, id: params.id, attachmentId: params.attachment_id };
      return asDownload(await requireAttachment(deps.db, key));
    },
  ),
];
