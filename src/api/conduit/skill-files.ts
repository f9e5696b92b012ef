import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { skillFileName, skillMaxima } from '../../core/skill.ts';
import { validate } from '../../core/validate.ts';
import { packSkill, unpackSkill } from '../../skills/skill-archive.ts';
import { fieldOfInput, filesInput, skillFields, toFileContent } from '../../skills/skill-input.ts';
import {
  importSkill,
  plainExtras,
  replaceSkillFiles,
  requireSkill,
  rollbackSkill,
} from '../../skills/skills.ts';
import { getSkillVersion, listSkillVersions, readSkillFiles } from '../../store/skill-files.ts';
import { created, listed, ok } from '../answer.ts';
import { decodeUtf8, parseObject, readBytes } from '../body.ts';
import { pagingOf } from '../paging.ts';
import { type Call, defineRoute } from '../route.ts';
import { listQuery, ofObject } from './fields.ts';
import {
  showSkill,
  showSkillFile,
  showSkillVersion,
  skillFileShape,
  skillShape,
  skillVersionShape,
} from './skill-view.ts';
import { skillParams } from './skills.ts';

// Skills as folders: what their files are, and how they come in and go out.

const tag = 'skills';
const resource = 'skill';

const filesField = filesInput.openapi({
  description: `All files, ${skillFileName} among them; paths are relative and have / in between.`,
});
const importBody = z.object({
  files: filesField,
  replace: z.boolean().default(false).openapi({
    description: 'Makes them the files of the skill that has the name already.',
  }),
  display_name: skillFields.display_name.optional(),
  tags: skillFields.tags.nullable().optional(),
  enabled: skillFields.enabled.optional(),
});
const withFiles = skillShape.extend({ files: z.array(skillFileShape) });
const versionParams = skillParams.extend({
  version: z.string().regex(/^[1-9]\d{0,8}$/, 'must be the number of a version'),
});

export const skillFileRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/v1/skills/import',
      operationId: 'importSkill',
      tag,
      summary: 'Import a skill folder or archive',
      description:
        `The body is a ZIP archive with a ${skillFileName} at its top or in its only folder, or JSON with the files. ` +
        'All bytes are kept as they are. Links, paths that lead out and what is too large are refused. With `replace`, in ' +
        'the query for an archive, the skill that has the name gets the files as a new version (200).',
      resource,
      right: 'write',
      workspace: { from: 'query', need: 'one' },
      query: z.object({ replace: z.enum(['true', 'false']).optional() }),
      readsBody: true,
      maxBodyBytes: skillMaxima.uploadBytes,
      body: importBody,
      bodyRequired: 'in_document',
      bodyExample: {
        files: [
          {
            path: skillFileName,
            content:
              '---\nname: greeting\ndescription: Use it to greet.\n---\n\nGreet by the first name.\n',
          },
        ],
        replace: true,
      },
      errors: { 409: 'The name is taken', 413: 'The skill is too large' },
      responses: {
        200: { description: 'The skill has the files now', data: skillShape },
        201: { description: 'Skill created', data: skillShape },
      },
    },
    async (call, deps) => {
      const { scope, workspaceId } = call;
      const given = await readImport(call);
      const { skill, isNew } = await importSkill(deps, { ...given, scope, workspaceId });
      const shown = await showSkill(deps.db, skill);
      return isNew ? created(shown) : ok(shown);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/skills/{id}/export',
      operationId: 'exportSkill',
      tag,
      summary: 'Export a skill as an archive',
      description: 'A ZIP archive with the files as they came, below a folder of the skill’s name.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: skillParams,
      responses: { 200: { description: 'The archive', contentType: 'application/zip' } },
    },
    async ({ params: { id }, scope }, deps) => {
      const skill = await requireSkill(deps.db, { scope, id });
      const files = await readSkillFiles(deps.db, { skillId: skill.id, version: skill.version });
      return new Response(await packSkill(skill.name, files), {
        headers: {
          'Content-Type': 'application/zip',
          'Content-Disposition': `attachment; filename="${skill.name}.zip"`,
          'Cache-Control': 'no-store',
          'X-Content-Type-Options': 'nosniff',
        },
      });
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/skills/{id}/files',
      operationId: 'listSkillFiles',
      tag,
      summary: 'Files of a skill, whole',
      resource,
      right: 'read',
      workspace: ofObject,
      params: skillParams,
      responses: { 200: { description: 'Files, by path', data: z.array(skillFileShape) } },
    },
    async ({ params: { id }, scope }, deps) => {
      const skill = await requireSkill(deps.db, { scope, id });
      const files = await readSkillFiles(deps.db, { skillId: skill.id, version: skill.version });
      return ok(files.map(showSkillFile));
    },
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/skills/{id}/files',
      operationId: 'replaceSkillFiles',
      tag,
      summary: 'Replace the files of a skill',
      description: 'Files that are as they were keep their ids and versions.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: skillParams,
      maxBodyBytes: skillMaxima.uploadBytes,
      body: z.object({
        files: filesField,
        base_hash: z.string().max(100).nullable().optional().openapi({
          description:
            'Hash of the skill that the change is based on: 409 when it is another by now.',
        }),
      }),
      bodyRequired: true,
      bodyExample: {
        files: [
          {
            path: skillFileName,
            content:
              '---\nname: greeting\ndescription: Use it to greet.\n---\n\nGreet by the last name.\n',
          },
        ],
      },
      errors: { 409: 'The skill was changed meanwhile, or the name is taken' },
      responses: { 200: { description: 'Skill with its files', data: withFiles } },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const { files, base_hash: baseHash = null } = body;
      const skill = await replaceSkillFiles(
        deps,
        { scope, id },
        { files: files.map(toFileContent), baseHash, fieldOf: fieldOfInput },
      );
      const written = await readSkillFiles(deps.db, {
        skillId: skill.id,
        version: skill.version,
      });
      return ok({ ...(await showSkill(deps.db, skill)), files: written.map(showSkillFile) });
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/skills/{id}/versions',
      operationId: 'listSkillVersions',
      tag,
      summary: 'Versions of a skill, newest first',
      resource,
      right: 'read',
      workspace: ofObject,
      params: skillParams,
      query: z.object(listQuery),
      responses: { 200: { description: 'Versions', data: skillVersionShape, kind: 'page' } },
    },
    async ({ params: { id }, query, scope }, deps) => {
      const skill = await requireSkill(deps.db, { scope, id });
      const paging = pagingOf(deps, { name: 'skill-versions', filters: { id }, ...query });
      const page = await listSkillVersions(deps.db, skill.id, paging.request);
      return listed(page, paging, showSkillVersion);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/skills/{id}/versions/{version}',
      operationId: 'getSkillVersion',
      tag,
      summary: 'A version of a skill with its files',
      resource,
      right: 'read',
      workspace: ofObject,
      params: versionParams,
      responses: {
        200: {
          description: 'Version',
          data: skillVersionShape.extend({ files: z.array(skillFileShape) }),
        },
      },
    },
    async ({ params: { id, version }, scope }, deps) => {
      const skill = await requireSkill(deps.db, { scope, id });
      const at = { skillId: skill.id, version: Number(version) };
      const found = await getSkillVersion(deps.db, at);
      if (found === null) {
        throw new ApiError('not_found', `The skill ${id} has no version ${version}.`);
      }
      const files = await readSkillFiles(deps.db, at);
      return ok({ ...showSkillVersion(found), files: files.map(showSkillFile) });
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/skills/{id}/rollback',
      operationId: 'rollbackSkill',
      tag,
      summary: 'Bring the files of an earlier version back, as a new one',
      resource,
      right: 'write',
      workspace: ofObject,
      params: skillParams,
      body: z.object({ version: z.int().min(1).max(999_999_999) }),
      bodyRequired: true,
      bodyExample: { version: 1 },
      errors: { 409: 'The name that it had is taken' },
      responses: { 200: { description: 'Skill', data: skillShape } },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const skill = await rollbackSkill(deps, { scope, id }, body.version);
      return ok(await showSkill(deps.db, skill));
    },
  ),
];

async function readImport(
  call: Call<unknown, { readonly replace?: 'true' | 'false' | undefined }>,
) {
  const { raw } = call.http.req;
  const bytes = await readBytes(raw, skillMaxima.uploadBytes);
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isArchive) {
    const files = await unpackSkill(bytes);
    return { ...plainExtras, files, replace: call.query.replace === 'true' };
  }
  const value = parseObject(decodeUtf8(bytes), raw.headers.get('content-type'));
  const body = validate(importBody, value);
  const { display_name = null, tags = null, enabled = true } = body;
  return {
    ...plainExtras,
    ...{ displayName: display_name, tags, enabled },
    files: body.files.map((file) => toFileContent(file)),
    fieldOf: fieldOfInput,
    replace: body.replace || call.query.replace === 'true',
  };
}
