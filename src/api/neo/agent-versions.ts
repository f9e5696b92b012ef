import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { getAgentVersionAt, listAgentVersions } from '../../store/agent-versions.ts';
import { listed, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentSnapshot, agentVersionRow, showSnapshot, showVersion } from './agent-view.ts';
import { agentParams, moment, ofObject, pageQuery } from './fields.ts';

const tag = 'Agents';
const resource = 'agent';

export const getAgentVersions = defineRoute(
  {
    method: 'get',
    path: '/public-api/agents/{agent_id}/versions',
    operationId: 'public_api.agents_versions_get',
    tag,
    summary: 'List the saved versions of an agent, newest first',
    description: '`version-at` with the time of a version gives its whole configuration.',
    resource,
    right: 'read',
    workspace: ofObject,
    params: agentParams,
    query: z.object(pageQuery),
    responses: { 200: { description: 'Success.', data: agentVersionRow, kind: 'page' } },
  },
  async ({ params, query, scope }, deps) => {
    const agent = await findAgent(deps, scope, params.agent_id);
    const { page_size: limit, cursor } = query;
    const filters = { agentId: agent.id };
    const paging = pagingOf(deps, { name: 'neo-agent-versions', filters, limit, cursor });
    const page = await listAgentVersions(deps.db, { scope, agentId: agent.id }, paging.request);
    return listed(page, paging, (version) => showVersion(agent, version));
  },
);

export const getVersionAt = defineRoute(
  {
    method: 'get',
    path: '/public-api/agents/{agent_id}/version-at',
    operationId: 'public_api.agents_version_at_get',
    tag,
    summary: 'Get the configuration of an agent as of a moment',
    resource,
    right: 'read',
    workspace: ofObject,
    params: agentParams,
    query: z.object({ timestamp: moment('The moment, in ISO 8601 with a time zone.') }),
    queryExample: { timestamp: '2999-01-01T00:00:00Z' },
    responses: { 200: { description: 'Success.', data: agentSnapshot } },
  },
  async ({ params, query, scope }, deps) => {
    const agent = await findAgent(deps, scope, params.agent_id);
    const key = { agentId: agent.id, at: query.timestamp };
    const version = await getAgentVersionAt(deps.db, scope, key);
    if (version !== null) return ok(showSnapshot(agent, version));
    throw new ApiError(
      'not_found',
      `Agent ${agent.number} did not exist at ${query.timestamp.toISOString()}: it was created at ${agent.createdAt.toISOString()}.`,
    );
  },
);
