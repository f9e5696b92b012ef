import { SdkHttpError } from '@modelcontextprotocol/client';
import type { McpServer, SourceTool } from '../../core/tool-source.ts';
import { headAndTail } from '../model-text.ts';
import { checkShallow } from '../sources/check-shallow.ts';
import { allowedToolsOf } from '../sources/tool-names.ts';
import type { AgentTool, ToolCall, ToolCallResult } from '../tool.ts';
import type { Lent } from './connections.ts';
import { type McpClient, whyUnusable } from './mcp-client.ts';
import { mapResult } from './result.ts';

/** The server's tools, as agents call them: those that people allowed. */
export function mcpAgentTools(
  client: Pick<McpClient, 'take'>,
  server: McpServer,
): readonly AgentTool[] {
  return allowedToolsOf(server).map((tool) => ({
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema,
    toolId: null,
    version: null,
    idempotent: tool.idempotent,
    requiresApproval: server.requiresApproval,
    hasEffects: tool.hasEffects,
    check: (value) => checkShallow(tool.inputSchema, value),
    call: (call) => callMcp(client, { server, tool }, call),
  }));
}

async function callMcp(
  client: Pick<McpClient, 'take'>,
  of: { readonly server: McpServer; readonly tool: SourceTool },
  call: ToolCall,
): Promise<ToolCallResult> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  let mask = (text: string) => text;
  let connections: ToolCallResult['connections'] = [];
  try {
    for (;;) {
      const taken = await client.take(of.server);
      mask = (text) => taken.mask.text(text);
      using lent = taken.lent;
      const traced = lent.connection.traced(() => callOnce(lent, of, call));
      try {
        const result = await traced.result;
        connections = traced.connections();
        return resultOf(result, taken.mask, { runTimeMs: elapsed(), connections });
      } catch (error) {
        connections = traced.connections();
        if (!call.signal.aborted && !isToolError(error)) lent.discard();
        // The server has forgotten the session, so it has not begun: a new one is safe.
        if (!lent.isFresh && error instanceof SdkHttpError && error.status === 404) continue;
        throw error;
      }
    }
  } catch (error) {
    const why = mask(whyUnusable(error)).replace(/\.$/, '');
    const text = `The call of the MCP server "${of.server.name}" failed: ${why}.`;
    return {
      ok: false,
      error: text,
      modelText: headAndTail(text),
      logs: null,
      runTimeMs: elapsed(),
      connections,
    };
  }
}

async function callOnce(
  lent: Lent,
  { server, tool }: { readonly server: McpServer; readonly tool: SourceTool },
  call: ToolCall,
) {
  if (call.mayStart?.() === false) throw new Error('It was given up before it began');
  const input = JSON.parse(call.inputJson) as Record<string, unknown>;
  return await lent.connection.callTool({
    name: tool.remoteName,
    input,
    signal: call.signal,
    timeoutMs: server.timeoutMs,
  });
}

function resultOf(
  result: Parameters<typeof mapResult>[0],
  mask: { text(text: string): string; json(json: string): string },
  common: Pick<ToolCallResult, 'runTimeMs' | 'connections'>,
): ToolCallResult {
  const { isError, message, rawData, forModel } = mapResult(result);
  const facts = { logs: null, ...common };
  if (isError) {
    const error = mask.text(message === '' ? 'The tool failed without saying why.' : message);
    return { ok: false, error, modelText: headAndTail(`The tool failed: ${error}`), ...facts };
  }
  const outputJson = mask.json(JSON.stringify({ message, rawData }));
  const modelText = headAndTail(mask.json(JSON.stringify(forModel)));
  const hidesSomething = rawData.attachments !== undefined;
  return {
    ok: true,
    outputJson,
    modelText,
    ...(hidesSomething ? { isModelTextWhole: true } : {}),
    ...facts,
  };
}

/** The connection itself is well. */
function isToolError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ProtocolError';
}
