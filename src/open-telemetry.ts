import type { Logger } from './core/logger.ts';
import type { Sandbox } from './core/sandbox.ts';
import type { Env } from './env.ts';
import { type Database, poolCounts } from './store/connect.ts';
import { queueStats } from './store/queue-stats.ts';
import type { Gauges } from './telemetry/gauges.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** What is measured when somebody asks; set once its parts are there. */
export interface Measured {
  readonly db: Database;
  readonly writing: Database;
  /** What drives runs in this process. */
  readonly engines: readonly { readonly size: number }[];
  readonly writer: { readonly depth: number };
  readonly sandbox: Sandbox;
  readonly sandboxProblem: string | null;
}

export interface OpenedTelemetry {
  readonly telemetry: Telemetry;
  readonly measure: (parts: Measured) => void;
  /** What `/metrics` gives and to whom; null where it is not switched on. */
  readonly metrics: { readonly token: string; readonly read: () => Promise<string> } | null;
}

/** Null where the environment asks for none: then nothing of it is even loaded. */
export async function openTelemetry(
  given: { readonly env: Env; readonly version: string; readonly logger: Logger },
  undo: AsyncDisposableStack,
): Promise<OpenedTelemetry | null> {
  const { env, version, logger } = given;
  const { traces, metrics } = env.telemetry;
  const prometheus = env.metricsToken !== null;
  if (!traces && !metrics && !prometheus) return null;
  const { Telemetry } = await import('./telemetry/telemetry.ts');
  let parts: Measured | null = null;
  const gauges: Gauges = async () => (parts === null ? {} : await read(parts));
  const telemetry = undo.use(
    new Telemetry({ ...env.telemetry, prometheus, version, logger }, gauges),
  );
  const token = env.metricsToken;
  const text = async () => (await telemetry.prometheus()) ?? '';
  return {
    telemetry,
    metrics: token === null ? null : { token, read: text },
    measure: (given) => {
      parts = given;
    },
  };
}

/** A database that does not answer leaves its figures out, and does not hold up the others. */
const withinMs = 2_000;

async function read(parts: Measured): ReturnType<Gauges> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), withinMs).unref());
  const queue = await Promise.race([queueStats(parts.db).catch(() => null), late]);
  const pools = [parts.db, parts.writing].map(poolCounts);
  const sum = (of: 'open' | 'idle' | 'waiting') =>
    pools.reduce((total, pool) => total + (pool?.[of] ?? 0), 0);
  return {
    ...(queue === null ? {} : { queue }),
    runsInMemory: parts.engines.reduce((sum, { size }) => sum + size, 0),
    writerDepth: parts.writer.depth,
    pool: { open: sum('open'), idle: sum('idle'), waiting: sum('waiting') },
    sandbox: { usable: parts.sandboxProblem === null, backend: parts.sandbox.backend },
  };
}
