import { join } from 'node:path';
import type { Logger } from './core/logger.ts';
import { type Sandbox, SandboxUnavailable } from './core/sandbox.ts';
import type { Env } from './env.ts';
import { createSandbox } from './sandbox/create-sandbox.ts';
import type { Egress } from './sandbox/egress/proxy.ts';
import { noSandbox } from './sandbox/no-sandbox.ts';
import type { Database } from './store/connect.ts';
import { whyJailIsNeeded } from './tools/why-jail-is-needed.ts';

/** The chosen backend, or one that refuses every call with the reason why there is none. */
export async function openSandbox({
  env,
  logger,
  egress,
  db,
}: {
  readonly env: Env;
  readonly logger: Logger;
  readonly egress: Egress;
  readonly db: Database;
}): Promise<{ readonly sandbox: Sandbox; readonly problem: string | null }> {
  const cacheDir = join(env.dataDir, 'cache');
  try {
    return {
      sandbox: await createSandbox({
        choice: env.sandbox,
        cacheDir,
        logger,
        egress,
        whyNotDeno: () => whyJailIsNeeded(db),
      }),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof SandboxUnavailable)) throw error;
    logger.error({ err: error }, 'No sandbox works here: custom tools cannot run');
    return { sandbox: noSandbox(error.message), problem: error.message };
  }
}
