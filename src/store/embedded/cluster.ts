import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { giveTo, type Launcher } from './launcher.ts';
import type { Cluster } from './processes.ts';

// The data directory of Postgres: made once, whole or not at all; checked and configured at every start.

export const databaseUser = 'signalbox';
export const databaseName = 'postgres';
export const socketPort = 5432;

export interface ClusterOptions {
  /** Off only where the data may be lost with the machine: tests. */
  readonly fsync: boolean;
  readonly signal?: AbortSignal;
}

/** The cluster below a data directory given by its real path. */
export function clusterIn(dataDir: string): Cluster {
  const directory = join(dataDir, 'postgres');
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  return { directory, name: `signalbox-${hash}` };
}

/** Makes the cluster if there is none, refuses one that cannot be used, and writes its settings. */
export async function prepareCluster(
  cluster: Cluster,
  launcher: Launcher,
  options: ClusterOptions,
): Promise<void> {
  removeHalfMade(cluster);
  const version = versionOf(cluster);
  if (version === null) await initialise(cluster, launcher, options);
  else if (version !== launcher.majorVersion) throw otherVersion(cluster, version, launcher);
  writeSettings(cluster, launcher, options);
}

/** The major version that made the cluster; null when there is none yet. */
function versionOf({ directory }: Cluster): number | null {
  const entries = statSync(directory, { throwIfNoEntry: false }) && readdirSync(directory);
  if (entries === undefined || entries.length === 0) return null;
  if (!entries.includes('PG_VERSION')) {
    throw new Error(
      `${directory} is not empty and holds no database. Move it away, or set another SIGNALBOX_DATA_DIR.`,
    );
  }
  return Number.parseInt(readFileSync(join(directory, 'PG_VERSION'), 'utf8'), 10);
}

function otherVersion({ directory }: Cluster, version: number, launcher: Launcher): Error {
  return new Error(
    `The database in ${directory} was made by PostgreSQL ${version}; this version of Signalbox brings ` +
      `PostgreSQL ${launcher.majorVersion} and leaves it untouched. With the Signalbox that made it, write ` +
      'a backup (signalbox backup FILE); then move the directory away and read the backup here ' +
      '(signalbox restore FILE).',
  );
}

// initdb works in a directory of its own, which gets its name when it is whole and on disk.
async function initialise(
  cluster: Cluster,
  launcher: Launcher,
  { fsync, signal }: ClusterOptions,
): Promise<void> {
  const draft = `${cluster.directory}${draftInfix}${process.pid}`;
  mkdirSync(draft, { mode: 0o700 });
  giveTo(launcher, draft);
  const command = launcher.command('initdb', draft, [
    `--username=${databaseUser}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--set=dynamic_shared_memory_type=posix',
    ...(fsync ? [] : ['--no-sync']),
  ]);
  const child = spawn(command.file, command.args, {
    ...command.options,
    ...(signal === undefined ? {} : { signal }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (status !== 0) throw new Error(lastLines(output));
    renameSync(draft, cluster.directory);
    if (fsync) syncDirectory(dirname(cluster.directory));
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true, maxRetries: 3 });
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Could not make a database in ${cluster.directory}: ${reason}`, { cause });
  }
}

const draftInfix = '.new-';

// The lock is ours, so whatever has a draft's name was left by a start that was killed. An initdb that
// still works in it ends by itself; what it leaves is removed by a later start.
function removeHalfMade({ directory }: Cluster): void {
  for (const entry of readdirSync(dirname(directory))) {
    if (!entry.startsWith(`${basename(directory)}${draftInfix}`)) continue;
    try {
      rmSync(join(dirname(directory), entry), { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

function writeSettings(cluster: Cluster, launcher: Launcher, { fsync }: ClusterOptions): void {
  const write = (name: string, text: string) => {
    const path = join(cluster.directory, name);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    giveTo(launcher, `${path}.new`);
    renameSync(`${path}.new`, path);
  };
  write('postgresql.conf', settingsText(fsync));
  // The socket lies in the data directory, which only its owner may enter: who reaches it is the server, or
  // its owner. Root reaches it everywhere; then only root is let in, and not other processes of that owner.
  const byRoot = launcher.owner !== null;
  write('pg_hba.conf', byRoot ? 'local all all peer map=server\n' : 'local all all trust\n');
  write('pg_ident.conf', byRoot ? `server ${userNameOf(0)} ${databaseUser}\n` : '');
}

function userNameOf(uid: number): string {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.find((line) => line.split(':')[2] === String(uid))?.split(':')[0] ?? 'root';
}

function settingsText(fsync: boolean): string {
  return `# Written by Signalbox at every start; changes here are lost.
listen_addresses = ''
port = ${socketPort}
unix_socket_directories = '.'
max_connections = 100
superuser_reserved_connections = 3

shared_buffers = 128MB
# Containers often have 64 MB of /dev/shm, which parallel queries would need.
dynamic_shared_memory_type = posix
max_parallel_workers_per_gather = 0
io_method = sync
jit = off

# No replicas: what only they need is left out of the log.
wal_level = minimal
max_wal_senders = 0
max_replication_slots = 0
max_logical_replication_workers = 0
min_wal_size = 80MB
max_wal_size = 512MB
checkpoint_timeout = 5min
fsync = ${fsync ? 'on' : 'off'}
synchronous_commit = ${fsync ? 'on' : 'off'}
full_page_writes = ${fsync ? 'on' : 'off'}

# A statement whose client is gone ends soon, so that its locks do too.
client_connection_check_interval = 2s

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
datestyle = 'iso, mdy'
default_text_search_config = 'pg_catalog.english'

# Statements and rows hold what tenants wrote and stay out of the log.
log_destination = 'stderr'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
log_line_prefix = '%m [%p] '
`;
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The end of a program's output, for an error message. */
export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
