import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { callTool } from './call-tool.ts';
import { metadataPath } from './dialect.ts';
import { answerMcp } from './server.ts';
import { describeTools, type McpTool } from './tools.ts';

// The platform as a server of the Model Context Protocol. Every tool is a route of `/v1`, called as its caller: rights,
// workspaces, limits and the audit log are those of the route, since nothing else is asked.

/** `routes`: those of `/v1`, of which tools are made. */
export function mcpRoutes(routes: readonly Route[]): readonly Route[] {
  let tools: readonly McpTool[] | null = null;
  const toolsOf = () => {
    tools ??= describeTools(routes);
    return tools;
  };
  const answer = defineRoute(
    {
      method: 'post',
      path: '/v1/mcp',
      operationId: 'answerMcp',
      tag: 'meta',
      summary: 'The Model Context Protocol, over streamable HTTP',
      resource: 'meta',
      right: 'read',
      workspace: 'none',
      body: z.looseObject({ jsonrpc: z.literal('2.0'), method: z.string().optional() }),
      bodyRequired: true,
      bodyExample: { jsonrpc: '2.0', id: 1, method: 'ping' },
      waitsForOthers: true,
      errors: { 403: 'The page that sends it is of another origin' },
      responses: {
        200: { description: 'The answer' },
        202: { description: 'Taken: a notification has no answer' },
      },
    },
    async (call, deps) => {
      requireKnownOrigin(call, deps);
      return await answerMcp(call.http, {
        tools: toolsOf(),
        call: (tool, given) => callTool(call, tool, given),
        ...{ deps, of: call },
      });
    },
  );
  return [answer, protectedResource];
}

/** RFC 9728. Without an issuer whose tokens are taken there is no authorization server: tokens are made here. */
const protectedResource = defineRoute(
  {
    method: 'get',
    path: metadataPath,
    operationId: 'getMcpResourceMetadata',
    tag: 'meta',
    summary: 'Who gives out tokens for the Model Context Protocol',
    resource: 'meta',
    right: 'public',
    workspace: 'none',
    responses: { 200: { description: 'The metadata', contentType: 'application/json' } },
  },
  async ({ http }, { oidc, publicUrl }) =>
    http.json({
      resource: new URL('/v1/mcp', publicUrl ?? http.req.url).href,
      resource_name: 'Signalbox',
      bearer_methods_supported: ['header'],
      ...(oidc?.takesBearers === true ? { authorization_servers: [oidc.issuer] } : {}),
    }),
);

/** Against pages that reach a server on somebody's machine by a name of their own: the specification asks for it. */
function requireKnownOrigin({ http }: Pick<Call, 'http'>, { corsOrigins = [] }: ApiDeps): void {
  const origin = http.req.header('origin');
  if (origin === undefined || corsOrigins.includes(origin) || isLoopback(origin)) return;
  throw new ApiError('forbidden', 'Pages of this origin may not use the API.');
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && loopback.includes(new URL(origin).hostname);
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
