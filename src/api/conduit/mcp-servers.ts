import { z } from '@hono/zod-openapi';
import type { McpServer } from '../../core/tool-source.ts';
import { listToolSources } from '../../store/tool-sources.ts';
import { mcpServerCreateSchema, mcpServerPatchSchema } from '../../tools/mcp/mcp-server-input.ts';
import {
  createMcpServer,
  deleteMcpServer,
  patchMcpServer,
  requireMcpServer,
  testMcpServer,
} from '../../tools/mcp/mcp-servers.ts';
import { isAuthorized } from '../../tools/mcp/oauth.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, jsonObject, listQuery, ofObject } from './fields.ts';
import { showSource, showSourceTool, sourceShape, sourceToolShape } from './tool-source-view.ts';

const tag = 'mcp_servers';
const resource = 'mcp_server';

export const mcpServerParams = z.object({
  id: idParam('MCP server', 'mc77c0dy0mgdpzmqz6tesry8w184002s'),
});

function show(server: McpServer) {
  return { ...showSource(server), config: server.config };
}

const config = jsonObject.openapi({
  description:
    '`{transport: "http"|"sse", url, auth}` with `auth` of type `none`, `bearer`, `header`, `oauth_client_credentials` or `oauth`; ' +
    'or `{transport: "stdio", directory, runtime: "node"|"python", args, env, secrets, network: {allow}, memory_mb}`, ' +
    'a program that runs in the jail from a folder of `mcp-servers/` in the data directory. Secrets are named, never given.',
});

const shape = z.object({ ...sourceShape, config });

const shapeOfOne = shape.extend({
  authorized: z
    .boolean()
    .nullable()
    .openapi({ description: 'Whether a person has; null where `auth` is not `oauth`.' }),
});

export const mcpServerRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/mcp-servers',
      operationId: 'listMcpServers',
      tag,
      summary: 'List MCP servers',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'MCP servers', data: shape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'mcp-servers', filters: { workspaceId }, ...query });
      const page = await listToolSources(deps.db, { scope, kind: 'mcp' }, paging.request);
      return listed(page, paging, show);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/mcp-servers',
      operationId: 'createMcpServer',
      tag,
      summary: 'Add MCP server',
      description:
        'Nothing is connected to yet: `POST /v1/mcp-servers/{id}/test` does, and reads its tools. An agent ' +
        'names a tool as `server__tool`; a name that had to be changed or cut to 64 characters ends in a hash.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: mcpServerCreateSchema,
      bodyRequired: true,
      bodyExample: {
        workspace_id: 'ws77c0dy0mgdpzmqz6tesry8w184002s',
        name: 'tickets',
        config: {
          transport: 'http',
          url: 'https://mcp.example.com/mcp',
          auth: { type: 'bearer', secret: 'TICKETS_KEY' },
        },
      },
      errors: { 409: 'The name is taken' },
      responses: { 201: { description: 'MCP server added', data: shape } },
    },
    async ({ body, scope, idempotency }, deps) => {
      const answerOf = (server: McpServer) => created(show(server));
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createMcpServer(deps, scope, body, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/mcp-servers/{id}',
      operationId: 'getMcpServer',
      tag,
      summary: 'Get MCP server',
      resource,
      right: 'read',
      workspace: ofObject,
      params: mcpServerParams,
      responses: { 200: { description: 'MCP server', data: shapeOfOne } },
    },
    async ({ params, scope }, deps) => {
      const server = await requireMcpServer(deps.db, scope, params.id);
      const { config } = server;
      const isOAuth = config.transport !== 'stdio' && config.auth.type === 'oauth';
      const authorized = isOAuth ? await isAuthorized(deps, server.id) : null;
      return ok({ ...show(server), authorized });
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/mcp-servers/{id}',
      operationId: 'updateMcpServer',
      tag,
      summary: 'Update MCP server',
      description:
        'Only what is given changes; `config` is given whole. Another address or `auth` forgets what was authorized.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: mcpServerParams,
      body: mcpServerPatchSchema,
      bodyRequired: true,
      bodyExample: { enabled: false },
      errors: { 409: 'The name is taken, or agents name its tools' },
      responses: { 200: { description: 'MCP server updated', data: shape } },
    },
    async ({ params, body, scope }, deps) =>
      ok(show(await patchMcpServer(deps, scope, params.id, body))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/mcp-servers/{id}',
      operationId: 'deleteMcpServer',
      tag,
      summary: 'Remove MCP server',
      resource,
      right: 'write',
      workspace: ofObject,
      params: mcpServerParams,
      errors: { 409: 'Agents name its tools' },
      responses: { 200: { description: 'MCP server removed', data: deletion } },
    },
    async ({ params, scope }, deps) => {
      await deleteMcpServer(deps.db, scope, params.id);
      return deleted(params.id);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/mcp-servers/{id}/tools',
      operationId: 'listMcpServerTools',
      tag,
      summary: 'List tools of an MCP server',
      description:
        'As they were last read: by a test, at a connection, or when the server said they changed.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: mcpServerParams,
      responses: { 200: { description: 'Tools', data: z.array(sourceToolShape) } },
    },
    async ({ params, scope }, deps) => {
      const server = await requireMcpServer(deps.db, scope, params.id);
      return ok(server.tools.map((tool) => showSourceTool(tool, server)));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/mcp-servers/{id}/test',
      operationId: 'testMcpServer',
      tag,
      summary: 'Connect to an MCP server and read its tools',
      description:
        'A server that cannot be used is an answer too: `success` is false and `error` says why.',
      resource,
      right: 'write',
      waitsForOthers: true,
      workspace: ofObject,
      params: mcpServerParams,
      responses: {
        200: {
          description: 'How it went',
          data: z.object({
            success: z.boolean(),
            error: z.string().nullable(),
            tools: z.array(sourceToolShape),
          }),
        },
      },
    },
    async ({ params, scope, signal }, deps) => {
      const server = await requireMcpServer(deps.db, scope, params.id);
      const test = await testMcpServer(deps, scope, { id: server.id, signal });
      if (!test.ok) return ok({ success: false, error: test.error, tools: [] });
      const tools = test.tools.map((tool) => showSourceTool(tool, server));
      return ok({ success: true, error: null, tools });
    },
  ),
];
