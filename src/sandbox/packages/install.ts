import { spawn } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPrograms } from '../find-program.ts';
import { lockFolder, type PackageSet } from './package-set.ts';

// Puts a set of packages into its directory, whole or not at all: everything happens in a directory beside
// it, which one rename moves in. Processes may do so at the same time; the first wins, with the same content.
//
// Held: only files with the hash of the lock are unpacked; nothing of a package is run, no install script
// either. Where packages come from is what pip and npm are set to on this machine.

const deadlineMs = 15 * 60_000;
const maxReasonChars = 2_000;
/** Settings of the server and of its providers, which no installer needs. */
const ownSettings = /^SIGNALBOX_|^DATABASE_URL$|_API_KEY$/;
const stagingPrefix = '.installing-';

/** The set could not be installed. The message says why, and what to do. */
export class InstallFailed extends Error {
  override readonly name = 'InstallFailed';
}

/**
 * Installs into `<runtimesDir>/<set.id>/<set.content>`. `python` is the interpreter that unpacks and compiles
 * Python's. Throws `InstallFailed`.
 */
export async function installPackages(
  set: PackageSet,
  given: {
    readonly runtimesDir: string;
    readonly python: string | null;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const { runtimesDir } = given;
  const place = join(runtimesDir, set.id);
  await mkdir(place, { recursive: true });
  const staging = await mkdtemp(join(runtimesDir, `${stagingPrefix}${hostname()}-${process.pid}-`));
  try {
    const content = join(staging, set.content);
    const { python, signal } = given;
    if (set.language === 'python') await installWheels(set, { content, python, signal });
    else await installModules(staging, signal);
    await flush();
    await openToAll(content);
    await moveIn(content, join(place, set.content));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function installWheels(
  set: PackageSet,
  given: {
    readonly content: string;
    readonly python: string | null;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { content, python, signal } = given;
  if (python === null) throw new InstallFailed('Python packages need a python3 on this machine.');
  const script = fileURLToPath(new URL('install_wheels.py', lockFolder));
  await run([python, '-I', '-S', script], {
    cwd: '/',
    input: JSON.stringify({ folder: content, wheels: set.wheels }),
    signal,
  });
}

async function installModules(staging: string, signal: AbortSignal | undefined): Promise<void> {
  const [npm] = findPrograms('npm');
  if (npm === undefined) {
    throw new InstallFailed(
      'JavaScript packages are installed by npm, which is not on the PATH of this server.',
    );
  }
  for (const name of ['package.json', 'package-lock.json']) {
    await cp(new URL(`javascript/${name}`, lockFolder), join(staging, name));
  }
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--no-progress'];
  const cache = join(staging, 'npm-cache');
  // What npm says of a project that it was started in is not meant for this one.
  const own = ['--prefix', staging, '--no-workspaces', '--cache', cache, '--loglevel', 'error'];
  await run([npm, 'ci', ...flags, ...own], { cwd: staging, input: '', signal });
}

/** Runs a program of this machine with the server's environment, which holds the user's settings, without its secrets. */
async function run(
  [program = '', ...args]: readonly string[],
  given: {
    readonly cwd: string;
    readonly input: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { cwd, input, signal } = given;
  const child = spawn(program, args, {
    cwd,
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !ownSettings.test(name)),
    ),
    ...(signal && { signal }),
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-maxReasonChars);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', (cause) =>
    reject(new InstallFailed(`${program} could not be started.`, { cause })),
  );
  child.once('close', (code, signal) => {
    if (code === 0) return resolve();
    const what = complaints.trim() || `${program} ended with ${code ?? signal}.`;
    reject(new InstallFailed(withoutPasswords(what)));
  });
  await promise;
}

/** So that a set is whole after a loss of power, too; where no program does that it may have to be removed by hand. */
async function flush(): Promise<void> {
  const [sync] = findPrograms('sync');
  if (sync !== undefined) await run([sync], { cwd: '/', input: '' });
}

function withoutPasswords(text: string): string {
  return text.replace(/:\/\/[^/\s@]+@/g, '://***@');
}

/** Calls run as users of their own, so modes are not left to the umask. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

async function moveIn(content: string, target: string): Promise<void> {
  try {
    await rename(content, target);
  } catch (error) {
    // Somebody else was faster.
    const isThere = await lstat(target).then(
      () => true,
      () => false,
    );
    if (!isThere) throw error;
  }
}

export { stagingPrefix };
