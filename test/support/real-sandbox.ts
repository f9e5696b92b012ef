import type { ToolLanguage } from '../../src/core/custom-tool.ts';
import {
  type Sandbox,
  type SandboxCall,
  type SandboxOutcome,
  SandboxUnavailable,
} from '../../src/core/sandbox.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/create-sandbox.ts';

/** The sandbox, or why it cannot be had here. */
export async function openOrReason(options: SandboxOptions): Promise<Sandbox | string> {
  try {
    return await createSandbox(options);
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  }
}

export type RunCode = (
  language: ToolLanguage,
  code: string,
  more?: Partial<SandboxCall>,
) => Promise<SandboxOutcome>;

/** Calls without parameters, unless told otherwise. */
export function codeIn(sandbox: Sandbox): RunCode {
  const usual = { parametersJson: '{}', timeoutMs: 20_000, memoryMb: 128, key: 'run:1' };
  return (language, code, more = {}) => sandbox.run({ language, code, ...usual, ...more });
}
