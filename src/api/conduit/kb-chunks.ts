import { z } from '@hono/zod-openapi';
import { requireNode } from '../../knowledge/nodes.ts';
import { listChunks } from '../../store/kb-index.ts';
import { listed } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { listQuery } from './fields.ts';
import { inWorkspace, nodeParams as params } from './kb-node-view.ts';

const tag = 'kb';
const resource = 'knowledge';

/** The position in the list stands in the id, since chunks have no other order. */
const noTime = new Date(0);

export const listKnowledgeChunks = defineRoute(
  {
    method: 'get',
    path: '/v1/kb/nodes/{node_id}/chunks',
    operationId: 'listKnowledgeChunks',
    tag,
    summary: 'List the chunks of a node, in order',
    resource,
    right: 'read',
    workspace: inWorkspace,
    params,
    query: z.object(listQuery),
    responses: {
      200: {
        description: 'Chunks',
        data: z.object({
          id: z.string(),
          node_id: z.string(),
          chunk_index: z.int(),
          context: z.string().openapi({ description: 'Title and headings above it.' }),
          chunk_text: z.string(),
          has_vector: z.boolean(),
        }),
        kind: 'page',
      },
    },
  },
  async ({ params: { node_id }, query, scope }, deps) => {
    const node = await requireNode(deps.db, scope, node_id);
    const filters = { node: node.id, version: node.indexedVersion };
    const paging = pagingOf(deps, { name: 'kb_chunks', filters, ...query });
    const { after, limit } = paging.request;
    const from = after === null ? 0 : Number(after.id) + 1;
    const rows = await listChunks(deps.db, node.id, { from, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next = last === undefined ? null : { createdAt: noTime, id: String(last.position) };
    return listed({ items, next }, paging, (chunk) => ({
      id: chunk.id,
      node_id: chunk.nodeId,
      chunk_index: chunk.position,
      context: chunk.context,
      chunk_text: chunk.text,
      has_vector: chunk.hasVector,
    }));
  },
);
