import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

// Memory and processes of each call, counted by the kernel as a whole, where this machine lets us: the layer
// that also counts what RLIMIT_DATA cannot (the kernel's own memory, files in /tmp, pages hidden by native
// code). It is never required: without it the other limits stand alone, and `/readyz` says so.
//
// - Version 1: below the server's own group of `memory` and of `pids`, where they can be written (root).
// - Version 2: below the server's own group, where it was delegated (systemd's `Delegate=yes`) and nobody but
//   the server is in it: the server moves into a group of its own, since one with limits may hold no process.
//
// A slot has a group for as long as the sandbox is open; processes join it by themselves, before their code.
// Groups that a killed server left are removed by the next one.

export interface Cgroups extends AsyncDisposable {
  readonly version: 1 | 2;
  /** Sets what the processes of a slot may hold together, from now on. */
  limit(slot: number, limits: CgroupLimits): void;
  /** Descriptors that a process of one thread writes `0` to, to join; whoever opens them closes them. */
  open(slot: number): readonly number[];
  /** Directories that hold `slot-N` groups, to be shown to who joins by itself. */
  readonly directories: readonly string[];
  /** The file in each group that a process of one thread writes `0` to, to join. */
  readonly joinedBy: string;
  /** How often the kernel has ended a process of the slot for its memory. */
  outOfMemory(slot: number): number;
}

export interface CgroupLimits {
  readonly memoryBytes: number;
  readonly processes: number;
}

export interface CgroupPlaces {
  /** By default /sys/fs/cgroup. */
  readonly mount?: string;
  /** By default /proc/self/cgroup. */
  readonly ownFile?: string;
}

const prefix = 'signalbox-';

/** The groups of this server, or why there are none, in plain words. */
export function openCgroups(places: CgroupPlaces = {}): Cgroups | string {
  const { mount = '/sys/fs/cgroup', ownFile = '/proc/self/cgroup' } = places;
  if (!existsSync(ownFile)) return 'This system has no cgroups.';
  const own = readFileSync(ownFile, 'utf8').trim().split('\n').map(readLine);
  try {
    return openVersion1(mount, own) ?? openVersion2(mount, own);
  } catch (error) {
    return `Cgroups cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

interface Membership {
  readonly controllers: readonly string[];
  readonly path: string;
}

function readLine(line: string): Membership {
  const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  return { controllers: controllers.split(','), path };
}

function openVersion1(mount: string, own: readonly Membership[]): Cgroups | null {
  const roots = ['memory', 'pids'].map((controller) => {
    const found = own.find(({ controllers }) => controllers.includes(controller));
    return found && groupDirectory(join(mount, controller), found.path);
  });
  const [memory, pids] = roots;
  if (memory == null || pids == null || !roots.every(isWritable)) return null;
  return createGroups({
    version: 1,
    parents: [memory, pids],
    // `cgroup.procs` would move whole processes, for which the kernel holds up every start and end of a
    // process on the machine, for some 15 ms; a thread that moves only itself it lets do so.
    joinedBy: 'tasks',
    files: {
      memory: { group: 0, name: 'memory.limit_in_bytes' },
      processes: { group: 1, name: 'pids.max' },
      events: { group: 0, name: 'memory.oom_control' },
    },
  });
}

function openVersion2(mount: string, own: readonly Membership[]): Cgroups | string {
  const membership = own.find(({ controllers }) => controllers.join() === '');
  const root = membership && groupDirectory(mount, membership.path);
  if (root == null || !existsSync(join(root, 'cgroup.controllers'))) {
    return 'No cgroup with memory and pids can be written here.';
  }
  const controllers = readWords(join(root, 'cgroup.controllers'));
  const missing = ['memory', 'pids'].filter((name) => !controllers.includes(name));
  if (missing.length > 0) return `The server's cgroup has no controller ${missing.join(' and ')}.`;
  const isDelegated =
    isWritable(root) &&
    ['cgroup.procs', 'cgroup.subtree_control'].every((name) => isWritable(join(root, name)));
  if (!isDelegated) {
    return "The server's cgroup is not its own to divide: with systemd, set Delegate=yes.";
  }
  const enabled = readWords(join(root, 'cgroup.subtree_control'));
  if (!['memory', 'pids'].every((name) => enabled.includes(name))) {
    const others = readWords(join(root, 'cgroup.procs')).filter(
      (pid) => Number(pid) !== process.pid,
    );
    if (others.length > 0) {
      return "Other processes are in the server's cgroup: start it in one of its own.";
    }
    const server = join(root, `${prefix}server`);
    mkdirSync(server, { recursive: true });
    writeFileSync(join(server, 'cgroup.procs'), String(process.pid));
    writeFileSync(join(root, 'cgroup.subtree_control'), '+memory +pids');
  }
  return createGroups({
    version: 2,
    parents: [root],
    joinedBy: 'cgroup.procs',
    enable: '+memory +pids',
    files: {
      memory: { group: 0, name: 'memory.max' },
      processes: { group: 0, name: 'pids.max' },
      events: { group: 0, name: 'memory.events' },
    },
  });
}

interface GroupFile {
  readonly group: number;
  readonly name: string;
}

function createGroups(given: {
  readonly version: 1 | 2;
  readonly parents: readonly string[];
  readonly joinedBy: string;
  readonly enable?: string;
  readonly files: Readonly<Record<'memory' | 'processes' | 'events', GroupFile>>;
}): Cgroups {
  const { version, parents, joinedBy, files, enable } = given;
  for (const parent of parents) removeLeftovers(parent);
  const directories = parents.map((parent) =>
    join(parent, `${prefix}${process.pid}-${nextNumber(parent)}`),
  );
  for (const directory of directories) {
    mkdirSync(directory);
    if (enable !== undefined) writeFileSync(join(directory, 'cgroup.subtree_control'), enable);
  }
  const slots = new Set<number>();
  const groupsOf = (slot: number): readonly string[] => {
    const groups = directories.map((directory) => join(directory, `slot-${slot}`));
    if (!slots.has(slot)) {
      for (const group of groups) mkdirSync(group, { recursive: true });
      slots.add(slot);
    }
    return groups;
  };
  const fileOf = (slot: number, { group, name }: GroupFile) =>
    join(groupsOf(slot)[group] ?? '', name);
  return {
    version,
    directories,
    joinedBy,
    limit: (slot, { memoryBytes, processes }) => {
      writeFileSync(fileOf(slot, files.memory), String(memoryBytes));
      writeFileSync(fileOf(slot, files.processes), String(processes));
    },
    open: (slot) => groupsOf(slot).map((group) => openSync(join(group, joinedBy), 'w')),
    outOfMemory: (slot) => {
      const events = readFileSync(fileOf(slot, files.events), 'utf8');
      return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
    },
    [Symbol.asyncDispose]: async () => {
      for (const directory of directories) await removeEmptied(directory);
    },
  };
}

function nextNumber(parent: string): number {
  const own = readdirSync(parent).filter((name) => name.startsWith(`${prefix}${process.pid}-`));
  return Math.max(-1, ...own.map((name) => Number(name.split('-').at(-1)))) + 1;
}

/** Where a group is; null where it is not shown, as in many containers. */
function groupDirectory(mount: string, path: string): string | null {
  const directory = join(mount, path);
  // In a container the path may be that of the machine, and the mount the container's own.
  return (
    [directory, mount].find((candidate) => existsSync(join(candidate, 'cgroup.procs'))) ?? null
  );
}

function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^signalbox-(\d+)-\d+$/.exec(name)?.[1]);
    if (pid > 0 && !existsSync(`/proc/${pid}`)) tryToRemove(join(parent, name));
  }
}

/** A process that was killed is in its group until the kernel has taken it down. */
async function removeEmptied(directory: string): Promise<void> {
  for (let tries = 0; tries < 50 && !tryToRemove(directory); tries += 1) await setTimeout(20);
}

/** With the groups below; false when one has a process still. What stays, the next server tries again. */
function tryToRemove(directory: string): boolean {
  try {
    const below = readdirSync(directory, { withFileTypes: true });
    const isEmptied = below
      .filter((entry) => entry.isDirectory())
      .every((entry) => tryToRemove(join(directory, entry.name)));
    if (isEmptied) rmdirSync(directory);
    return isEmptied;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

function isWritable(path: string | null | undefined): boolean {
  if (path == null) return false;
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readWords(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Closes what `Cgroups.open` gave. */
export function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
