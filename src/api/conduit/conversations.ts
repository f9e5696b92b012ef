import { z } from '@hono/zod-openapi';
import { patchConversation } from '../../conversations/change.ts';
import { requireConversation } from '../../conversations/send.ts';
import { messageChannels } from '../../core/channel.ts';
import { conversationStates } from '../../core/conversation.ts';
import { contactSearchFields } from '../../store/contacts.ts';
import { listConversations } from '../../store/conversations.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { conversationShape, showConversation } from './conversation-view.ts';
import { idParam, listQuery, moment } from './fields.ts';
import { archived, inboxTypeId, order, searchText } from './inbox-fields.ts';

const tag = 'conversations';
const resource = 'conversation';
const page = { description: 'Conversations', data: conversationShape, kind: 'page' } as const;

export const conversationParams = z.object({
  id: idParam('Conversation', 'cv77c0dy0mgdpzmqz6tesry8w184002s'),
});

export const conversationRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversations',
      operationId: 'listConversations',
      tag,
      summary: 'List conversations',
      description: 'By their last message.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        inbox_type_id: inboxTypeId,
        channel: z.enum(messageChannels).optional(),
        state: z.enum(conversationStates).optional(),
        archived,
        contact_id: z.string().optional(),
        assignee_id: z.string().optional(),
        tag_id: z.string().optional().openapi({
          description: 'A topic; a root topic stands for its subtopics, too.',
        }),
        order,
      }),
      responses: { 200: page },
    },
    async ({ query, workspaceId }, deps) => {
      const { limit, cursor, order, ...given } = query;
      const filter = {
        workspaceId,
        inboxTypeId: given.inbox_type_id,
        channel: given.channel,
        state: given.state,
        archived: given.archived,
        contactId: given.contact_id,
        assigneeId: given.assignee_id,
        tagId: given.tag_id,
      };
      const filters = { ...filter, order };
      const paging = pagingOf(deps, { name: 'conversations', filters, limit, cursor });
      const found = await listConversations(deps.db, filter, { ...paging.request, order });
      return listed(found, paging, showConversation);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversations/search',
      operationId: 'searchConversations',
      tag,
      summary: 'Search conversations',
      description:
        '`message` finds words of messages. `any` looks for an e-mail address or a number among addresses, for everything else among names.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        query: searchText,
        field: z.enum(['contact', ...contactSearchFields, 'message']).default('any'),
        archived,
        inbox_type_id: inboxTypeId,
      }),
      queryExample: { query: 'Ada' },
      responses: { 200: page },
    },
    async ({ query, workspaceId }, deps) => {
      const { query: text, field, limit, cursor } = query;
      const filter = {
        workspaceId,
        archived: query.archived,
        inboxTypeId: query.inbox_type_id,
        search: { text, field: field === 'contact' ? ('any' as const) : field },
      };
      const filters = { ...filter, search: `${field} ${text}` };
      const paging = pagingOf(deps, { name: 'conversations/search', filters, limit, cursor });
      const request = { ...paging.request, order: 'desc' } as const;
      return listed(await listConversations(deps.db, filter, request), paging, showConversation);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversations/{id}',
      operationId: 'getConversation',
      tag,
      summary: 'Get conversation',
      description: 'Without its messages.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'optional' },
      params: conversationParams,
      responses: { 200: { description: 'Conversation', data: conversationShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showConversation(await requireConversation(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/conversations/{id}',
      operationId: 'updateConversation',
      tag,
      summary: 'Update conversation',
      description:
        'With `ai_paused: true` a person takes it over: no agent answers, not even one that is about to.',
      resource,
      right: 'write',
      workspace: { from: 'query', need: 'optional' },
      params: conversationParams,
      body: z.object({
        state: z.enum(conversationStates).optional(),
        follow_up_at: moment.nullable().optional(),
        assignee_id: z.string().min(1).max(64).nullable().optional(),
        archived: z.boolean().optional(),
        ai_paused: z.boolean().optional(),
        tag_ids: z.array(z.string()).max(50).optional().openapi({
          description: 'Replaces all topics of the conversation.',
        }),
      }),
      bodyExample: { state: 'done' },
      responses: { 200: { description: 'Conversation updated', data: conversationShape } },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const patch = {
        state: body.state,
        followUpAt: body.follow_up_at,
        assigneeId: body.assignee_id,
        archived: body.archived,
        aiPaused: body.ai_paused,
        tagIds: body.tag_ids,
      };
      return ok(showConversation(await patchConversation(deps.db, { scope, id }, patch)));
    },
  ),
];
