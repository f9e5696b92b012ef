import { z } from '@hono/zod-openapi';
import type { OpenApiSource } from '../../core/tool-source.ts';
import { listToolSources } from '../../store/tool-sources.ts';
import { openApiCreateSchema, openApiPatchSchema } from '../../tools/openapi/openapi-input.ts';
import {
  createOpenApiSource,
  deleteOpenApiSource,
  patchOpenApiSource,
  requireOpenApiSource,
} from '../../tools/openapi/openapi-sources.ts';
import { missingCredentials } from '../../tools/openapi/security.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, jsonObject, listQuery, ofObject } from './fields.ts';
import { showSource, showSourceTool, sourceShape, sourceToolShape } from './tool-source-view.ts';

const tag = 'openapi_tools';
const resource = 'openapi_tool';

const params = z.object({
  id: idParam('OpenAPI document', 'oa77c0dy0mgdpzmqz6tesry8w184002s'),
});

function show(source: OpenApiSource) {
  const { base_url, document_url, credentials, skipped } = source.config;
  return {
    ...showSource(source),
    base_url,
    document_url,
    credentials,
    missing_credentials: missingCredentials(source),
    skipped,
  };
}

const shape = z.object({
  ...sourceShape,
  base_url: z.string().openapi({ description: 'Requests go below it and nowhere else.' }),
  document_url: z.string().nullable(),
  credentials: jsonObject,
  missing_credentials: z
    .array(z.string())
    .openapi({ description: 'Security schemes without which some of its tools fail.' }),
  skipped: z
    .array(z.object({ operation: z.string(), reason: z.string() }))
    .openapi({ description: 'Operations that cannot be tools; the first hundred.' }),
});

const shapeOfOne = shape.extend({
  document: z.string().openapi({ description: 'As it was given or fetched.' }),
});

export const openApiToolRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/openapi-tools',
      operationId: 'listOpenApiTools',
      tag,
      summary: 'List OpenAPI documents that give tools',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'OpenAPI documents', data: shape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'openapi-tools', filters: { workspaceId }, ...query });
      const page = await listToolSources(deps.db, { scope, kind: 'openapi' }, paging.request);
      return listed(page, paging, show);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/openapi-tools',
      operationId: 'createOpenApiTools',
      tag,
      summary: 'Add an OpenAPI document as tools',
      description:
        '`document` is the text of a document of version 3.0 or 3.1, in JSON or YAML; or `document_url` says where it is ' +
        'fetched, once. Each operation is a tool, `name__operationId` (or method and path where there is no id; a name that had ' +
        'to be changed or cut to 64 characters ends in a hash); `allowed_tools` chooses some, and a document of more than ' +
        '500 needs it. Parameters are arguments of their names, the body is the argument `body`; a parameter whose name is ' +
        'taken, or is `body`, gets its place appended (`id_query`). References are followed inside the document only. ' +
        'Requests go to `base_url`, by default the document’s first server with `server_variables`. `credentials` has one ' +
        'for each security scheme by name, as `PUT /v1/tools/http-request` takes them: secrets are named, and no model sees them.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: openApiCreateSchema,
      bodyRequired: true,
      bodyExample: {
        workspace_id: 'ws77c0dy0mgdpzmqz6tesry8w184002s',
        name: 'orders',
        base_url: 'https://api.example.com/v2',
        document:
          'openapi: 3.1.0\ninfo: {title: Orders, version: "2"}\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      responses: {}\n',
      },
      errors: { 409: 'The name is taken' },
      responses: { 201: { description: 'Document added', data: shape } },
    },
    async ({ body, scope, idempotency, signal }, deps) => {
      const answerOf = (source: OpenApiSource) => created(show(source));
      const inTransaction = keepAnswer(deps, idempotency, answerOf);
      const openApi = { db: deps.db, openOutlet: deps.mcpDeps.openOutlet };
      return answerOf(
        await createOpenApiSource(openApi, scope, { input: body, signal, inTransaction }),
      );
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/openapi-tools/{id}',
      operationId: 'getOpenApiTools',
      tag,
      summary: 'Get OpenAPI document',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'OpenAPI document', data: shapeOfOne } },
    },
    async ({ params: { id }, scope }, deps) => {
      const source = await requireOpenApiSource(deps.db, scope, id);
      return ok({ ...show(source), document: source.config.document });
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/openapi-tools/{id}',
      operationId: 'updateOpenApiTools',
      tag,
      summary: 'Update OpenAPI document',
      description:
        'Only what is given changes. Another document keeps the base URL, unless `base_url` is given too; null takes that ' +
        'of the document. `document_url` fetches anew. `credentials` are given whole.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: openApiPatchSchema,
      bodyRequired: true,
      bodyExample: { enabled: false },
      errors: { 409: 'The name is taken, or agents name its tools' },
      responses: { 200: { description: 'OpenAPI document updated', data: shape } },
    },
    async ({ params: { id }, body, scope, signal }, deps) => {
      const openApi = { db: deps.db, openOutlet: deps.mcpDeps.openOutlet };
      return ok(show(await patchOpenApiSource(openApi, scope, { id, patch: body, signal })));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/openapi-tools/{id}',
      operationId: 'deleteOpenApiTools',
      tag,
      summary: 'Remove OpenAPI document',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'Agents name its tools' },
      responses: { 200: { description: 'OpenAPI document removed', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await deleteOpenApiSource(deps.db, scope, id);
      return deleted(id);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/openapi-tools/{id}/tools',
      operationId: 'listToolsOfOpenApiTools',
      tag,
      summary: 'List tools of an OpenAPI document',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Tools', data: z.array(sourceToolShape) } },
    },
    async ({ params: { id }, scope }, deps) => {
      const source = await requireOpenApiSource(deps.db, scope, id);
      return ok(source.tools.map((tool) => showSourceTool(tool, source)));
    },
  ),
];
