import type { ToolCallResult } from './tool.ts';

/** A call that has failed, with what the model is to read of it. */
export function failedCall(error: string, runTimeMs = 0): ToolCallResult {
  return { ok: false, error, modelText: error, logs: null, runTimeMs };
}
