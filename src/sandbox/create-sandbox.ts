import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, SandboxUnavailable } from '../core/sandbox.ts';
import { openDeno } from './deno/deno.ts';
import type { Egress } from './egress/proxy.ts';
import { withGrants } from './granted-sandbox.ts';
import { type JailOptions, openJail } from './jail/jail.ts';
import { mebibyte } from './limits.ts';

export const sandboxChoices = ['auto', 'jail', 'deno'] as const;
export type SandboxChoice = (typeof sandboxChoices)[number];

export interface SandboxOptions {
  readonly choice: SandboxChoice;
  /** A directory of the server's own, made when it is not there; nothing is written outside of it. */
  readonly cacheDir: string;
  /** Calls at once; others wait. By default two a processor core. */
  readonly maxCalls?: number;
  /** Memory of interpreters that wait for calls, at most, in bytes; 0 for none. By default 256 MiB. */
  readonly maxWarmBytes?: number;
  /** The way out for calls that may reach hosts; without it such calls are refused. It stays the caller's. */
  readonly egress?: Egress;
  /** Why `auto` must not fall back to Deno, in plain words; null when it may. Asked only then. */
  readonly whyNotDeno?: () => Promise<string | null>;
  readonly logger?: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/**
 * Opens the backend after real calls have shown that it works. `auto` takes the jail if that serves
 * every language, else Deno, unless a stored tool needs the jail, and logs why. Throws `SandboxUnavailable` with what to change.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  return withGrants(await openBackend(options), options.egress ?? null);
}

async function openBackend(options: SandboxOptions): Promise<Sandbox> {
  const { choice, cacheDir, logger } = options;
  const size = {
    maxCalls: options.maxCalls ?? availableParallelism() * 2,
    maxWarmBytes: options.maxWarmBytes ?? 256 * mebibyte,
    egress: options.egress ?? null,
    runtimesDir: join(cacheDir, 'runtimes'),
  };
  if (choice === 'deno') return await openDeno({ ...size, cacheDir });
  if (choice === 'jail') {
    const { sandbox, missing, withoutZygote } = await openJail(size);
    tellOfSlowStart(withoutZygote, logger);
    for (const [language, reason] of missing) {
      logger?.warn({ language, reason }, 'The jail cannot run this language; its tools will fail.');
    }
    return sandbox;
  }
  const reason = await openWholeJail(size, logger);
  if (typeof reason !== 'string') return reason;
  const obstacle = (await options.whyNotDeno?.()) ?? null;
  if (obstacle !== null) {
    throw new SandboxUnavailable(
      `The jail is not usable here: ${reason} Deno cannot stand in for it: ${obstacle} Mend the jail, ` +
        'or take those tools or their imports away, or set SIGNALBOX_SANDBOX=deno, under which they fail.',
    );
  }
  try {
    const sandbox = await openDeno({ ...size, cacheDir });
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
export async function openWholeJail(
  size: JailOptions,
  logger?: SandboxOptions['logger'],
): Promise<Sandbox | string> {
  try {
    const { sandbox, missing, withoutZygote } = await openJail(size);
    if (missing.size === 0) {
      tellOfSlowStart(withoutZygote, logger);
      return sandbox;
    }
    await sandbox[Symbol.asyncDispose]();
    return [...missing].map(([language, reason]) => `${language}: ${reason}`).join(' ');
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  }
}

function tellOfSlowStart(reason: string | null, logger: SandboxOptions['logger']): void {
  if (reason === null) return;
  logger?.warn({ reason }, 'Python starts anew for each call: forking it does not work here.');
}
