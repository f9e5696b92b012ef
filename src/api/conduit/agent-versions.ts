import { z } from '@hono/zod-openapi';
import { agentPatchSchema } from '../../agents/agent-input.ts';
import { enableVersion, saveCandidate } from '../../agents/candidates.ts';
import { rollbackAgent } from '../../agents/rollback-agent.ts';
import { ApiError } from '../../core/errors.ts';
import { getAgentVersion, listAgentVersions } from '../../store/agent-versions.ts';
import { created, listed, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentShape, agentVersionShape, showAgent, showAgentVersion } from './agent-view.ts';
import { listQuery, ofObject } from './fields.ts';
import { agentParams } from './run-params.ts';

const tag = 'agents';
const resource = 'agent';

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
    const number = versionNumber(params.version);
    const version = await getAgentVersion(deps.db, scope, { agentId, version: number });
    if (version !== null) return ok(showAgentVersion(version));
    throw new ApiError('not_found', `Agent ${params.id} has no version ${params.version}.`);
  },
);

export const addCandidate = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/versions',
    operationId: 'createAgentCandidate',
    tag,
    summary: 'Save a candidate version',
    description:
      'The live version with these changes, to be tested (`variants: [{version}]` of a test run) before it goes live. Nothing runs on it otherwise. `enabled`, `test_gate` and `triggers` belong to the agent and are refused.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    body: agentPatchSchema.omit({ triggers: true }),
    bodyRequired: true,
    bodyExample: { instructions: 'Look the reservation up, and confirm it in two sentences.' },
    responses: { 201: { description: 'Candidate saved', data: agentVersionShape } },
  },
  async ({ params, bodyText, scope }, deps) => {
    const patch = JSON.parse(bodyText);
    return created(showAgentVersion(await saveCandidate(deps.agents, scope, params.id, patch)));
  },
);

export const enableAgentVersion = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/versions/{version}/enable',
    operationId: 'enableAgentVersion',
    tag,
    summary: 'Let a version go live',
    description:
      'What it holds becomes the newest version, and the agent is enabled; triggers stay as they are. Where the agent has a `test_gate`, its cases must have passed on it.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams.extend({
      version: z.string().openapi({ type: 'integer', description: 'Number of the version.' }),
    }),
    errors: { 409: 'Test cases fail on it, or were not run on it: the error names them' },
    responses: { 200: { description: 'The agent as it is now', data: agentShape } },
  },
  async ({ params, scope }, deps) =>
    ok(
      showAgent(await enableVersion(deps.agents, scope, params.id, versionNumber(params.version))),
    ),
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

/** 0, which no version has, for what is none. */
function versionNumber(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}
