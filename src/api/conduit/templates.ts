import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { checkSkillFiles } from '../../skills/skill-files.ts';
import { type InstalledPart, installTemplate } from '../../templates/install.ts';
import { findTemplate, templateLibrary } from '../../templates/library.ts';
import type { Template } from '../../templates/template.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const tag = 'templates';
const resource = 'template';
const params = z.object({
  slug: z.string().openapi({ description: 'Name of the template.', example: 'reservation-desk' }),
});

const shape = z.object({
  slug: z.string(),
  number: z.number().int(),
  name: z.string(),
  tagline: z.string(),
  description: z.string(),
  category: z.string(),
  popular: z.boolean(),
  tools: z.array(z.object({ name: z.string(), description: z.string(), language: z.string() })),
  skills: z.array(z.object({ name: z.string(), description: z.string() })),
  knowledge: z.array(z.object({ title: z.string() })),
  tests: z.array(z.object({ name: z.string() })),
});

export const installedShape = z.object({
  template: z.string(),
  agent_id: z.string(),
  parts: z.array(
    z.object({
      kind: z.enum(['tool', 'skill', 'knowledge', 'agent', 'test']),
      id: z.string(),
      name: z.string(),
      outcome: z.enum(['created', 'kept']),
    }),
  ),
});

export const templateRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/templates',
      operationId: 'listTemplates',
      tag,
      summary: 'List templates of agents',
      resource,
      right: 'read',
      workspace: 'none',
      responses: { 200: { description: 'Templates', data: z.array(shape) } },
    },
    async () => ok(templateLibrary.map(show)),
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/templates/{slug}',
      operationId: 'getTemplate',
      tag,
      summary: 'Get template',
      resource,
      right: 'read',
      workspace: 'none',
      params,
      responses: { 200: { description: 'Template', data: shape } },
    },
    async ({ params: { slug } }) => ok(show(requireTemplate(slug))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/templates/{slug}/install',
      operationId: 'installTemplate',
      tag,
      summary: 'Install a template',
      description:
        'Makes its agent with tools, skills, knowledge and test cases, all or nothing. What is there already under the same name and is the same is kept, so that a repeat changes nothing; what differs is a conflict that names it.',
      resource,
      right: 'write',
      workspace: { from: 'query', need: 'one' },
      params,
      errors: { 409: 'Something of the name is there and differs', 503: 'No sandbox is usable' },
      responses: { 200: { description: 'What the workspace has of it now', data: installedShape } },
    },
    async ({ params: { slug }, scope, workspaceId }, deps) => {
      const template = requireTemplate(slug);
      const parts = await installTemplate(deps, template, { scope, workspaceId });
      return ok(showInstalled(template, parts));
    },
  ),
];

/** Throws `not_found`. */
export function requireTemplate(slugOrNumber: string): Template {
  const template = findTemplate(slugOrNumber);
  if (template !== null) return template;
  throw new ApiError('not_found', `There is no template ${slugOrNumber}.`);
}

export function showInstalled(template: Template, parts: readonly InstalledPart[]) {
  const agent = parts.find(({ kind }) => kind === 'agent');
  return { template: template.slug, agent_id: agent?.id ?? '', parts };
}

function show(template: Template): z.output<typeof shape> {
  const { slug, number, name, tagline, description, category, popular } = template;
  return {
    ...{ slug, number, name, tagline, description, category, popular },
    tools: template.tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      language: tool.language,
    })),
    skills: template.skills.map(({ files }) => {
      const all = Object.entries(files).map(([path, text]) => ({
        ...{ path, content: Buffer.from(text), isExecutable: false },
      }));
      const { name, description } = checkSkillFiles(all);
      return { name, description };
    }),
    knowledge: template.knowledge.map(({ title }) => ({ title })),
    tests: template.tests.map(({ name }) => ({ name })),
  };
}
