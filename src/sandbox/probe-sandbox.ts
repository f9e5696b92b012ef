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
  /** How calls are held here. */
  readonly remarks: readonly string[];
}

/** Tries each backend with real calls, and leaves nothing behind. Takes seconds: Pyodide is slow to start. */
export async function probeSandbox(): Promise<readonly SandboxProbe[]> {
  const jail = await probeJail();
  const [reason, remarks] = typeof jail === 'string' ? [jail, []] : [null, jail];
  const deno = await denoReason();
  return [
    { backend: 'jail', usable: reason === null, reason, remarks },
    { backend: 'deno', usable: deno === null, reason: deno, remarks: [] },
  ];
}

async function probeJail(): Promise<string | readonly string[]> {
  const jail = await openWholeJail({ maxCalls: 1, maxWarmBytes: 0 });
  if (typeof jail === 'string') return jail;
  await jail[Symbol.asyncDispose]();
  return jail.remarks ?? [];
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
