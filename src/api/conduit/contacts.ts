import { z } from '@hono/zod-openapi';
import { type SentToContact, sendToContact } from '../../conversations/send.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import type { Queryable } from '../../store/connect.ts';
import {
  contactSearchFields,
  listContactChannels,
  listContacts,
  requireContact,
  updateContact,
} from '../../store/contacts.ts';
import { created, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import {
  contactDetailShape,
  contactShape,
  showContact,
  showContactDetail,
  showMessage,
} from './conversation-view.ts';
import { idParam, listQuery, moment, ofObject } from './fields.ts';
import { archived, inboxTypeId, messageBody, order, searchText, template } from './inbox-fields.ts';

const tag = 'contacts';
const resource = 'contact';
const params = z.object({ id: idParam('Contact', 'co77c0dy0mgdpzmqz6tesry8w184002s') });
const page = { description: 'Contacts', data: contactShape, kind: 'page' } as const;
const name = z.string().trim().min(1).max(200).nullable().optional();

const sentShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  contact_id: z.string(),
  conversation_id: z.string(),
  channel_node_id: z.string(),
  sender_id: z.string(),
  channel: z.string(),
  status: z.string(),
});

async function detailOf(db: Queryable, scope: WorkspaceScope, id: string) {
  const contact = await requireContact(db, { scope, id });
  return showContactDetail(contact, await listContactChannels(db, id));
}

function showSent({ message, contactId, address, channel }: SentToContact) {
  const { id, workspace_id, conversation_id, status } = showMessage(message);
  return {
    ...{ id, workspace_id, conversation_id, status },
    contact_id: contactId,
    channel_node_id: address.id,
    sender_id: channel.id,
    channel: channel.channel,
  };
}

export const contactRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/contacts',
      operationId: 'listContacts',
      tag,
      summary: 'List contacts',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        archived,
        sort_by: z.enum(['last_message_at', 'follow_up_at']).default('last_message_at'),
        order,
        inbox_type_id: inboxTypeId,
      }),
      responses: { 200: page },
    },
    async ({ query, workspaceId }, deps) => {
      const { limit, cursor, order, sort_by: sortBy } = query;
      const filter = { workspaceId, archived: query.archived, inboxTypeId: query.inbox_type_id };
      const filters = { ...filter, sortBy, order };
      const paging = pagingOf(deps, { name: 'contacts', filters, limit, cursor });
      const request = { ...paging.request, sortBy, order };
      return listed(await listContacts(deps.db, filter, request), paging, showContact);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/contacts/search',
      operationId: 'searchContacts',
      tag,
      summary: 'Search contacts',
      description:
        '`any` looks for an e-mail address or a number among addresses, for everything else among names.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        query: searchText,
        field: z.enum(contactSearchFields).default('any'),
        archived,
        inbox_type_id: inboxTypeId,
      }),
      queryExample: { query: 'Ada' },
      responses: { 200: page },
    },
    async ({ query, workspaceId }, deps) => {
      const { query: text, field, limit, cursor, archived, inbox_type_id: inboxTypeId } = query;
      const filter = { workspaceId, archived, inboxTypeId, search: { text, field } };
      const filters = { ...filter, search: `${field} ${text}` };
      const paging = pagingOf(deps, { name: 'contacts/search', filters, limit, cursor });
      const request = {
        ...paging.request,
        ...({ sortBy: 'last_message_at', order: 'desc' } as const),
      };
      return listed(await listContacts(deps.db, filter, request), paging, showContact);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/contacts/{id}',
      operationId: 'getContact',
      tag,
      summary: 'Get contact',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Contact', data: contactDetailShape } },
    },
    async ({ params: { id }, scope }, deps) => ok(await detailOf(deps.db, scope, id)),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/contacts/{id}',
      operationId: 'updateContact',
      tag,
      summary: 'Update contact',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        first_name: name,
        last_name: name,
        image_url: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .nullable()
          .optional(),
        archived: z.boolean().optional(),
        ai_paused: z.boolean().optional(),
        follow_up_at: moment.nullable().optional(),
      }),
      bodyExample: { first_name: 'Ada' },
      responses: { 200: { description: 'Contact updated', data: contactDetailShape } },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const patch = {
        firstName: body.first_name,
        lastName: body.last_name,
        imageUrl: body.image_url,
        archived: body.archived,
        aiPaused: body.ai_paused,
        followUpAt: body.follow_up_at,
      };
      await updateContact(deps.db, { scope, id }, patch);
      return ok(await detailOf(deps.db, scope, id));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/contacts/{id}/messages',
      operationId: 'sendContactMessage',
      tag,
      summary: 'Write to a contact',
      description:
        'Accepted for delivery, in the latest conversation with that address; on e-mail, a subject begins a new one.',
      resource,
      right: 'write',
      workspace: ofObject,
      idempotent: 'create',
      params,
      body: z.object({
        channel_node_id: z.string().openapi({ description: 'One of the contact’s `channels`.' }),
        sender_id: z.string().optional().openapi({
          description: 'The channel to write by; required when several fit and none is known.',
        }),
        body: messageBody.optional().openapi({
          description: 'Required unless `whatsapp_template` is given.',
        }),
        subject: z.string().trim().min(1).max(500).optional(),
        whatsapp_template: template.optional(),
      }),
      bodyRequired: true,
      bodyExample: { channel_node_id: 'cn77c0dy0mgdpzmqz6tesry8w184002s', body: 'Hello.' },
      responses: { 201: { description: 'Message accepted', data: sentShape } },
    },
    async ({ params: { id }, scope, body, caller, idempotency }, deps) => {
      const { whatsapp_template: wanted } = body;
      const given = {
        ...{ scope, id, tokenId: caller.id },
        body: body.body ?? null,
        channelNodeId: body.channel_node_id,
        senderId: body.sender_id ?? null,
        subject: body.subject ?? null,
        template:
          wanted === undefined
            ? null
            : { contentSid: wanted.content_sid, variables: wanted.variables },
      };
      const answerOf = (sent: SentToContact) => created(showSent(sent));
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await sendToContact(deps.conversations, given, keep));
    },
  ),
];
