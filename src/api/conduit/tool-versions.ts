import { z } from '@hono/zod-openapi';
import { toolLanguages } from '../../core/custom-tool.ts';
import { ApiError } from '../../core/errors.ts';
import { getToolVersion, listToolVersions, type ToolVersion } from '../../store/tool-versions.ts';
import { rollbackCustomTool } from '../../tools/custom-tools.ts';
import { listed, ok } from '../answer.ts';
import { requireToolEver } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { customToolShape, showCustomTool } from './custom-tool-view.ts';
import { customToolParams } from './custom-tools.ts';
import { listQuery, ofObject } from './fields.ts';
import { iso } from './times.ts';

const tag = 'custom_tools';
const resource = 'custom_tool';

const versionShape = z.object({
  tool_id: z.string(),
  version: z.number().int(),
  language: z.enum(toolLanguages),
  code: z.string(),
  created_at: z.string(),
});

function show(version: ToolVersion) {
  return {
    tool_id: version.toolId,
    version: version.version,
    language: version.language,
    code: version.code,
    created_at: iso(version.createdAt),
  };
}

export const toolVersionRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/custom-tools/{id}/versions',
      operationId: 'listCustomToolVersions',
      tag,
      summary: 'List versions of a custom tool’s code, newest first',
      description: 'Those of a deleted tool too: traces name them.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: customToolParams,
      query: z.object(listQuery),
      responses: { 200: { description: 'Versions', data: versionShape, kind: 'page' } },
    },
    async ({ params, query, scope }, deps) => {
      await requireToolEver(deps, scope, params.id);
      const filters = { toolId: params.id };
      const paging = pagingOf(deps, { name: 'tool-versions', filters, ...query });
      return listed(await listToolVersions(deps.db, params.id, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/custom-tools/{id}/versions/{version}',
      operationId: 'getCustomToolVersion',
      tag,
      summary: 'Get a version of a custom tool’s code',
      description: '`tool_version` of a tool trace or a tool run names it.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: customToolParams.extend({
        version: z.string().openapi({ type: 'integer', description: 'Number of the version.' }),
      }),
      responses: { 200: { description: 'Version', data: versionShape } },
    },
    async ({ params, scope }, deps) => {
      await requireToolEver(deps, scope, params.id);
      const number = /^[1-9]\d{0,8}$/.test(params.version) ? Number(params.version) : 0;
      const version = await getToolVersion(deps.db, { toolId: params.id, version: number });
      if (version !== null) return ok(show(version));
      const message = `Custom tool ${params.id} has no version ${params.version}.`;
      throw new ApiError('not_found', message);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/custom-tools/{id}/rollback',
      operationId: 'rollbackCustomTool',
      tag,
      summary: 'Bring the code of an earlier version back',
      description:
        'Saves it as a new version. Parameters and settings of the tool are not part of a version, and stay.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: customToolParams,
      body: z.object({ version: z.number().int().min(1).max(2_147_483_647) }),
      bodyRequired: true,
      bodyExample: { version: 1 },
      errors: {
        409: 'The code was changed meanwhile',
        503: 'No sandbox is usable on this server',
      },
      responses: { 200: { description: 'The tool as it is now', data: customToolShape } },
    },
    async ({ params, body, scope }, deps) =>
      ok(showCustomTool(await rollbackCustomTool(deps, scope, params.id, body.version))),
  ),
];
