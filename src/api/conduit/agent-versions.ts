import { z } from '@hono/zod-openapi';
import { rollbackAgent } from '../../agents/rollback-agent.ts';
import { ApiError } from '../../core/errors.ts';
import { getAgentVersion, listAgentVersions } from '../../store/agent-versions.ts';
import { listed, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentShape, agentVersionShape, showAgent, showAgentVersion } from './agent-view.ts';
import { listQuery } from './fields.ts';
import { agentParams } from './run-params.ts';

const tag = 'agents';
const resource = 'agent';
const ofObject = { from: 'query', need: 'optional' } as const;

export const listVersions = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/versions',
    operationId: 'listAgentVersions',
    tag,
    summary: 'List saved versions of an agent, newest first',
    resource,
    right: 'read',
    workspace: ofObject,
    params: agentParams,
    query: z.object(listQuery),
    responses: { 200: { description: 'Versions', data: agentVersionShape, kind: 'page' } },
  },
  async ({ params, query, scope }, deps) => {
    const { id: agentId } = await findAgent(deps, scope, params.id);
    const paging = pagingOf(deps, { name: 'agent-versions', filters: { agentId }, ...query });
    const page = await listAgentVersions(deps.db, { scope, agentId }, paging.request);
    return listed(page, paging, showAgentVersion);
  },
);

export const getVersion = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/versions/{version}',
    operationId: 'getAgentVersion',
    tag,
    summary: 'Get a saved version of an agent',
    resource,
    right: 'read',
    workspace: ofObject,
    params: agentParams.extend({
      version: z.string().openapi({ type: 'integer', description: 'Number of the version.' }),
    }),
    responses: { 200: { description: 'Version', data: agentVersionShape } },
  },
  async ({ params, scope }, deps) => {
    const { id: agentId } = await findAgent(deps, scope, params.id);
    const number = /^[1-9]\d{0,8}$/.test(params.version) ? Number(params.version) : 0;
    const version = await getAgentVersion(deps.db, scope, { agentId, version: number });
    if (version !== null) return ok(showAgentVersion(version));
    throw new ApiError('not_found', `Agent ${params.id} has no version ${params.version}.`);
  },
);

export const rollback = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/rollback',
    operationId: 'rollbackAgent',
    tag,
    summary: 'Bring an earlier version back',
    description: 'Saves it as a new version; `enabled`, webhook keys and secrets stay as they are.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    body: z.object({ version: z.number().int().min(1).max(2_147_483_647) }),
    bodyRequired: true,
    bodyExample: { version: 1 },
    responses: { 200: { description: 'The agent as it is now', data: agentShape } },
  },
  async ({ params, body, scope }, deps) =>
    ok(showAgent(await rollbackAgent(deps.agents, scope, params.id, body.version))),
);
