import { type SpawnOptions, spawnSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Binaries, binariesForAll, binariesInPlace } from './binaries.ts';

// As whom Postgres runs. It refuses root, so a server that runs as root starts it
//  - in a user namespace of its own, in which root's files belong to somebody who is not called root, or
//  - as the owner of the data directory, `nobody` for a new one.
// The owner of an existing data directory decides, so that data made in one way opens in the other. Another
// user may not be able to walk the path to the data; Postgres then starts inside it and is told that its
// data is where it stands. What this does not protect: as `nobody`, other processes of `nobody` may signal
// Postgres, and read its memory and its files through /proc.

export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

export interface Launcher {
  /** `other_user`: the server is root, and Postgres is not. */
  readonly mode: 'same_user' | 'namespace' | 'other_user';
  readonly majorVersion: number;
  /** Who must own the files that Postgres uses, where that is not the server's own user. */
  readonly owner: Ids | null;
  /** How to start a program inside a data directory of Postgres, which is given to it as `-D`. */
  command(program: Program, directory: string, args: readonly string[]): LaunchCommand;
  /** How to ask a program for its version, anywhere. */
  versionCommand(program: Program): LaunchCommand;
}

type Program = 'initdb' | 'postgres';

export interface LaunchCommand {
  readonly file: string;
  readonly args: string[];
  readonly options: SpawnOptions;
}

export interface LauncherOptions {
  readonly dataDir: string;
  /** Postgres' own directory below `dataDir`; need not exist. */
  readonly directory: string;
  /** Where programs for another user are copied to. */
  readonly sharedDir: string;
}

/** Finds a way to run Postgres here. Throws in plain words when there is none. */
export function chooseLauncher(options: LauncherOptions): Launcher {
  const existing = statSync(options.directory, { throwIfNoEntry: false });
  const self = process.geteuid?.() ?? 0;
  if (self !== 0) {
    if (existing !== undefined && existing.uid !== self)
      throw ownedByAnother(options, existing.uid);
    return checked(sameUser(binariesInPlace(options.dataDir)));
  }
  const tried: string[] = [];
  if (existing === undefined || existing.uid === 0) {
    try {
      return checked(inNamespace(binariesInPlace(options.dataDir)));
    } catch (error) {
      tried.push(`In a user namespace (needs unshare of util-linux): ${messageOf(error)}`);
    }
  }
  try {
    const owner =
      existing === undefined || existing.uid === 0 ? unprivilegedUser() : idsOf(existing);
    const launcher = checked(otherUser(binariesForAll(options.sharedDir), owner));
    // The directory itself last: an interrupted change is taken up again.
    if (existing?.uid === 0) giveTree(options.directory, owner);
    return launcher;
  } catch (error) {
    tried.push(`As another user: ${messageOf(error)}`);
  }
  throw new Error(
    `Postgres refuses to run as root, and no other way works here.\n${tried.join('\n')}\n` +
      'Run Signalbox as an ordinary user, or set DATABASE_URL.',
  );
}

/** Hands a file or a whole directory over to the user Postgres runs as. */
export function giveTo(launcher: Launcher, path: string): void {
  if (launcher.owner !== null) giveTree(path, launcher.owner);
}

function sameUser(binaries: Binaries): Launcher {
  return build({ mode: 'same_user', binaries, owner: null });
}

function inNamespace(binaries: Binaries): Launcher {
  const { uid, gid } = unprivilegedUser();
  const prefix = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return build({ mode: 'namespace', binaries, owner: null, prefix });
}

function otherUser(binaries: Binaries, owner: Ids): Launcher {
  if (process.platform !== 'linux') throw new Error('only on Linux');
  return build({ mode: 'other_user', binaries, owner, home: '/proc/self/cwd' });
}

function build(parts: {
  readonly mode: Launcher['mode'];
  readonly binaries: Binaries;
  readonly owner: Ids | null;
  readonly prefix?: readonly string[];
  /** What the data directory is called where not by its path. */
  readonly home?: string;
}): Launcher {
  const start = (program: Program, cwd: string, args: readonly string[]): LaunchCommand => {
    const [file = '', ...rest] = [...(parts.prefix ?? []), parts.binaries[program], ...args];
    return {
      file,
      args: rest,
      options: { cwd, env: environment(parts.binaries), ...parts.owner },
    };
  };
  return {
    mode: parts.mode,
    majorVersion: parts.binaries.majorVersion,
    owner: parts.owner,
    command: (program, directory, args) =>
      start(program, directory, ['-D', parts.home ?? directory, ...args]),
    versionCommand: (program) => start(program, '/', ['--version']),
  };
}

// Nothing of the server's environment: it holds secrets, and Postgres reads some variables.
function environment(binaries: Binaries): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH || '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    LD_LIBRARY_PATH: binaries.libraryPath,
    DYLD_LIBRARY_PATH: binaries.libraryPath,
  };
}

// A missing library, a file system that forbids execution, a wrong machine: all show here.
function checked(launcher: Launcher): Launcher {
  const { file, args, options } = launcher.versionCommand('postgres');
  const result = spawnSync(file, args, { ...options, encoding: 'utf8', timeout: 10_000 });
  if (result.status === 0) return launcher;
  const reason =
    result.error?.message ?? (String(result.stderr).trim() || `status ${result.status}`);
  throw new Error(`the bundled Postgres does not start (${reason})`);
}

// initdb wants a user that has a name.
function unprivilegedUser(): Ids {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => Number(fields[2]) > 0)
    .map((fields) => ({ name: fields[0], uid: Number(fields[2]), gid: Number(fields[3]) }));
  const user = users.find(({ name }) => name === 'nobody') ?? users[0];
  if (user === undefined) throw new Error('/etc/passwd names no user but root');
  return { uid: user.uid, gid: user.gid };
}

function idsOf({ uid, gid }: Ids): Ids {
  return { uid, gid };
}

function giveTree(path: string, owner: Ids): void {
  if (statSync(path).isDirectory()) {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) giveTree(inner, owner);
      else lchownSync(inner, owner.uid, owner.gid);
    }
  }
  chownSync(path, owner.uid, owner.gid);
}

function ownedByAnother({ directory }: LauncherOptions, uid: number): Error {
  return new Error(
    `The database in ${directory} belongs to user id ${uid}, and this server runs as ${process.geteuid?.()}. ` +
      'Run it as that user, hand the directory over with chown -R, or set another SIGNALBOX_DATA_DIR.',
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
