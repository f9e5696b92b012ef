import { z } from '@hono/zod-openapi';
import type { Agent } from '../../core/agent.ts';
import { listAgents } from '../../store/agents.ts';
import { ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { ofHeader, shown, slice } from './fields.ts';

// Agents, as assistants.

const common = { tag: 'agents', resource: 'agent', right: 'read' } as const;
const params = z.object({ assistant_id: z.string() });

export const assistantRoutes = [
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/agent-protocol/assistants/search',
      operationId: 'searchAssistants',
      summary: 'Assistants: the agents of the workspace, newest first',
      workspace: ofHeader('one'),
      body: z.looseObject(slice),
      bodyExample: { limit: 10 },
      responses: { 200: shown },
    },
    async ({ body, workspaceId }, deps) => {
      const page = { limit: body.offset + body.limit, after: null };
      const found = await listAgents(deps.db, { scope: [workspaceId] }, page);
      return ok(found.items.slice(body.offset).map(showAssistant));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/agent-protocol/assistants/{assistant_id}',
      operationId: 'getAssistant',
      summary: 'An assistant',
      workspace: ofHeader('optional'),
      params,
      responses: { 200: shown },
    },
    async ({ params: { assistant_id: id }, scope }, deps) =>
      ok(showAssistant(await findAgent(deps, scope, id))),
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/agent-protocol/assistants/{assistant_id}/schemas',
      operationId: 'getAssistantSchemas',
      summary: 'What an assistant takes and gives',
      workspace: ofHeader('optional'),
      params,
      responses: { 200: shown },
    },
    async ({ params: { assistant_id: id }, scope }, deps) => {
      const agent = await findAgent(deps, scope, id);
      const messages = { type: 'array', items: { type: 'object' } };
      const state = { type: 'object', properties: { messages }, required: ['messages'] };
      return ok({
        graph_id: agent.id,
        input_schema: state,
        output_schema: state,
        state_schema: state,
        config_schema: null,
        context_schema: null,
      });
    },
  ),
];

function showAssistant(agent: Agent) {
  const { id, version, definition, createdAt, updatedAt } = agent;
  return {
    assistant_id: id,
    graph_id: id,
    name: definition.name,
    description: definition.description,
    version,
    config: {},
    context: {},
    metadata: { workspace_id: agent.workspaceId },
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
