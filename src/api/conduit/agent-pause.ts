import { pauseAgent, resumeAgent } from '../../agents/pause-agent.ts';
import { ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { agentShape, showAgent } from './agent-view.ts';
import { agentParams } from './run-params.ts';

const common = {
  method: 'post',
  tag: 'agents',
  resource: 'run',
  right: 'write',
  workspace: { from: 'query', need: 'optional' },
  params: agentParams,
} as const;

export const pauseAgentRuns = defineRoute(
  {
    ...common,
    path: '/v1/agents/{id}/pause',
    operationId: 'pauseAgent',
    summary: 'Pause an agent',
    description:
      'New runs are accepted and wait until the agent is resumed; runs that have begun go on. To pause a paused agent changes nothing.',
    responses: { 200: { description: 'The agent', data: agentShape } },
  },
  async ({ params, scope }, deps) => {
    const { id } = await findAgent(deps, scope, params.id);
    return ok(showAgent(await pauseAgent(deps.db, scope, id)));
  },
);

export const resumeAgentRuns = defineRoute(
  {
    ...common,
    path: '/v1/agents/{id}/resume',
    operationId: 'resumeAgent',
    summary: 'Resume a paused agent',
    description: 'The runs that waited begin, in their order.',
    responses: { 200: { description: 'The agent', data: agentShape } },
  },
  async ({ params, scope }, deps) => {
    const { id } = await findAgent(deps, scope, params.id);
    return ok(showAgent(await resumeAgent(deps.db, scope, id)));
  },
);
