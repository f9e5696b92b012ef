import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { beginAuthorization, finishAuthorization } from '../../tools/mcp/authorize.ts';
import { requireMcpServer } from '../../tools/mcp/mcp-servers.ts';
import { ok } from '../answer.ts';
import { plainText } from '../plain-page.ts';
import { defineRoute } from '../route.ts';
import { mcpServerParams } from './mcp-servers.ts';

const tag = 'mcp_servers';
const resource = 'mcp_server';
const callbackPath = '/v1/mcp-authorizations/callback';

const redirectUrl = z
  .string()
  .max(2_048)
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http(s) URL')
  .optional()
  .openapi({
    description: `Where the browser comes back to. By default ${callbackPath} of this server, as the request reached it.`,
  });

export const mcpAuthorizationRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/v1/mcp-servers/{id}/authorize',
      operationId: 'authorizeMcpServer',
      tag,
      summary: 'Begin to authorize at an MCP server',
      description:
        'For `auth` of type `oauth`. Open `authorization_url` in a browser; it comes back to the callback within ten minutes.',
      resource,
      right: 'write',
      waitsForOthers: true,
      workspace: { from: 'query', need: 'optional' },
      params: mcpServerParams,
      body: z.object({ redirect_url: redirectUrl }),
      errors: {
        409: 'The server is not configured for OAuth',
        422: 'Its authorization server cannot be used',
      },
      responses: {
        200: {
          description: 'Where to send the person; null when the stored tokens still serve',
          data: z.object({ authorization_url: z.string().nullable() }),
        },
      },
    },
    async ({ params, body, scope, http }, deps) => {
      const server = await requireMcpServer(deps.db, scope, params.id);
      const back = body.redirect_url ?? new URL(callbackPath, http.req.url).href;
      const url = await beginAuthorization(deps.mcpDeps, server, back);
      return ok({ authorization_url: url?.href ?? null });
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: callbackPath,
      operationId: 'finishMcpAuthorization',
      tag,
      summary: 'Where a browser comes back to from an authorization',
      description:
        'Needs no token: `state` is random, is known only to who began the authorization, and counts once. Answers a page.',
      resource,
      right: 'public',
      workspace: 'none',
      query: z.object({
        state: z.string().max(200).default(''),
        code: z.string().max(4_096).optional(),
        iss: z.string().max(2_048).optional(),
        error: z.string().max(200).optional(),
      }),
      responses: {
        200: { description: 'Authorized', contentType: 'text/html' },
        404: {
          description: 'The authorization is not known, was used, or is too old',
          contentType: 'text/html',
        },
        422: { description: 'The server refused it', contentType: 'text/html' },
      },
    },
    async ({ query }, deps) => {
      const { state, code, iss } = query;
      try {
        const server = await finishAuthorization(deps.mcpDeps, { state, code, iss });
        return plainText(`The MCP server “${server.name}” is authorized. You can close this page.`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return plainText(error.message, error.problem === 'not_found' ? 404 : 422);
      }
    },
  ),
];
