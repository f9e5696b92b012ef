import { z } from '@hono/zod-openapi';
import type { ZodType } from 'zod';
import { testCaseFields } from '../../agent-tests/test-input.ts';
import { agentInputSchema } from '../../agents/agent-input.ts';
import { triggerInput } from '../../agents/trigger-input.ts';
import { ApiError } from '../../core/errors.ts';
import { internalEventTypes } from '../../core/event-name.ts';
import { filesInput } from '../../skills/skill-input.ts';
import { customToolCreateSchema } from '../../tools/custom-tool-input.ts';
import { listNameableTools } from '../../tools/nameable-tools.ts';
import { ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { defineRoute } from '../route.ts';

// Catalogs for whoever builds agents: JSON Schemas of what can be written, and what there is to name.

const tag = 'Schemas';
const resource = 'schema';
const from = { from: 'header', need: 'one' } as const;
const anything = z.unknown().openapi({ type: 'object', additionalProperties: true });

type Catalog = (deps: ApiDeps, workspaceId: string) => Promise<unknown>;

const catalogs: Readonly<Record<string, { readonly about: string; readonly read: Catalog }>> = {
  agent: {
    about: 'An agent as /v1/agents takes it.',
    read: async () => schemaOf(agentInputSchema),
  },
  trigger: { about: 'A trigger of an agent.', read: async () => schemaOf(triggerInput) },
  'custom-tool': {
    about: 'A tool in Python or JavaScript.',
    read: async () => schemaOf(customToolCreateSchema),
  },
  'skill-files': { about: 'Files of a skill.', read: async () => schemaOf(filesInput) },
  'test-case': { about: 'A test case of an agent.', read: async () => schemaOf(testCaseFields) },
  tools: {
    about: 'Tools that agents of this workspace may name, with the schemas of their arguments.',
    read: async (deps, workspaceId) => {
      const tools = await listNameableTools(deps.db, workspaceId);
      return tools.map(({ name, kind, description, inputSchema }) => ({
        ...{ name, kind, description },
        input_schema: inputSchema,
      }));
    },
  },
  events: {
    about: 'Events of our own that triggers can listen to.',
    read: async () => [...internalEventTypes],
  },
};

export const schemaRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/schemas',
      operationId: 'public_api.schemas_get',
      tag,
      summary: 'List schema catalogs',
      resource,
      right: 'read',
      workspace: 'none',
      responses: {
        200: {
          description: 'Success.',
          data: z.array(z.object({ name: z.string(), description: z.string() })),
        },
      },
    },
    async () =>
      ok(Object.entries(catalogs).map(([name, { about: description }]) => ({ name, description }))),
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/schemas/{schema_name}',
      operationId: 'public_api.schemas_detail_get',
      tag,
      summary: 'A schema catalog, as raw JSON',
      resource,
      right: 'read',
      workspace: from,
      params: z.object({
        schema_name: z.string().openapi({ description: 'Name of the catalog.', example: 'agent' }),
      }),
      responses: { 200: { description: 'Success.', data: anything } },
    },
    async ({ params: { schema_name: name }, workspaceId }, deps) => {
      const catalog = Object.hasOwn(catalogs, name) ? catalogs[name] : undefined;
      if (catalog !== undefined) return ok(await catalog.read(deps, workspaceId));
      const known = Object.keys(catalogs).join(', ');
      throw new ApiError('not_found', `There is no schema ${name}. There are ${known}.`);
    },
  ),
];

function schemaOf(schema: ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
