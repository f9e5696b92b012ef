import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxBackend, SandboxUnavailable } from '../core/sandbox.ts';
import { openWholeJail } from './create-sandbox.ts';
import { openDeno } from './deno/deno.ts';

export interface SandboxProbe {
  readonly backend: SandboxBackend;
  /** It works for every language. */
  readonly usable: boolean;
  /** Why not, in plain words; null when it is usable. */
  readonly reason: string | null;
}

/** Tries each backend with real calls, and leaves nothing behind. Takes seconds: Pyodide is slow to start. */
export async function probeSandbox(): Promise<readonly SandboxProbe[]> {
  const reasons: readonly (readonly [SandboxBackend, string | null])[] = [
    ['jail', await jailReason()],
    ['deno', await denoReason()],
  ];
  return reasons.map(([backend, reason]) => ({ backend, usable: reason === null, reason }));
}

async function jailReason(): Promise<string | null> {
  const jail = await openWholeJail({ maxCalls: 1, maxWarmBytes: 0 });
  if (typeof jail === 'string') return jail;
  await jail[Symbol.asyncDispose]();
  return null;
}

async function denoReason(): Promise<string | null> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-probe-'));
  try {
    const sandbox = await openDeno({ maxCalls: 1, maxWarmBytes: 0, cacheDir });
    await sandbox[Symbol.asyncDispose]();
    return null;
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}
