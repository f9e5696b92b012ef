import { z } from '@hono/zod-openapi';
import { type Memory, memoryScopes } from '../../core/memory.ts';
import {
  createMemory,
  memoryFields,
  patchMemory,
  removeMemory,
  requireMemory,
} from '../../memory/memories.ts';
import { listMemories } from '../../store/memories.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findAgentId } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { iso } from './times.ts';

const tag = 'memories';
const resource = 'memory';
const params = z.object({ id: idParam('Memory', 'mm77c0dy0mgdpzmqz6tesry8w184002s') });

const shape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  scope: z.enum(memoryScopes),
  agent_id: z.string().nullable().openapi({ description: 'Null: shared.' }),
  entity_id: z.string().nullable(),
  content: z.string(),
  pinned: z.boolean(),
  run_id: z.string().nullable().openapi({ description: 'The run that wrote it; null: a person.' }),
  created_at: z.string(),
  updated_at: z.string(),
});

const fields = {
  content: memoryFields.content,
  pinned: z.boolean().openapi({
    description: 'Given to every run that may read it; otherwise to those that it fits.',
  }),
};

export const memoryRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/memories',
      operationId: 'listMemories',
      tag,
      summary: 'List memories',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        agent_id: z.string().optional().openapi({ description: 'Id or number of an agent.' }),
        scope: z.enum(memoryScopes).optional(),
        entity_id: memoryFields.entity_id.optional(),
        pinned: z.enum(['true', 'false']).optional(),
        q: z.string().min(1).max(500).optional().openapi({ description: 'Any of these words.' }),
      }),
      responses: { 200: { description: 'Memories', data: shape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { limit, cursor, agent_id, ...filters } = query;
      const agentId = agent_id && (await findAgentId(deps, scope, agent_id));
      const paging = pagingOf(deps, {
        ...{ name: 'memories', limit, cursor },
        filters: { workspaceId, agentId, ...filters },
      });
      const filter = {
        ...{ scope, agentId, entityId: filters.entity_id, search: filters.q },
        shared: filters.scope === undefined ? undefined : filters.scope === 'shared',
        pinned: filters.pinned === undefined ? undefined : filters.pinned === 'true',
      };
      return listed(await listMemories(deps.db, filter, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/memories',
      operationId: 'createMemory',
      tag,
      summary: 'Create memory',
      description:
        'Runs of the agent, or of every agent with memory where none is named, are given it: about `entity_id` (a contact or another entity of a run), or about anything.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        agent_id: z.string().nullable().optional(),
        entity_id: memoryFields.entity_id.nullable().optional(),
        content: fields.content,
        pinned: fields.pinned.default(false),
      }),
      bodyRequired: true,
      bodyExample: { content: 'Prefers a room away from the lift.', entity_id: 'guest_42' },
      errors: { 409: 'There is no room for more' },
      responses: { 201: { description: 'Memory created', data: shape } },
    },
    async ({ body, scope, workspaceId, idempotency }, deps) => {
      const { agent_id, entity_id: entityId = null, content, pinned } = body;
      const agentId = agent_id ? await findAgentId(deps, [workspaceId], agent_id) : null;
      const answerOf = (memory: Memory) => created(show(memory));
      const keep = keepAnswer(deps, idempotency, answerOf);
      const memory = { workspaceId, agentId, entityId, content, pinned };
      return answerOf(await createMemory(deps, scope, memory, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/memories/{id}',
      operationId: 'getMemory',
      tag,
      summary: 'Get memory',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Memory', data: shape } },
    },
    async ({ params: { id }, scope }, deps) => ok(show(await requireMemory(deps, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/memories/{id}',
      operationId: 'updateMemory',
      tag,
      summary: 'Update memory',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object(fields).partial(),
      bodyRequired: true,
      bodyExample: { pinned: true },
      errors: { 409: 'There is no room for another pinned one' },
      responses: { 200: { description: 'Memory updated', data: shape } },
    },
    async ({ params: { id }, scope, body }, deps) =>
      ok(show(await patchMemory(deps, { scope, id }, body))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/memories/{id}',
      operationId: 'deleteMemory',
      tag,
      summary: 'Delete memory',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Memory deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeMemory(deps, { scope, id });
      return deleted(id);
    },
  ),
];

function show(memory: Memory) {
  return {
    id: memory.id,
    workspace_id: memory.workspaceId,
    scope: memory.agentId === null ? 'shared' : 'agent',
    agent_id: memory.agentId,
    entity_id: memory.entityId,
    content: memory.content,
    pinned: memory.pinned,
    run_id: memory.runId,
    created_at: iso(memory.createdAt),
    updated_at: iso(memory.updatedAt),
  };
}
