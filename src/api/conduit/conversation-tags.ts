import { z } from '@hono/zod-openapi';
import { addTag, patchTag, removeTag } from '../../conversations/tags.ts';
import type { ConversationTag } from '../../core/conversation.ts';
import { ApiError } from '../../core/errors.ts';
import { getTag, listTags } from '../../store/conversation-tags.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { showTag, tagShape } from './conversation-view.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';

const tag = 'conversation-tags';
const resource = 'conversation_tag';
const params = z.object({ id: idParam('Topic', 'ct77c0dy0mgdpzmqz6tesry8w184002s') });
const name = z.string().trim().min(1).max(100);
const description = z.string().max(2_000);

export const conversationTagRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversation-tags',
      operationId: 'listConversationTags',
      tag,
      summary: 'List topics',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        parent_id: z.string().optional().openapi({
          description: 'Only the subtopics of this root topic; `root`: only root topics.',
        }),
      }),
      responses: { 200: { description: 'Topics', data: tagShape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const { limit, cursor, parent_id } = query;
      const filter = { workspaceId, parentId: parent_id === 'root' ? null : parent_id };
      const filters = { workspaceId, parent_id };
      const paging = pagingOf(deps, { name: 'conversation-tags', filters, limit, cursor });
      return listed(await listTags(deps.db, filter, paging.request), paging, showTag);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/conversation-tags',
      operationId: 'createConversationTag',
      tag,
      summary: 'Create a topic',
      description: 'A root topic, or with `parent_id` a subtopic; subtopics have none below them.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        name,
        description: description.optional(),
        parent_id: z.string().nullable().optional(),
      }),
      bodyRequired: true,
      bodyExample: { name: 'Refunds' },
      errors: { 409: 'There is one of that name, or there are too many' },
      responses: { 201: { description: 'Topic created', data: tagShape } },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const answerOf = (made: ConversationTag) => created(showTag(made));
      const input = {
        workspaceId,
        name: body.name,
        description: body.description ?? '',
        parentId: body.parent_id ?? null,
      };
      return answerOf(await addTag(deps.db, input, keepAnswer(deps, idempotency, answerOf)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/conversation-tags/{id}',
      operationId: 'getConversationTag',
      tag,
      summary: 'Get topic',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Topic', data: tagShape } },
    },
    async ({ params: { id }, scope }, deps) => {
      const found = await getTag(deps.db, scope, id);
      if (found === null) throw new ApiError('not_found', `There is no topic ${id}.`);
      return ok(showTag(found));
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/conversation-tags/{id}',
      operationId: 'updateConversationTag',
      tag,
      summary: 'Update topic',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({ name: name.optional(), description: description.optional() }),
      bodyExample: { description: 'Money back, in part or whole.' },
      errors: { 409: 'There is one of that name' },
      responses: { 200: { description: 'Topic updated', data: tagShape } },
    },
    async ({ params: { id }, scope, body }, deps) =>
      ok(showTag(await patchTag(deps.db, { scope, id }, body))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/conversation-tags/{id}',
      operationId: 'deleteConversationTag',
      tag,
      summary: 'Delete topic',
      description: 'Conversations lose it. A root topic goes after its subtopics.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'It has subtopics' },
      responses: { 200: { description: 'Topic deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeTag(deps.db, { scope, id });
      return deleted(id);
    },
  ),
];
