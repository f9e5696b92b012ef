import { z } from '@hono/zod-openapi';
import { type Skill, type SkillFile, skillFileName, skillMaxima } from '../../core/skill.ts';
import { withFrontMatter } from '../../skills/front-matter.ts';
import {
  fieldOfInput,
  fileEncodings,
  filesInput,
  showContent,
  skillFields,
  toFileContent,
} from '../../skills/skill-input.ts';
import {
  createSkill,
  deleteSkill,
  editSkill,
  plainExtras,
  replaceSkillFiles,
  requireSkill,
} from '../../skills/skills.ts';
import type { Queryable } from '../../store/connect.ts';
import { readSkillFiles } from '../../store/skill-files.ts';
import { listSkills } from '../../store/skills.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { ofObject, pageQuery } from './fields.ts';

// Skills as Neo's pages show them: a name for people, a slug (the `name` of its SKILL.md), and files.

const tag = 'Skills';
const resource = 'skill';

const row = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    source_run_id: z.string().nullable(),
    enabled: z.boolean(),
    version: z.number().int(),
    hash: z.string().openapi({ description: 'What an edit gives as `base_hash`.' }),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('SkillRow');

const file = z
  .object({
    id: z.string(),
    path: z.string(),
    content: z.string(),
    encoding: z.enum(fileEncodings),
    executable: z.boolean(),
    version: z.number().int(),
  })
  .openapi('SkillFile');

const whole = row.extend({ files: z.array(file) }).openapi('Skill');
const deletion = z.object({ id: z.string(), deleted: z.boolean() });
const params = z.object({ skill_id: z.string().openapi({ description: 'Id of the skill.' }) });

const displayName = z.string().min(1).max(200).regex(/\S/, 'must not be blank');
const description = skillFields.description.nullable().optional();
const sourceRun = z.string().min(1).max(200).nullable().optional().openapi({
  description: 'The execution that it was distilled from.',
});

export const skillRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/skills',
      operationId: 'public_api.skills_get',
      tag,
      summary: 'List skills, newest first, without their files',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object(pageQuery),
      responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { page_size: limit, cursor } = query;
      const filters = { workspaceId };
      const paging = pagingOf(deps, { name: 'neo-skills', filters, limit, cursor });
      return listed(await listSkills(deps.db, { scope }, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/skills',
      operationId: 'public_api.skills_post',
      tag,
      summary: 'Create a skill',
      description: `A ${skillFileName} without front matter is given some of slug and description. One with it must carry the slug as its name.`,
      resource,
      right: 'write',
      workspace: { from: 'header', need: 'one' },
      idempotent: 'create',
      maxBodyBytes: skillMaxima.uploadBytes,
      body: z
        .object({
          name: displayName,
          slug: skillFields.name,
          description,
          source_run_id: sourceRun,
          files: filesInput,
        })
        .openapi('CreateSkillRequest'),
      bodyRequired: true,
      bodyExample: {
        name: 'Password resets',
        slug: 'password-resets',
        description: 'Use it when somebody cannot sign in.',
        files: [{ path: skillFileName, content: 'Ask for the employee number first.\n' }],
      },
      errors: { 409: 'Conflict: the slug is taken.' },
      responses: { 201: { description: 'Success.', data: whole } },
    },
    async ({ body, scope, workspaceId, idempotency }, deps) => {
      const { name, slug, source_run_id: sourceRunId = null } = body;
      const files = withFrontMatter(body.files.map(toFileContent), {
        name: slug,
        description: body.description ?? null,
        otherwise: name,
        fieldOf: fieldOfInput,
      });
      const given = {
        ...{ ...plainExtras, displayName: name, sourceRunId },
        ...{ scope, workspaceId, files, fieldOf: fieldOfInput },
      };
      const shown = new Map<string, unknown>();
      const keep = keepAnswer(deps, idempotency, (skill: Skill) => created(shown.get(skill.id)));
      const skill = await createSkill(deps, given, async (tx, skill) => {
        shown.set(skill.id, await showWhole(tx, skill));
        await keep?.(tx, skill);
      });
      return created(shown.get(skill.id));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/skills/{skill_id}',
      operationId: 'public_api.skills_detail_get',
      tag,
      summary: 'Get a skill with the latest version of each file',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: whole } },
    },
    async ({ params: { skill_id: id }, scope }, deps) =>
      ok(await showWhole(deps.db, await requireSkill(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'put',
      path: '/public-api/skills/{skill_id}',
      operationId: 'public_api.skills_detail_put',
      tag,
      summary: 'Change a skill whole',
      description: 'What is not given stays; `files` are all of its files.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      maxBodyBytes: skillMaxima.uploadBytes,
      body: z
        .object({
          name: displayName.optional(),
          slug: skillFields.name.optional(),
          description: skillFields.description.optional(),
          enabled: z.boolean().optional(),
          files: filesInput.optional(),
          base_hash: z.string().max(100).nullable().optional(),
        })
        .openapi('UpdateSkillRequest'),
      bodyRequired: true,
      bodyExample: { name: 'Password resets' },
      errors: { 409: 'Conflict: the slug is taken, or the skill was changed meanwhile.' },
      responses: { 200: { description: 'Success.', data: whole } },
    },
    async ({ params: { skill_id: id }, scope, body }, deps) => {
      const before = await requireSkill(deps.db, { scope, id });
      const at = { skillId: before.id, version: before.version };
      const now = body.files?.map(toFileContent) ?? (await readSkillFiles(deps.db, at));
      const files = withFrontMatter(now, {
        name: body.slug ?? (body.files === undefined ? null : before.name),
        mayRename: body.files === undefined,
        description: body.description ?? null,
        otherwise: before.description,
        fieldOf: fieldOfInput,
      });
      const extras = {
        ...(body.name === undefined ? {} : { displayName: body.name }),
        ...(body.enabled === undefined ? {} : { enabled: body.enabled }),
      };
      // What was read above must be what is changed.
      const baseHash = body.base_hash ?? (body.files === undefined ? before.hash : null);
      const change = { files, extras, baseHash, fieldOf: fieldOfInput };
      return ok(await showWhole(deps.db, await replaceSkillFiles(deps, { scope, id }, change)));
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/public-api/skills/{skill_id}',
      operationId: 'public_api.skills_detail_patch',
      tag,
      summary: 'Edit parts of a skill’s files',
      description:
        'Each edit replaces `old_string`, which must be in the file once unless `replace_all` is true. All are made, one after the other, or none.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z
        .object({
          edits: z
            .array(
              z.object({
                file_id: z.string().min(1).max(300),
                old_string: z.string().min(1).max(262_144),
                new_string: z.string().max(262_144),
                replace_all: z.boolean().default(false),
              }),
            )
            .min(1)
            .max(100),
          base_hash: z.string().max(100).nullable().optional().openapi({
            description: '`hash` of the skill that the edits were made for: 409 if it is another.',
          }),
        })
        .openapi('EditSkillRequest'),
      bodyRequired: true,
      bodyExample: {
        edits: [{ file_id: skillFileName, old_string: 'first', new_string: 'last' }],
      },
      errors: { 409: 'Conflict: the skill was changed meanwhile.' },
      responses: { 200: { description: 'Success.', data: whole } },
    },
    async ({ params: { skill_id: id }, scope, body }, deps) => {
      const edits = body.edits.map((edit) => ({
        fileId: edit.file_id,
        oldString: edit.old_string,
        newString: edit.new_string,
        replaceAll: edit.replace_all,
      }));
      const change = { edits, baseHash: body.base_hash ?? null };
      return ok(await showWhole(deps.db, await editSkill(deps, { scope, id }, change)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/public-api/skills/{skill_id}',
      operationId: 'public_api.skills_detail_delete',
      tag,
      summary: 'Delete a skill',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'Conflict: agents have the skill.' },
      responses: { 200: { description: 'Success.', data: deletion } },
    },
    async ({ params: { skill_id: id }, scope }, deps) => {
      await deleteSkill(deps, { scope, id });
      return deleted(id);
    },
  ),
];

async function showWhole(db: Queryable, skill: Skill) {
  const files = await readSkillFiles(db, { skillId: skill.id, version: skill.version });
  return { ...show(skill), files: files.map(showFile) };
}

function show(skill: Skill) {
  return {
    id: skill.id,
    name: skill.displayName ?? skill.name,
    slug: skill.name,
    description: skill.description,
    source_run_id: skill.sourceRunId,
    enabled: skill.enabled,
    version: skill.version,
    hash: skill.hash,
    created_at: skill.createdAt.toISOString(),
    updated_at: skill.updatedAt.toISOString(),
  };
}

function showFile(file: SkillFile) {
  const { id, path, version, isExecutable: executable } = file;
  return { id, path, ...showContent(file.content), executable, version };
}
