import { httpRequestTool } from './http/http-request.ts';
import type { McpClient, McpDeps } from './mcp/mcp-client.ts';
import { mcpAgentTools } from './mcp/mcp-tools.ts';
import { openApiAgentTools } from './openapi/openapi-tools.ts';
import type { ConnectedTools } from './tool-shelf.ts';

/** What makes tools of MCP servers, of OpenAPI documents and of the settings of `http_request`. */
export function createConnectedTools(deps: McpDeps, mcp: McpClient): ConnectedTools {
  return {
    sourceTools: (source) =>
      source.kind === 'mcp' ? mcpAgentTools(mcp, source) : openApiAgentTools(deps, source),
    httpTool: (settings, agentId) => httpRequestTool(deps, settings, agentId),
  };
}
