import { z } from '@hono/zod-openapi';
import { listAgents } from '../../store/agents.ts';
import { listed, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentStates } from './agent-kind.ts';
import { agentRow, showAgent } from './agent-view.ts';
import { agentParams, pageQuery } from './fields.ts';

const tag = 'Agents';
const resource = 'agent';

export const getAgents = defineRoute(
  {
    method: 'get',
    path: '/public-api/agents',
    operationId: 'public_api.agents_get',
    tag,
    summary: 'List agents, newest first',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'one' },
    query: z.object({ state: z.enum(agentStates).optional(), ...pageQuery }),
    responses: { 200: { description: 'Success.', data: agentRow, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const { state, page_size: limit, cursor } = query;
    const filters = { workspaceId, state };
    const paging = pagingOf(deps, { name: 'neo-agents', filters, limit, cursor });
    const enabled = state === undefined ? {} : { enabled: state === 'ENABLED' };
    return listed(
      await listAgents(deps.db, { scope, ...enabled }, paging.request),
      paging,
      showAgent,
    );
  },
);

export const getOneAgent = defineRoute(
  {
    method: 'get',
    path: '/public-api/agents/{agent_id}',
    operationId: 'public_api.agents_detail_get',
    tag,
    summary: 'Get an agent',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: agentParams,
    responses: { 200: { description: 'Success.', data: agentRow } },
  },
  async ({ params, scope }, deps) => ok(showAgent(await findAgent(deps, scope, params.agent_id))),
);
