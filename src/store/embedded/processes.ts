import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// Which processes are the Postgres of one data directory. A process is signalled only when it shows that it
// is: by its working directory (Postgres works inside its data directory), or, where that cannot be read,
// by the cluster's name, which Postgres puts into the title of each of its processes.

export interface Cluster {
  /** The data directory of Postgres, absolute. */
  readonly directory: string;
  /** `cluster_name` of the server: derived from the directory. */
  readonly name: string;
}

/** Ids of the running processes that belong to the cluster: the postmaster and its children. */
export function processesOf(cluster: Cluster): number[] {
  return process.platform === 'linux' ? fromProc(cluster) : fromPs(cluster);
}

/** The running postmaster of the cluster, by its pid file; null when there is none. */
function postmasterOf(cluster: Cluster): number | null {
  const pid = readPidFile(cluster.directory)?.pid ?? null;
  return pid !== null && processesOf(cluster).includes(pid) ? pid : null;
}

interface PidFile {
  readonly pid: number;
  readonly ready: boolean;
}

/** What Postgres wrote about itself into `postmaster.pid`; null without a (whole) file. */
export function readPidFile(directory: string): PidFile | null {
  let lines: string[];
  try {
    lines = readFileSync(`${directory}/postmaster.pid`, 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number.parseInt(lines[0] ?? '', 10);
  return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : null;
}

/** Start time of a process in the kernel's ticks: with the id it names one process for ever. */
export function startTimeOf(pid: number): string | null {
  return statOf(pid)?.startTime ?? null;
}

/** Signals a process; one that is gone already is no error. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Ends what an earlier server left running in the cluster, and clears the marks that it ran. For the holder
 * of the directory's lock. Returns how many processes there were.
 */
export async function clearRemainsOf(cluster: Cluster): Promise<number> {
  const found = processesOf(cluster).length;
  if (found > 0) await endProcessesOf(cluster);
  // Postgres asks only whether the process id in them is taken: by a zombie that nobody collects, or, after
  // a restart of the machine or container, by anything.
  rmSync(join(cluster.directory, 'postmaster.pid'), { force: true });
  rmSync(join(cluster.directory, '.s.PGSQL.5432.lock'), { force: true });
  return found;
}

// The postmaster first, by a fast shutdown; then whatever does not go.
async function endProcessesOf(cluster: Cluster): Promise<void> {
  for (const [name, patienceMs] of [
    ['SIGINT', 4_000],
    ['SIGQUIT', 3_000],
  ] as const) {
    const postmaster = postmasterOf(cluster);
    if (postmaster === null) break;
    signal(postmaster, name);
    if (await gone(cluster, patienceMs)) return;
  }
  // Without a postmaster the children end by themselves, but for those in the middle of something long.
  if (await gone(cluster, 300)) return;
  for (const pid of processesOf(cluster)) signal(pid, 'SIGKILL');
  if (await gone(cluster, 5_000)) return;
  throw new Error(
    `Old Postgres processes (${processesOf(cluster).join(', ')}) in ${cluster.directory} do not end. End them, then start again.`,
  );
}

async function gone(cluster: Cluster, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (processesOf(cluster).length > 0) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

function fromProc(cluster: Cluster): number[] {
  const home = statSync(cluster.directory, { throwIfNoEntry: false });
  if (home === undefined) return [];
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? statOf(pid) : null;
    if (stat === null || stat.name !== 'postgres' || stat.state === 'Z') continue;
    if (worksIn(pid, home) ?? titleNames(pid, cluster.name)) found.push(pid);
  }
  return found;
}

/** Null when it cannot be known: another user's process. */
function worksIn(pid: number, home: { dev: number; ino: number }): boolean | null {
  try {
    const { dev, ino } = statSync(`/proc/${pid}/cwd`);
    return dev === home.dev && ino === home.ino;
  } catch {
    return null;
  }
}

function titleNames(pid: number, clusterName: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(clusterName);
  } catch {
    return false;
  }
}

function statOf(pid: number): { name: string; state: string; startTime: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name stands in parentheses and may hold anything; proc(5) numbers the fields from 1.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const name = text.slice(text.indexOf('(') + 1, end);
  return { name, state: fields[0] ?? '', startTime: fields[22 - 3] ?? '' };
}

function fromPs(cluster: Cluster): number[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,stat=,command='], { encoding: 'utf8' });
  const found: number[] = [];
  for (const line of (stdout ?? '').split('\n')) {
    const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null || match[2]?.startsWith('Z')) continue;
    const command = match[3] ?? '';
    if (command.includes('postgres') && command.includes(cluster.name))
      found.push(Number(match[1]));
  }
  return found;
}
