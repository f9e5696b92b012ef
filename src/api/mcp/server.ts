import {
  type CallToolResult,
  createMcpHandler,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import type { Context } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { authorize } from '../authorize.ts';
import type { ApiDeps } from '../deps.ts';
import type { Call } from '../route.ts';
import type { McpTool } from './tools.ts';

// One message of the protocol, answered by the official server library: each for itself, without sessions, so that any
// process can answer any of them. Both generations of the protocol are spoken.

export interface Answering {
  readonly tools: readonly McpTool[];
  readonly call: (
    tool: McpTool,
    given: Readonly<Record<string, unknown>>,
  ) => Promise<CallToolResult>;
  readonly of: Pick<Call, 'caller' | 'body' | 'bodyText'>;
  readonly deps: Pick<ApiDeps, 'version' | 'logger'>;
}

/** How many of the tools a page of `tools/list` holds. */
const pageSize = 100;

/** The answer to the request's message. */
export async function answerMcp(http: Context, answering: Answering): Promise<Response> {
  const { deps, of } = answering;
  const { fetch: answerTo } = createMcpHandler(() => serverOf(answering), {
    onerror: (err) =>
      deps.logger.debug({ err }, 'A message of the Model Context Protocol was refused'),
  });
  const headers = new Headers(http.req.raw.headers);
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/json, text/event-stream');
  headers.delete('Content-Length');
  const request = new Request(http.req.url, { method: 'POST', headers, body: of.bodyText });
  const answer = await answerTo(request, { parsedBody: of.body });
  return http.newResponse(answer.body, answer);
}

function serverOf({ tools, call, of, deps }: Answering): Server {
  const offered = tools.filter(({ route }) => isAllowed(() => authorize(of.caller, route)));
  const server = new Server(
    { name: 'signalbox', title: 'Signalbox', version: deps.version },
    {
      capabilities: { tools: {} },
      instructions:
        'Agents, their runs, knowledge and conversations. Most tools take workspace_id: list_workspaces tells which there are. Lists are read page by page: give next_cursor back as cursor.',
    },
  );
  server.setRequestHandler('tools/list', ({ params }) => {
    const from = params?.cursor === undefined ? 0 : Number(params.cursor);
    if (!Number.isInteger(from) || from < 0) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is none of this list.');
    }
    const page = offered.slice(from, from + pageSize);
    const isLast = from + pageSize >= offered.length;
    return {
      tools: page.map(({ route: _, ...shown }) => ({ ...shown })),
      ...(isLast ? {} : { nextCursor: String(from + pageSize) }),
    };
  });
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = offered.find(({ name }) => name === params.name);
    if (tool !== undefined) return await call(tool, params.arguments ?? {});
    const isKept = tools.some(({ name }) => name === params.name);
    const why = isKept ? 'is not allowed for this token' : 'is none of this server';
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The tool ${params.name} ${why}.`);
  });
  return server;
}

function isAllowed(judge: () => unknown): boolean {
  try {
    judge();
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.problem === 'forbidden') return false;
    throw error;
  }
}
