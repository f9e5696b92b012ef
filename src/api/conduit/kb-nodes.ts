import { z } from '@hono/zod-openapi';
import { rawMember } from '../../core/json.ts';
import { indexStatuses, type KnowledgeNode, sourceTypes } from '../../core/knowledge.ts';
import { nodeFields } from '../../knowledge/node-input.ts';
import {
  createNode,
  patchNode,
  refreshNode,
  removeNode,
  requireNode,
} from '../../knowledge/nodes.ts';
import { listNodes } from '../../store/kb-nodes.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, jsonObject } from './fields.ts';
import { inWorkspace, nodeShape, nodeParams as params, showNode } from './kb-node-view.ts';

const tag = 'kb';
const resource = 'knowledge';

/** What creating and changing a node have in common. */
const fields = {
  entity_ids: nodeFields.entity_ids.optional().openapi({
    description: 'What the node is about. Empty or absent: the whole workspace.',
  }),
  metadata: jsonObject.optional().openapi({ description: 'Yours; not searched.' }),
  enabled: nodeFields.enabled.optional().openapi({
    description: 'Disabled nodes, and all below a disabled directory, are not found.',
  }),
  tags: nodeFields.tags.optional(),
  chunk_body: nodeFields.chunk_body.optional().openapi({
    description: 'False keeps the body in one chunk.',
  }),
  language: nodeFields.language.optional().openapi({
    description: 'How words are reduced. `auto` goes by the text; null, as the workspace says.',
  }),
};

export const knowledgeNodeRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/nodes/search',
      operationId: 'searchKnowledgeNodes',
      tag,
      summary: 'List nodes, newest first',
      resource,
      right: 'read',
      workspace: inWorkspace,
      body: z.object({
        filters: z
          .object({
            source: z.string().optional(),
            source_type: z.enum(sourceTypes).optional(),
            source_id: z.string().optional(),
            enabled: z.boolean().optional(),
            is_directory: z.boolean().optional(),
            parent_id: z.string().nullable().optional().openapi({
              description: 'Directly below it; null: at the root.',
            }),
            ancestor_id: z.string().optional().openapi({ description: 'Anywhere below it.' }),
            entity_ids: z.array(z.string()).optional().openapi({ description: 'Of any of them.' }),
            tags: z.array(z.string()).optional().openapi({ description: 'With any of them.' }),
            embed_status: z.enum(indexStatuses).optional(),
            title: z.string().optional().openapi({ description: 'A part of the title.' }),
          })
          .optional(),
        pagination: z
          .object({
            page_size: z.int().min(1).max(100).default(20),
            cursor: z.string().optional().openapi({
              description: '`next_cursor` of the page before, with the same filters.',
            }),
          })
          .optional(),
        include_body: z.boolean().optional(),
      }),
      bodyExample: { filters: { source: 'manual', enabled: true }, pagination: { page_size: 20 } },
      responses: { 200: { description: 'Nodes', data: nodeShape, kind: 'counted_page' } },
    },
    async ({ body, workspaceId }, deps) => {
      const { filters = {}, pagination, include_body: withBody = false } = body;
      const paging = pagingOf(deps, {
        name: 'kb_nodes',
        filters: { workspaceId, ...filters },
        limit: pagination?.page_size ?? 20,
        cursor: pagination?.cursor,
      });
      const filter = {
        workspaceId,
        source: filters.source,
        sourceType: filters.source_type,
        sourceId: filters.source_id,
        enabled: filters.enabled,
        isDirectory: filters.is_directory,
        parentId: filters.parent_id,
        ancestorId: filters.ancestor_id,
        entityIds: filters.entity_ids,
        tags: filters.tags,
        indexStatus: filters.embed_status,
        title: filters.title,
      };
      const page = await listNodes(deps.db, filter, { ...paging.request, withBody });
      const answer = listed(page, paging, showNode);
      const nextCursor = answer.page?.nextCursor ?? null;
      return { ...answer, page: { nextCursor, totalCount: page.totalCount } };
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/nodes',
      operationId: 'createKnowledgeNode',
      tag,
      summary: 'Create a node',
      description:
        'A file with a body, or a directory. It is indexed in the background: `embed_status` says how far it is.',
      resource,
      right: 'write',
      workspace: inWorkspace,
      body: z.object({
        title: nodeFields.title,
        body: nodeFields.body.optional().openapi({
          description: 'Markdown or plain text; ignored for directories.',
        }),
        parent_id: nodeFields.parent_id.optional(),
        is_directory: z.boolean().optional(),
        source: nodeFields.source.optional().openapi({ description: 'Default `manual`.' }),
        source_id: nodeFields.source_id.optional().openapi({
          description: 'What you call it: a source has at most one node of an id.',
        }),
        source_type: z.enum(['markdown', 'text']).optional().openapi({
          description: '`text`: blank lines are all the structure that it has.',
        }),
        ...fields,
      }),
      bodyRequired: true,
      bodyExample: { title: 'Check-in', body: 'Check-in is from three in the afternoon.' },
      idempotent: 'create',
      errors: { 409: 'The source has a node of that id' },
      responses: { 201: { description: 'Node created', data: nodeShape } },
    },
    async ({ body, bodyText, workspaceId, caller, idempotency }, deps) => {
      const isDirectory = body.is_directory ?? false;
      const answerOf = (node: KnowledgeNode) => created(showNode(node));
      const node = await createNode(
        deps.knowledge,
        {
          workspaceId,
          isDirectory,
          title: body.title,
          body: isDirectory ? null : (body.body ?? ''),
          file: null,
          sourceType: isDirectory ? 'directory' : (body.source_type ?? 'markdown'),
          parentId: body.parent_id ?? null,
          chunkBody: body.chunk_body ?? true,
          entityIds: body.entity_ids ?? [],
          tags: body.tags ?? [],
          metadataJson: rawMember(bodyText, 'metadata') ?? '{}',
          enabled: body.enabled ?? true,
          language: body.language ?? null,
          source: body.source ?? 'manual',
          sourceId: body.source_id ?? null,
          createdBy: caller.id,
        },
        keepAnswer(deps, idempotency, answerOf),
      );
      return answerOf(node);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/kb/nodes/{node_id}',
      operationId: 'getKnowledgeNode',
      tag,
      summary: 'Get a node',
      resource,
      right: 'read',
      workspace: inWorkspace,
      params,
      responses: { 200: { description: 'Node', data: nodeShape } },
    },
    async ({ params: { node_id }, scope }, deps) =>
      ok(showNode(await requireNode(deps.db, scope, node_id))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/kb/nodes/{node_id}',
      operationId: 'updateKnowledgeNode',
      tag,
      summary: 'Change or move a node',
      description:
        'Only what is given changes; lists and metadata are replaced. A new body or title is a new version; until it is indexed, search finds the one before.',
      resource,
      right: 'write',
      workspace: inWorkspace,
      params,
      body: z.object({
        title: nodeFields.title.optional(),
        body: nodeFields.body.optional(),
        parent_id: nodeFields.parent_id.optional().openapi({
          description: 'Null moves it to the root.',
        }),
        ...fields,
      }),
      bodyRequired: true,
      bodyExample: { enabled: false },
      responses: { 200: { description: 'Node', data: nodeShape } },
    },
    async ({ params: { node_id: id }, body, bodyText, scope }, deps) => {
      const patch = {
        title: body.title,
        body: body.body,
        parentId: body.parent_id,
        chunkBody: body.chunk_body,
        entityIds: body.entity_ids,
        tags: body.tags,
        metadataJson: rawMember(bodyText, 'metadata') ?? undefined,
        enabled: body.enabled,
        language: body.language,
      };
      return ok(showNode(await patchNode(deps.knowledge, { scope, id }, patch)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/kb/nodes/{node_id}',
      operationId: 'deleteKnowledgeNode',
      tag,
      summary: 'Delete a node and all below it',
      resource,
      right: 'write',
      workspace: inWorkspace,
      params,
      responses: { 200: { description: 'Node deleted', data: deletion } },
    },
    async ({ params: { node_id }, scope }, deps) => {
      await removeNode(deps.knowledge, scope, node_id);
      return deleted(node_id);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/nodes/{node_id}/refresh',
      operationId: 'refreshKnowledgeNode',
      tag,
      summary: 'Index a node again',
      description: 'A web page is fetched again; what failed is tried again.',
      resource,
      right: 'write',
      workspace: inWorkspace,
      params,
      errors: { 409: 'It is a directory' },
      responses: { 200: { description: 'Node', data: nodeShape } },
    },
    async ({ params: { node_id }, scope }, deps) =>
      ok(showNode(await refreshNode(deps.knowledge, scope, node_id))),
  ),
];
