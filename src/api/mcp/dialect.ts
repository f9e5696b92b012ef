import type { Problem } from '../../core/errors.ts';
import { conduitDialect } from '../conduit/dialect.ts';
import type { Dialect } from '../dialect.ts';

// The Model Context Protocol over HTTP: refusals that come before its own messages are JSON-RPC errors without an id.

/** Codes of JSON-RPC 2.0, section 5.1; what is not of its making has one of the range that is left to servers. */
const codes: Partial<Record<Problem, number>> = {
  malformed_request: -32_700,
  validation_error: -32_600,
  payload_too_large: -32_600,
  method_not_allowed: -32_601,
  internal_error: -32_603,
};

export const mcpDialect: Dialect = {
  ...conduitDialect,
  name: 'mcp',
  prefix: '/v1/mcp',
  countsCallers: true,
  challenge: (serverUrl) => `Bearer resource_metadata="${metadataUrl(serverUrl)}"`,
  errorBody: ({ problem, message }) => ({
    jsonrpc: '2.0',
    id: null,
    error: { code: codes[problem] ?? -32_000, message },
  }),
  successBody: (answer) => answer.data,
  document: null,
};

/** RFC 9728, section 3.1: the path of the resource, after the well-known one. */
export const metadataPath = '/.well-known/oauth-protected-resource/v1/mcp';

function metadataUrl(serverUrl: string): string {
  return new URL(metadataPath, serverUrl).href;
}
