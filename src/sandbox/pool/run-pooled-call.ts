import type { SandboxOutcome } from '../../core/sandbox.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { RunnerLost, runCall } from '../run-call.ts';
import type { WarmPool } from './warm-pool.ts';

/** Runs a call in a process of the pool. Throws `SandboxUnavailable`. */
export async function runPooledCall(options: {
  readonly pool: WarmPool;
  readonly kind: string;
  readonly call: PreparedCall;
  readonly limits?: Readonly<Record<string, number>> | undefined;
}): Promise<SandboxOutcome> {
  const { pool, kind, call, limits } = options;
  for (;;) {
    const { runner, wasWaiting } = await pool.take(kind);
    try {
      return await runCall({ runner, call, ...(limits && { limits }) });
    } catch (error) {
      // It died while it waited; the code has not begun anywhere.
      if (!(wasWaiting && error instanceof RunnerLost)) throw error;
    }
  }
}
