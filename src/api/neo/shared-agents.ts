import { z } from '@hono/zod-openapi';
import { getSharedAgent, shareAgent, unshareAgent } from '../../agents/share-agent.ts';
import type { Agent } from '../../core/agent.ts';
import { agentToolPrefix } from '../../tools/agent-tools.ts';
import { created, deleted, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { showAgent } from './agent-view.ts';
import { agentParams, deletion, ofObject } from './fields.ts';
import { findUnmanagedAgent } from './find-unmanaged-agent.ts';

// Links to agents. Who has one sees how the agent works, made anew at every look: nothing of the tenant, of runs, of
// money, of secrets and addresses of hooks, and no value that conditions compare with.

const tag = 'Sharing';
const resource = 'agent';
const anyObject = z.looseObject({});

const sharedShape = z
  .object({
    agent: anyObject,
    action_schemas: anyObject,
    tool_schemas: anyObject,
    integration_schemas: anyObject,
    integration_statuses: anyObject,
    ticket_schema: anyObject,
    time_entry_schema: anyObject,
    callback_change_options: z.array(z.string()),
    view: z.object({
      name: z.string(),
      prompt: z.string(),
      triggers: z.array(anyObject),
      filters: z.array(anyObject),
      filter_values_masked: z.literal(true),
      schedule: anyObject.nullable(),
      pipeline: z.array(anyObject),
      tools: z.array(anyObject),
      integrations: z.array(anyObject),
      capabilities: z.object({ sandbox_enabled: z.boolean(), subagents_enabled: z.boolean() }),
      attribution: z.string().nullable(),
      created_at: z.string().openapi({ format: 'date-time' }),
    }),
  })
  .openapi('SharedAgent');

export const sharedAgentRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/shared-agents/{share_token}',
      operationId: 'public_api.shared_agents_detail_get',
      tag,
      summary: 'Get an agent by its link',
      description: 'Needs no credential: the token of the link is one.',
      resource,
      right: 'public',
      workspace: 'none',
      params: z.object({
        share_token: z.string().max(200).openapi({ description: 'Of the link, as it was given.' }),
      }),
      responses: { 200: { description: 'Success.', data: sharedShape } },
      errors: { 404: 'Unknown, or the agent is disabled or deleted.' },
    },
    async ({ params }, deps) => ok(showShared(await getSharedAgent(deps.db, params.share_token))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/agents/{agent_id}/share',
      operationId: 'public_api.agents_share_post',
      tag,
      summary: 'Give an agent a link',
      description: 'The token is shown once; one that was given before is void from now on.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: agentParams,
      responses: {
        201: { description: 'Created.', data: z.object({ share_token: z.string() }) },
      },
    },
    async ({ params, scope }, deps) => {
      const agent = await findUnmanagedAgent(deps, scope, params.agent_id);
      return created({ share_token: await shareAgent(deps.db, agent) });
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/public-api/agents/{agent_id}/share',
      operationId: 'public_api.agents_share_delete',
      tag,
      summary: 'Take the link of an agent away',
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
      const agent = await findAgent(deps, scope, params.agent_id);
      await unshareAgent(deps.db, agent);
      return deleted(String(agent.number));
    },
  ),
];

function showShared(agent: Agent): z.input<typeof sharedShape> {
  const shown = showAgent(agent);
  const { tools } = agent.definition;
  const { name, description, autonomy_type, trigger_type, entity_type, schedule } = shown;
  const cron = schedule === null ? null : cadence(schedule);
  return {
    agent: { name, description, autonomy_type, trigger_type, entity_type },
    action_schemas: {},
    tool_schemas: {},
    integration_schemas: {},
    integration_statuses: {},
    ticket_schema: {},
    time_entry_schema: {},
    callback_change_options: shown.callback_settings.target_changes.map((one) => one.change_type),
    view: {
      name,
      prompt: agent.definition.instructions,
      triggers: agent.triggers.map(({ type, enabled }) => ({ type, enabled })),
      filters: agent.triggers.flatMap(({ config }) => filtersOf(config.filter)),
      filter_values_masked: true,
      schedule: cron,
      pipeline: shown.actions.map(({ action_type }) => ({
        action_type,
        label: action_type,
        settings: {},
      })),
      tools: (tools ?? []).map((tool) => {
        const isAgent = tool.startsWith(agentToolPrefix);
        const type = isAgent ? 'agent' : tool;
        return { type, title: type, group: isAgent ? 'agents' : 'tools', settings: {} };
      }),
      integrations: [],
      capabilities: {
        sandbox_enabled: (tools ?? []).length > 0,
        subagents_enabled: (tools ?? []).some((tool) => tool.startsWith(agentToolPrefix)),
      },
      attribution: null,
      created_at: shown.created_at,
    },
  };
}

function cadence({ expression, timezone }: Readonly<Record<string, unknown>>) {
  return { expression, timezone };
}

/** Which fields are compared and how; not with what. */
function filtersOf(filter: unknown) {
  if (!Array.isArray(filter)) return [];
  return filter.map(({ field, op }: { field: string; op: string }) => ({ field, operator: op }));
}
