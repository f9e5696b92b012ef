import { z } from '@hono/zod-openapi';
import { createAgent, deleteAgent, patchAgent } from '../../agents/save-agent.ts';
import type { Agent } from '../../core/agent.ts';
import { listAgents } from '../../store/agents.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentCreate, agentUpdate } from './agent-body.ts';
import { agentStates } from './agent-kind.ts';
import { agentRow, showAgent } from './agent-view.ts';
import { agentParams, deletion, ofObject, pageQuery } from './fields.ts';
import { findUnmanagedAgent } from './find-unmanaged-agent.ts';
import { refusingInWords } from './refused-actions.ts';
import { inputOf, patchOf } from './write-agent.ts';

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

export const createOneAgent = defineRoute(
  {
    method: 'post',
    path: '/public-api/agents',
    operationId: 'public_api.agents_post',
    tag,
    summary: 'Create an agent',
    description:
      'Its triggers follow from `trigger_type`, `entity_type`, conditions and `schedule`. Settings of tools take no credentials (400): secrets of the workspace hold those.',
    resource,
    right: 'write',
    workspace: { from: 'header', need: 'one' },
    idempotent: 'create',
    body: agentCreate,
    bodyRequired: true,
    bodyExample: {
      name: 'Triage',
      autonomy_type: 'AGENTIC',
      trigger_type: 'TRIGGERED',
      entity_type: 'ticket',
      agent_settings: { custom_instructions: 'Give the ticket a priority.' },
    },
    responses: { 201: { description: 'Created.', data: agentRow } },
    errors: { 400: 'A field that cannot be written here.' },
  },
  async ({ body, scope, workspaceId, idempotency }, deps) => {
    const answerOf = (agent: Agent) => created(showAgent(agent));
    const keep = keepAnswer(deps, idempotency, answerOf);
    const input = inputOf(body, workspaceId);
    const agent = await refusingInWords(body.actions, input, () =>
      createAgent(deps.agents, scope, input, keep),
    );
    return answerOf(agent);
  },
);

export const updateOneAgent = defineRoute(
  {
    method: 'put',
    path: '/public-api/agents/{agent_id}',
    operationId: 'public_api.agents_put',
    tag,
    summary: 'Update an agent in part',
    description:
      'What is left out stays. Settings of tools merge key by key, and null takes a tool away. A change that meets another one is refused (409 `agent_update_conflict`), and so is any of a managed agent (403 `agent_managed_by_neo`).',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    body: agentUpdate,
    bodyRequired: true,
    bodyExample: { description: 'Sorts what comes in.' },
    responses: { 200: { description: 'Success.', data: agentRow } },
    errors: { 400: 'A field that cannot be written, or cannot change.' },
  },
  async ({ params, body, scope }, deps) => {
    const agent = await findUnmanagedAgent(deps, scope, params.agent_id);
    const patch = patchOf(agent, body);
    const patched = await refusingInWords(body.actions, patch, () =>
      patchAgent(deps.agents, scope, agent.id, patch),
    );
    return ok(showAgent(patched));
  },
);

export const deleteOneAgent = defineRoute(
  {
    method: 'delete',
    path: '/public-api/agents/{agent_id}',
    operationId: 'public_api.agents_delete',
    tag,
    summary: 'Delete an agent',
    description: 'The agent and its triggers are gone; its executions stay.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    responses: {
      200: {
        description: 'Success.',
        data: deletion,
      },
    },
  },
  async ({ params, scope }, deps) => {
    const agent = await findUnmanagedAgent(deps, scope, params.agent_id);
    await deleteAgent(deps, scope, agent.id);
    return deleted(String(agent.number));
  },
);

function switching(name: 'enable' | 'disable') {
  return defineRoute(
    {
      method: 'post',
      path: `/public-api/agents/{agent_id}/${name}`,
      operationId: `public_api.agents_${name}_post`,
      tag,
      summary: name === 'enable' ? 'Enable an agent' : 'Disable an agent',
      description: 'A repeat changes nothing. The same is `state` of an update.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: agentParams,
      responses: { 200: { description: 'Success.', data: agentRow } },
    },
    async ({ params, scope }, deps) => {
      const agent = await findUnmanagedAgent(deps, scope, params.agent_id);
      const enabled = name === 'enable';
      return ok(showAgent(await patchAgent(deps.agents, scope, agent.id, { enabled })));
    },
  );
}

export const enableAgent = switching('enable');
export const disableAgent = switching('disable');
