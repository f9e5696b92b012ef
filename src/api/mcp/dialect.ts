import { conduitDialect } from '../conduit/dialect.ts';
import type { Dialect } from '../dialect.ts';
import { rpcError } from '../json-rpc.ts';

// The Model Context Protocol over HTTP: refusals that come before its own messages are JSON-RPC errors without an id.

export const mcpDialect: Dialect = {
  ...conduitDialect,
  name: 'mcp',
  prefix: '/v1/mcp',
  countsCallers: true,
  challenge: (serverUrl) => `Bearer resource_metadata="${metadataUrl(serverUrl)}"`,
  errorBody: (error) => rpcError(error),
  successBody: (answer) => answer.data,
  document: null,
};

/** RFC 9728, section 3.1: the path of the resource, after the well-known one. */
export const metadataPath = '/.well-known/oauth-protected-resource/v1/mcp';

function metadataUrl(serverUrl: string): string {
  return new URL(metadataPath, serverUrl).href;
}
