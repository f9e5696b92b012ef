import { z } from '@hono/zod-openapi';
import { assignSkillToAgents } from '../../agents/assign-skill.ts';
import { type Skill, skillFileName } from '../../core/skill.ts';
import { skillFields } from '../../skills/skill-input.ts';
import { writeSkillMd } from '../../skills/skill-md.ts';
import {
  createSkill,
  deleteSkill,
  patchSkill,
  plainExtras,
  requireSkill,
} from '../../skills/skills.ts';
import { listSkills } from '../../store/skills.ts';
import { created, deleted, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { showSkill, showSkills, skillShape } from './skill-view.ts';

const tag = 'skills';
const resource = 'skill';
export const skillParams = z.object({
  id: idParam('Skill', 'ks77c0dy0mgdpzmqz6tesry8w184002s'),
});

const fields = {
  name: skillFields.name.openapi({ example: 'booking-policy' }),
  display_name: skillFields.display_name.optional(),
  description: skillFields.description.openapi({
    description: 'When to use it: agents see this before they load the body.',
  }),
  body: skillFields.body.openapi({ description: 'What to do.' }),
  tags: skillFields.tags,
  enabled: skillFields.enabled.optional().openapi({
    description: 'While it is false, runs that begin are not offered the skill.',
  }),
};
const allowedTools = skillFields.allowed_tools.openapi({
  description:
    'Once a run has loaded the skill, it can call only these of its tools, and what another loaded skill allows. Absent or null: no restriction.',
});

export const skillRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/skills',
      operationId: 'listSkills',
      tag,
      summary: 'List skills',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({ ...listQuery, enabled: z.enum(['true', 'false']).optional() }),
      responses: { 200: { description: 'Skills', data: skillShape, kind: 'page' } },
    },
    async ({ query: { enabled, ...query }, scope, workspaceId }, deps) => {
      const paging = pagingOf(deps, {
        name: 'skills',
        filters: { workspaceId, enabled },
        ...query,
      });
      const filter = { scope, enabled: enabled === undefined ? undefined : enabled === 'true' };
      const page = await listSkills(deps.db, filter, paging.request);
      const nextCursor = page.next === null ? null : paging.cursorOf(page.next);
      return { status: 200, data: await showSkills(deps.db, page.items), page: { nextCursor } };
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/skills',
      operationId: 'createSkill',
      tag,
      summary: 'Create skill',
      description: `Writes a ${skillFileName} of the fields. Folders and archives go to \`/v1/skills/import\`.`,
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: z.object({
        workspace_id: workspaceIdField,
        ...fields,
        tags: fields.tags.optional(),
        allowed_tools: allowedTools.optional(),
        auto_assign_to_existing_v2_agents: z.boolean().default(false).openapi({
          description: 'Gives it to every agent of the workspace, each as a new version.',
        }),
      }),
      bodyRequired: true,
      bodyExample: {
        workspace_id: 'ws77c0dy0mgdpzmqz6tesry8w184002s',
        name: 'booking-policy',
        description: 'Use it when a guest asks to change or cancel a booking.',
        body: 'Look the booking up first. Changes are free until two days before arrival.\n',
        allowed_tools: ['get-booking'],
      },
      errors: { 409: 'The name is taken' },
      responses: { 201: { description: 'Skill created', data: skillShape } },
    },
    async ({ body, scope, idempotency }, deps) => {
      const { name, description, allowed_tools, auto_assign_to_existing_v2_agents } = body;
      const md = { name, description, allowedTools: allowed_tools ?? null, body: body.body };
      const content = Buffer.from(writeSkillMd(null, md));
      const { display_name = null, tags = null, enabled = true } = body;
      const given = {
        ...plainExtras,
        ...{ displayName: display_name, tags, enabled },
        ...{ scope, workspaceId: body.workspace_id },
        files: [{ path: skillFileName, content, isExecutable: false }],
        fieldOf: () => 'body',
      };
      const shown = new Map<string, unknown>();
      const keep = keepAnswer(deps, idempotency, (skill: Skill) => created(shown.get(skill.id)));
      const skill = await createSkill(deps, given, async (tx, skill) => {
        if (auto_assign_to_existing_v2_agents) await assignSkillToAgents(tx, skill);
        shown.set(skill.id, await showSkill(tx, skill));
        await keep?.(tx, skill);
      });
      return created(shown.get(skill.id));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/skills/{id}',
      operationId: 'getSkill',
      tag,
      summary: 'Get skill',
      resource,
      right: 'read',
      workspace: ofObject,
      params: skillParams,
      responses: { 200: { description: 'Skill', data: skillShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(await showSkill(deps.db, await requireSkill(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/skills/{id}',
      operationId: 'updateSkill',
      tag,
      summary: 'Update skill',
      description: `Only what is given changes; null clears. Name, description, body and allowed tools are changed in its ${skillFileName}, which is a new version.`,
      resource,
      right: 'write',
      workspace: ofObject,
      params: skillParams,
      body: z
        .object({
          ...fields,
          tags: fields.tags.nullable(),
          allowed_tools: allowedTools.nullable(),
        })
        .partial(),
      bodyRequired: true,
      bodyExample: { description: 'Use it when a guest wants to change or cancel.' },
      errors: { 409: 'The name is taken' },
      responses: { 200: { description: 'Skill updated', data: skillShape } },
    },
    async ({ params: { id }, body, scope }, deps) => {
      const { display_name: displayName, allowed_tools, ...rest } = body;
      const patch = { ...rest, displayName, allowedTools: allowed_tools };
      const skill = await patchSkill(deps, { scope, id }, patch);
      return ok(await showSkill(deps.db, skill));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/skills/{id}',
      operationId: 'deleteSkill',
      tag,
      summary: 'Delete skill',
      description: 'Runs that began with it keep it.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: skillParams,
      errors: { 409: 'Agents have the skill' },
      responses: { 200: { description: 'Skill deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await deleteSkill(deps, { scope, id });
      return deleted(id);
    },
  ),
];
