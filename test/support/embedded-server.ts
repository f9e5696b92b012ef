import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/store/connect.ts';
import type { EmbeddedConnection } from '../../src/store/connect-session.ts';
import type {
  EmbeddedPostgres,
  EmbeddedPostgresOptions,
} from '../../src/store/embedded/supervisor.ts';

export interface EmbeddedServerOptions
  extends Pick<EmbeddedPostgresOptions, 'dataDir' | 'sharedDir' | 'fsync'> {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A server process, in a process group of its own, with its embedded Postgres up. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly pid: number;
  readonly postmaster: number;
  readonly mode: EmbeddedPostgres['mode'];
  readonly connection: EmbeddedConnection;
  /** How long the start took, in milliseconds, that of Node included. */
  readonly startMs: number;
  readonly exit: Promise<unknown>;
  stop(): Promise<void>;
  query<Row>(sql: string): Promise<Row[]>;
}

/** Starts a server; throws what it says when it cannot. */
export async function startServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const startedAt = performance.now();
  const { child, firstLine } = spawnServer(options);
  const exit = once(child, 'exit');
  // A server that hangs must not outlive the test that waits for it.
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const line = await firstLine;
  clearTimeout(giveUp);
  if (line === null) throw new Error('The server ended without a word.');
  const said = JSON.parse(line);
  if ('error' in said) {
    await exit;
    throw new Error(said.error);
  }
  const connection: EmbeddedConnection = said.connection;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exit;
  };
  return {
    pid: child.pid ?? 0,
    postmaster: said.pid,
    mode: said.mode,
    connection,
    startMs: performance.now() - startedAt,
    exit,
    stop,
    query: async <Row>(sql: string) => {
      await using db = openDatabase({ kind: 'embedded', connection }, { max: 1 });
      return await db.query<Row>(sql);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts a server without waiting for it. */
export function spawnServer({ uid, gid, env, ...options }: EmbeddedServerOptions): {
  child: ChildProcess;
  firstLine: Promise<string | null>;
} {
  const main = fileURLToPath(new URL('./embedded-server-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, JSON.stringify(options)], {
    cwd: '/',
    detached: true,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
  const firstLine = new Promise<string | null>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(null));
  });
  return { child, firstLine };
}

/** The watchdog shell that a server started. */
export function watchdogOf(server: Pick<EmbeddedServer, 'pid'>): number {
  for (const entry of readdirSync('/proc')) {
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      if (Number(fields[1]) === server.pid && command.includes('signalbox-watchdog')) {
        return Number(entry);
      }
    } catch {
      // Not a process, or no longer one.
    }
  }
  throw new Error(`Process ${server.pid} has no watchdog.`);
}
