import { availableParallelism } from 'node:os';
import { type Sandbox, SandboxUnavailable } from '../core/sandbox.ts';
import { openDeno } from './deno/deno.ts';
import { openJail } from './jail/jail.ts';

export const sandboxChoices = ['auto', 'jail', 'deno'] as const;
export type SandboxChoice = (typeof sandboxChoices)[number];

export interface SandboxOptions {
  readonly choice: SandboxChoice;
  /** A directory of the server's own, made when it is not there; nothing is written outside of it. */
  readonly cacheDir: string;
  /** Calls at once; others wait. By default two a processor core. */
  readonly maxCalls?: number;
  readonly logger?: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/**
 * Opens the backend after real calls have shown that it works. `auto` takes the jail if that serves
 * every language, else Deno, and logs why. Throws `SandboxUnavailable` with what to change.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { choice, cacheDir, logger } = options;
  const maxCalls = options.maxCalls ?? availableParallelism() * 2;
  if (choice === 'deno') return await openDeno({ maxCalls, cacheDir });
  if (choice === 'jail') {
    const { sandbox, missing } = await openJail({ maxCalls });
    for (const [language, reason] of missing) {
      logger?.warn({ language, reason }, 'The jail cannot run this language; its tools will fail.');
    }
    return sandbox;
  }
  const reason = await openWholeJail(maxCalls);
  if (typeof reason !== 'string') return reason;
  try {
    const sandbox = await openDeno({ maxCalls, cacheDir });
    logger?.warn({ reason }, 'Tools run under Deno, because the jail is not usable here.');
    return sandbox;
  } catch (error) {
    const denoReason = error instanceof Error ? error.message : String(error);
    throw new SandboxUnavailable(`No sandbox works here. jail: ${reason} deno: ${denoReason}`, {
      cause: error,
    });
  }
}

/** The jail with every language, or the reason why there is none. */
export async function openWholeJail(maxCalls: number): Promise<Sandbox | string> {
  try {
    const { sandbox, missing } = await openJail({ maxCalls });
    if (missing.size === 0) return sandbox;
    await sandbox[Symbol.asyncDispose]();
    return [...missing].map(([language, reason]) => `${language}: ${reason}`).join(' ');
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  }
}
