import { z } from '@hono/zod-openapi';
import { agentInputSchema, agentMaxima, agentPatchSchema } from '../../agents/agent-input.ts';
import { createAgent, deleteAgent, patchAgent } from '../../agents/save-agent.ts';
import { triggerInput } from '../../agents/trigger-input.ts';
import type { Agent } from '../../core/agent.ts';
import { listAgents as listAgentRows } from '../../store/agents.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentShape, showAgent } from './agent-view.ts';
import { deletion, jsonObject, listQuery, ofObject } from './fields.ts';
import { agentParams } from './run-params.ts';

const tag = 'agents';
const resource = 'agent';
/** The config's shape depends on the trigger's type. */
const triggers = z
  .array(triggerInput.extend({ config: jsonObject.optional() }))
  .max(agentMaxima.triggers)
  .optional();

export const listAgents = defineRoute(
  {
    method: 'get',
    path: '/v1/agents',
    operationId: 'listAgents',
    tag,
    summary: 'List agents',
    resource,
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: z.object(listQuery),
    responses: { 200: { description: 'Agents', data: agentShape, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const paging = pagingOf(deps, { name: 'agents', filters: { workspaceId }, ...query });
    return listed(await listAgentRows(deps.db, { scope }, paging.request), paging, showAgent);
  },
);

/** Seed 003. */
export const getAgent = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}',
    operationId: 'getAgent',
    tag,
    summary: 'Get agent by id',
    resource,
    right: 'read',
    workspace: ofObject,
    params: agentParams,
    responses: { 200: { description: 'Agent', data: agentShape } },
  },
  async ({ params, scope }, deps) => ok(showAgent(await findAgent(deps, scope, params.id))),
);

export const addAgent = defineRoute(
  {
    method: 'post',
    path: '/v1/agents',
    operationId: 'createAgent',
    tag,
    summary: 'Create agent',
    resource,
    right: 'write',
    workspace: { from: 'body', need: 'one' },
    idempotent: 'create',
    body: agentInputSchema.extend({ triggers }),
    bodyRequired: true,
    bodyExample: {
      workspace_id: 'ws77c0dy0mgdpzmqz6tesry8w184002s',
      name: 'Reservations',
      description: 'Confirms reservations.',
      instructions: 'Look the reservation up and confirm it.',
      triggers: [{ name: 'Changed', type: 'webhook', config: {} }],
    },
    responses: { 201: { description: 'Agent created', data: agentShape } },
  },
  async ({ body, scope, idempotency }, deps) => {
    const answerOf = (agent: Agent) => created(showAgent(agent));
    const keep = keepAnswer(deps, idempotency, answerOf);
    return answerOf(await createAgent(deps.agents, scope, body, keep));
  },
);

export const updateAgent = defineRoute(
  {
    method: 'patch',
    path: '/v1/agents/{id}',
    operationId: 'updateAgent',
    tag,
    summary: 'Update agent',
    description:
      'Only what is given changes, and makes a new version. `skill_ids` and `triggers` replace; a trigger given with its `id` keeps it.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    body: agentPatchSchema.extend({ triggers }),
    bodyRequired: true,
    bodyExample: { operation_mode: 'copilot' },
    errors: { 409: 'The agent is at another version than `expected_version`' },
    responses: { 200: { description: 'Agent updated', data: agentShape } },
  },
  async ({ params, body, scope }, deps) =>
    ok(showAgent(await patchAgent(deps.agents, scope, params.id, body))),
);

export const removeAgent = defineRoute(
  {
    method: 'delete',
    path: '/v1/agents/{id}',
    operationId: 'deleteAgent',
    tag,
    summary: 'Delete agent',
    description: 'The agent and its triggers are gone; its runs stay.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    responses: { 200: { description: 'Agent deleted', data: deletion } },
  },
  async ({ params, scope }, deps) => deleted(await deleteAgent(deps, scope, params.id)),
);
