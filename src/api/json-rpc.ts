import type { ApiError, Problem } from '../core/errors.ts';

// JSON-RPC 2.0, as far as the protocols that speak it share it.

export type RpcId = string | number | null;

/** Section 5.1; what is not of its making has one of the range that is left to servers. */
const codes: Partial<Record<Problem, number>> = {
  malformed_request: -32_700,
  validation_error: -32_600,
  payload_too_large: -32_600,
  method_not_allowed: -32_601,
  internal_error: -32_603,
};

/** A refusal that comes before a message was read, or its answer. */
export function rpcError(error: ApiError, { id = null, code }: { id?: RpcId; code?: number } = {}) {
  const shown = code ?? codes[error.problem] ?? -32_000;
  return { jsonrpc: '2.0', id, error: { code: shown, message: error.message } };
}
