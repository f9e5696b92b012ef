import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freePort } from './free-port.ts';
import { requires } from './requires.ts';
import { repositoryRoot } from './source-tree.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a Temporal server that all files share, and nobody stops. */
    temporal: string;
  }
}

const program = process.env.SIGNALBOX_TEMPORAL_SERVER ?? '';
const packages = join(repositoryRoot, 'engines', 'temporal', 'node_modules');

export const hasTemporalPackage = existsSync(packages);

/** Whether a server was built, and the package is installed. */
export const hasTemporal = existsSync(program) && hasTemporalPackage;

/** For `describe`: `.ci/temporal` builds the server and installs the package. */
export const needsTemporal = requires(
  hasTemporal,
  'no Temporal server is given by SIGNALBOX_TEMPORAL_SERVER: bash .ci/temporal builds one',
);

export interface TemporalServer extends AsyncDisposable {
  readonly address: string;
  /** Null while it is stopped. */
  readonly pid: number | null;
  stop(): Promise<void>;
  /** On the same address, with all that it had stored. */
  start(): Promise<void>;
}

/** Where `.ci/temporal` leaves it. */
const built = join(repositoryRoot, '.cache', 'temporal', 'dev-server');

/** A Temporal server of the test's own, in a file. Resolves when it accepts requests. */
export async function startTemporalServer(host = '127.0.0.1'): Promise<TemporalServer> {
  const command = program === '' ? built : program;
  if (!existsSync(command) || !hasTemporalPackage) {
    throw new Error('There is no Temporal server, or its package is missing: bash .ci/temporal');
  }
  const dir = await mkdtemp(join(tmpdir(), 'temporal-'));
  const address = `${host}:${await freePort()}`;
  let child: ChildProcess | null = null;
  const file = join(dir, 'temporal.db');
  const start = async () => {
    forgetMembers(file);
    child = spawn(command, [address, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit').then(() => {
      throw new Error('The Temporal server has ended.');
    });
    exited.catch(() => {});
    if (child.stdout === null) throw new Error('no output');
    await Promise.race([once(child.stdout, 'data'), exited]);
  };
  const stop = async () => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  await start();
  return {
    address,
    get pid() {
      return child?.pid ?? null;
    },
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Those of a server that was killed: the next one would look for them for most of a minute. */
function forgetMembers(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  database.exec('DELETE FROM cluster_membership');
  database.close();
}
