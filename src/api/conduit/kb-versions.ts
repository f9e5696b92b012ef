import { z } from '@hono/zod-openapi';
import { requireNode } from '../../knowledge/nodes.ts';
import { listNodeVersions } from '../../store/kb-versions.ts';
import { listed } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { listQuery } from './fields.ts';
import { inWorkspace, nodeParams as params } from './kb-node-view.ts';
import { iso } from './times.ts';

const tag = 'kb';
const resource = 'knowledge';

export const listKnowledgeVersions = defineRoute(
  {
    method: 'get',
    path: '/v1/kb/nodes/{node_id}/versions',
    operationId: 'listKnowledgeVersions',
    tag,
    summary: 'List the versions of a node with their bodies, newest first',
    resource,
    right: 'read',
    workspace: inWorkspace,
    params,
    query: z.object(listQuery),
    responses: {
      200: {
        description: 'Versions',
        data: z.object({
          version: z.int(),
          title: z.string(),
          body: z.string().nullable(),
          created_at: z.string(),
        }),
        kind: 'page',
      },
    },
  },
  async ({ params: { node_id }, query, scope }, deps) => {
    const node = await requireNode(deps.db, scope, node_id);
    const paging = pagingOf(deps, { name: 'kb_versions', filters: { node: node.id }, ...query });
    const page = await listNodeVersions(deps.db, node.id, paging.request);
    return listed(page, paging, (version) => ({
      version: version.version,
      title: version.title,
      body: version.body,
      created_at: iso(version.createdAt),
    }));
  },
);
