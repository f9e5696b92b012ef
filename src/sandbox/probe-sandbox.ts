import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxBackend, SandboxUnavailable, sandboxBackends } from '../core/sandbox.ts';
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

/** Tries backends with real calls, and leaves nothing behind. Takes seconds: Pyodide is slow to start. */
export async function probeSandbox(
  backends: readonly SandboxBackend[] = sandboxBackends,
): Promise<readonly SandboxProbe[]> {
  const probes: SandboxProbe[] = [];
  for (const backend of backends) {
    const found = backend === 'jail' ? await probeJail() : await probeDeno();
    const [reason, remarks] = typeof found === 'string' ? [found, []] : [null, found];
    probes.push({ backend, usable: reason === null, reason, remarks });
  }
  return probes;
}

/** Remarks, or the reason why it cannot be used. */
async function probeJail(): Promise<string | readonly string[]> {
  const jail = await openWholeJail({ maxCalls: 1, maxWarmBytes: 0 });
  if (typeof jail === 'string') return jail;
  await jail[Symbol.asyncDispose]();
  return jail.remarks ?? [];
}

async function probeDeno(): Promise<string | readonly string[]> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-probe-'));
  try {
    const sandbox = await openDeno({ maxCalls: 1, maxWarmBytes: 0, cacheDir });
    await sandbox[Symbol.asyncDispose]();
    return [];
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}
