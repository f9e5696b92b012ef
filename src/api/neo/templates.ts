import { z } from '@hono/zod-openapi';
import { installTemplate } from '../../templates/install.ts';
import { templateLibrary } from '../../templates/library.ts';
import type { Template } from '../../templates/template.ts';
import { ok } from '../answer.ts';
import { installedShape, requireTemplate, showInstalled } from '../conduit/templates.ts';
import { defineRoute } from '../route.ts';

// Templates as Neo's pages show them: what an agent of each would be configured with.

const tag = 'Agents';
const resource = 'template';
const params = z.object({
  template_id: z.string().openapi({ description: 'Number of the template, or its slug.' }),
});

const row = z
  .object({
    id: z.number().int(),
    slug: z.string(),
    name: z.string(),
    tagline: z.string(),
    description: z.string(),
    category: z.string(),
    popular: z.boolean(),
    scope: z.literal('GLOBAL'),
    supported_psas: z.array(z.string()),
    required_integrations: z.array(z.string()),
    actions: z.array(z.looseObject({})),
    agent_settings: z.looseObject({ custom_instructions: z.string() }),
    callback_settings: z.looseObject({}),
    toolbox: z.object({ tool_settings_by_type: z.record(z.string(), z.looseObject({})) }),
    integrations: z.record(z.string(), z.unknown()),
    schedule: z.looseObject({}).nullable(),
    process_entities_sequentially: z.boolean(),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('Template');

export const templateRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/templates',
      operationId: 'public_api.templates_get',
      tag,
      summary: 'List templates',
      resource,
      right: 'read',
      workspace: 'none',
      responses: { 200: { description: 'Success.', data: z.array(row) } },
    },
    async () => ok(templateLibrary.map(show)),
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/templates/{template_id}',
      operationId: 'public_api.templates_detail_get',
      tag,
      summary: 'Get a template',
      resource,
      right: 'read',
      workspace: 'none',
      params,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { template_id } }) => ok(show(requireTemplate(template_id))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/templates/{template_id}/install',
      operationId: 'public_api.templates_install_post',
      tag,
      summary: 'Install a template: its agent with tools, skills, knowledge and test cases',
      description: 'All or nothing. A repeat changes nothing; what is there and differs is 409.',
      resource,
      right: 'write',
      workspace: { from: 'header', need: 'one' },
      params,
      responses: { 200: { description: 'Success.', data: installedShape } },
    },
    async ({ params: { template_id }, scope, workspaceId }, deps) => {
      const template = requireTemplate(template_id);
      const parts = await installTemplate(deps, template, { scope, workspaceId });
      return ok(showInstalled(template, parts));
    },
  ),
];

/** Its settings are in the places where they are of the agent that it becomes. */
function show(template: Template): z.output<typeof row> {
  const { number: id, slug, name, tagline, description, category, popular, agent } = template;
  const { instructions, tools, triggers = [], memory, output_schema } = agent;
  return {
    ...{ id, slug, name, tagline, description, category, popular },
    scope: 'GLOBAL',
    supported_psas: [],
    required_integrations: [],
    actions: [],
    agent_settings: {
      custom_instructions: instructions,
      ...(memory === undefined ? {} : { memory }),
      ...(output_schema === undefined ? {} : { output_schema }),
    },
    callback_settings: { run_only_once_per_entity: agent.run_only_once_per_entity ?? false },
    toolbox: { tool_settings_by_type: Object.fromEntries(tools.map((tool) => [tool, {}])) },
    integrations: {},
    schedule: triggers.find(({ type }) => type === 'cron')?.config ?? null,
    process_entities_sequentially: agent.process_entities_sequentially ?? false,
    created_at: template.createdAt,
    updated_at: template.updatedAt,
  };
}
