import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedConnection } from '../connect-session.ts';
import { clusterIn, lastLines, prepareCluster } from './cluster.ts';
import { connectionBy, shortNameFor } from './connection.ts';
import { lockDirectory } from './directory-lock.ts';
import { chooseLauncher, type Launcher } from './launcher.ts';
import { type Cluster, clearRemainsOf, readPidFile } from './processes.ts';
import { Watchdog } from './watchdog.ts';

// The embedded Postgres of a server: started with it, started again when it dies, stopped with it. It runs
// in a session of its own, so that nothing but the server and its watchdog stops it.

export interface EmbeddedPostgresOptions {
  /** Made if it does not exist. One server at a time uses it. */
  readonly dataDir: string;
  readonly logger?: EmbeddedPostgresLogger;
  /** Ends the start; a started Postgres is ended by disposing it. */
  readonly signal?: AbortSignal;
  /** Default on. Off loses the data with the machine: tests only. */
  readonly fsync?: boolean;
  /** Where copies of the programs go when Postgres runs as another user. */
  readonly sharedDir?: string;
}

export interface EmbeddedPostgresLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Stays the same when Postgres is started again. */
  readonly connection: EmbeddedConnection;
  /** Of the postmaster; null while it is being started again. */
  readonly pid: number | null;
  /** As whom it runs: see launcher.ts. */
  readonly mode: Launcher['mode'];
}

/**
 * Starts Postgres on a data directory and resolves when it takes connections. Throws in plain words when
 * another server uses the directory, another major version made it, or Postgres cannot run here.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  await using undo = new AsyncDisposableStack();
  undo.use(lockDirectory(dataDir));

  const cluster = clusterIn(dataDir);
  const launcher = chooseLauncher({
    dataDir,
    directory: cluster.directory,
    sharedDir: options.sharedDir ?? '/var/lib/signalbox',
  });
  const orphans = await clearRemainsOf(cluster);
  if (orphans > 0) options.logger?.warn({ orphans }, 'Ended the Postgres of an earlier server');
  options.signal?.throwIfAborted();
  await prepareCluster(cluster, launcher, {
    fsync: options.fsync ?? true,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });

  const link = shortNameFor(cluster);
  const watchdog = undo.use(
    new Watchdog(link ?? '', (error) =>
      options.logger?.error({ err: error }, 'The watchdog of Postgres does not start'),
    ),
  );
  const connection = connectionBy(cluster, link);
  const supervisor = new Supervisor({
    cluster,
    launcher,
    watchdog,
    logFile: join(dataDir, 'postgres.log'),
    logger: options.logger,
  });
  undo.use(supervisor);
  await supervisor.start(options.signal);
  const started = undo.move();
  return {
    connection,
    mode: launcher.mode,
    get pid() {
      return supervisor.pid;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

interface SupervisorParts {
  readonly cluster: Cluster;
  readonly launcher: Launcher;
  readonly watchdog: Watchdog;
  readonly logFile: string;
  readonly logger: EmbeddedPostgresLogger | undefined;
}

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exit: Promise<Error | null>;
}

/** What Postgres logs when it does not start because of remains of an earlier one. */
const remainsInUse = /pre-existing shared memory block|lock file ".*" already exists/;
const remainsPatienceMs = 20_000;
const maxLogBytes = 8 * 1024 * 1024;

class Supervisor implements AsyncDisposable {
  readonly #parts: SupervisorParts;
  readonly #stopping = new AbortController();
  #running: Running | null = null;
  #restart: Promise<void> = Promise.resolve();

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  get pid(): number | null {
    return this.#running?.pid ?? null;
  }

  /** Starts Postgres; remains of an earlier one are waited for and ended. */
  async start(signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + remainsPatienceMs;
    for (;;) {
      const failure = await this.#launch(signal);
      if (failure === null) return;
      if (!remainsInUse.test(failure) || performance.now() > deadline) {
        throw new Error(`Postgres did not start (${this.#parts.logFile}):\n${lastLines(failure)}`);
      }
      await clearRemainsOf(this.#parts.cluster);
      await sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#restart;
    const running = this.#running;
    if (running === null) return;
    running.child.ref();
    for (const [name, patienceMs] of [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ] as const) {
      running.child.kill(name);
      if (await settlesWithin(running.exit, patienceMs)) return;
    }
  }

  /** Null when Postgres takes connections; what it logged when it ended instead. */
  async #launch(signal?: AbortSignal): Promise<string | null> {
    const { cluster, launcher, watchdog, logFile } = this.#parts;
    const log = openLog(logFile);
    const command = launcher.command('postgres', cluster.directory, [
      '-c',
      `cluster_name=${cluster.name}`,
    ]);
    const child = spawn(command.file, command.args, {
      ...command.options,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    closeSync(log.fd);
    const exit = exitOf(child);
    if (child.pid === undefined) throw await exit;
    watchdog.guard(child.pid);
    const running: Running = { child, pid: child.pid, exit };
    this.#running = running;
    void exit.then(() => {
      this.#running = null;
    });
    while (this.#running === running) {
      const pidFile = readPidFile(cluster.directory);
      if (pidFile?.pid === child.pid && pidFile.ready) {
        child.unref();
        void exit.then(() => this.#onExit(child));
        return null;
      }
      if (signal?.aborted || this.#stopping.signal.aborted) {
        child.kill('SIGQUIT');
        await exit;
        signal?.throwIfAborted();
      }
      await sleep(5);
    }
    return readFileSync(logFile).subarray(log.offset).toString('utf8');
  }

  #onExit(child: ChildProcess): void {
    if (this.#stopping.signal.aborted) return;
    const how = child.signalCode ?? `status ${child.exitCode}`;
    this.#parts.logger?.error({ pid: child.pid, how }, 'Postgres ended; starting it again');
    this.#restart = this.#startAgain();
  }

  // Never gives up: a full disk may get room again, and until then the server says that it is not ready.
  async #startAgain(): Promise<void> {
    for (
      let pauseMs = 100;
      !this.#stopping.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, 5_000)
    ) {
      try {
        await this.start();
        this.#parts.logger?.info({ pid: this.pid }, 'Postgres runs again');
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#parts.logger?.error({ err: error }, 'Postgres could not be started again');
      }
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }
}

function openDataDir(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The data directory ${path} cannot be used: ${reason}. Set SIGNALBOX_DATA_DIR.`,
      {
        cause,
      },
    );
  }
}

function openLog(path: string): { fd: number; offset: number } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxLogBytes) {
    rmSync(`${path}.1`, { force: true });
    renameSync(path, `${path}.1`);
  }
  return { fd: openSync(path, 'a', 0o600), offset: size > maxLogBytes ? 0 : size };
}

/** Resolves when the process has ended; with the error when it could not be started. */
function exitOf(child: ChildProcess): Promise<Error | null> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', () => resolve(null));
  });
}

async function settlesWithin(promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  const stop = new AbortController();
  const timeout = sleep(withinMs, false, { signal: stop.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), timeout]);
  stop.abort();
  return settled;
}
