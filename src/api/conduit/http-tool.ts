import { z } from '@hono/zod-openapi';
import type { HttpToolSettings } from '../../core/http-tool.ts';
import { getHttpTool, httpToolSchema, setHttpTool } from '../../tools/http/http-tool-settings.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { workspaceIdField } from './fields.ts';

const tag = 'tools';
const resource = 'tool';

const shape = z.object({
  workspace_id: z.string(),
  hosts: z.array(
    z.object({
      host: z.string(),
      methods: z.array(z.string()).nullable(),
      agents: z.array(z.string()).nullable(),
      credential: z
        .object({
          type: z.enum(['bearer', 'header', 'query', 'basic']),
          secret: z.string().openapi({ description: 'Name of a secret of the workspace.' }),
          name: z.string().optional(),
          username: z.string().optional(),
        })
        .nullable(),
    }),
  ),
  enable_globally: z.boolean(),
  requires_approval: z.boolean(),
  timeout_ms: z.number().int(),
});

function show(settings: HttpToolSettings) {
  return {
    workspace_id: settings.workspaceId,
    hosts: settings.hosts,
    enable_globally: settings.enableGlobally,
    requires_approval: settings.requiresApproval,
    timeout_ms: settings.timeoutMs,
  };
}

export const httpToolRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/tools/http-request',
      operationId: 'getHttpRequestTool',
      tag,
      summary: 'What the tool http_request may reach',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      responses: { 200: { description: 'Settings', data: shape } },
    },
    async ({ workspaceId }, deps) => ok(show(await getHttpTool(deps.db, workspaceId))),
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/tools/http-request',
      operationId: 'setHttpRequestTool',
      tag,
      summary: 'Set what the tool http_request may reach',
      description:
        'Hosts by exact name, `*.suffix` or with a port; the first that fits a request decides. A ' +
        'credential names a secret, is added to requests to its host over https, and is never shown to a model. ' +
        '`agents` limits a host to agents by id. Agents name `http_request` in `tools`, unless it is enabled globally.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      body: httpToolSchema.extend({ workspace_id: workspaceIdField.optional() }),
      bodyRequired: true,
      bodyExample: {
        hosts: [
          {
            host: 'api.example.com',
            methods: ['GET', 'POST'],
            credential: { type: 'bearer', secret: 'EXAMPLE_KEY' },
          },
        ],
      },
      responses: { 200: { description: 'Settings as they are now', data: shape } },
    },
    async ({ workspaceId, body }, deps) => ok(show(await setHttpTool(deps.db, workspaceId, body))),
  ),
];
