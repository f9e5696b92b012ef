import { z } from '@hono/zod-openapi';
import { listNameableTools, type NameableTool } from '../../tools/nameable-tools.ts';
import { listed } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { jsonObject, listQuery } from './fields.ts';

const shape = z.object({
  name: z.string(),
  kind: z.enum(['built_in', 'custom', 'mcp', 'openapi', 'agent']),
  id: z
    .string()
    .nullable()
    .openapi({ description: 'Of the custom tool, MCP server, OpenAPI document or agent.' }),
  description: z.string(),
  input_schema: jsonObject,
  enable_globally: z.boolean(),
  requires_approval: z.boolean(),
  idempotent: z.boolean(),
  has_effects: z.boolean(),
  unusable: z
    .string()
    .nullable()
    .openapi({ description: 'Why it is of no use to runs although it can be named.' }),
});

function show(tool: NameableTool) {
  return {
    name: tool.name,
    kind: tool.kind,
    id: tool.id,
    description: tool.description,
    input_schema: tool.inputSchema,
    enable_globally: tool.enableGlobally,
    requires_approval: tool.requiresApproval,
    idempotent: tool.idempotent,
    has_effects: tool.hasEffects,
    unusable: tool.unusable,
  };
}

/** No row has all of these, so the position in the list is a name. */
const noTime = new Date(0);

export const listNameable = defineRoute(
  {
    method: 'get',
    path: '/v1/tools',
    operationId: 'listTools',
    tag: 'tools',
    summary: 'List what agents may name in `tools`, by name',
    resource: 'tool',
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: z.object(listQuery),
    responses: { 200: { description: 'Tools', data: shape, kind: 'page' } },
  },
  async ({ query, workspaceId }, deps) => {
    const paging = pagingOf(deps, { name: 'tools', filters: { workspaceId }, ...query });
    const { after, limit } = paging.request;
    const all = await listNameableTools(deps.db, workspaceId);
    const rest = after === null ? all : all.filter(({ name }) => name > after.id);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    const isMore = rest.length > limit && last !== undefined;
    const next = isMore ? { createdAt: noTime, id: last.name } : null;
    return listed({ items, next }, paging, show);
  },
);
