import { dirname } from 'node:path';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import type { Cgroups } from '../cgroups.ts';
import { type JailIdentity, threadLimit } from '../identity.ts';
import { limitNames, type ProcessLimits } from '../limited-command.ts';
import { limits, mebibyte } from '../limits.ts';
import type { MemoryFloor } from '../probe.ts';
import type { RunnerCommand } from '../runner-process.ts';
import { assembleFirstProgram, firstProgramPath, tmpOptions } from './first-program.ts';
import type { Interpreter } from './interpreters.ts';
import {
  distinctFiles,
  nodeInterpreter,
  nodeModulesInJail,
  runnerInJail,
  serverInJail,
  zygoteInJail,
} from './interpreters.ts';
import type { RootFile } from './libraries.ts';
import type { Architecture } from './syscalls.ts';

// How a jail is built: bubblewrap's arguments.
//
// Held: new mount, PID, network, IPC, UTS and cgroup namespaces (and a user namespace for an ordinary
// user); a root that shows the interpreter's own files, one by one, read-only; no /proc, no /sys, no
// device but null and urandom; /tmp of a fixed size and number of files, from which nothing can be started,
// as the only writable place; no environment, not even in the jail's first process; no capability when the tool's code starts; the filter of `seccomp.ts`;
// the limits below (the last four by first-program.ts). The jail dies with its builder, and its builder with the server. Python's processes are
// forks within such a jail, each with namespaces and a /tmp of its own: zygote.ts.
//
// A call that may reach hosts has one thing more: the egress proxy's socket (egress-files.ts), and by its
// filter the sockets that lead there. Its network has no other end.
//
// Not protected:
// - Bugs of the kernel that can be reached by the system calls that are left.
// - Side channels: processor caches, timing, load. The machine's clock, kernel version and memory size show.
// - Processor time beyond the call's deadline times its threads: no share is set.
// - Memory besides RLIMIT_DATA, where no cgroup bounds it: /tmp (64 MiB and its 8,192 files), the kernel's own
//   buffers of pipes and threads, and the slack of RLIMIT_AS, since native code can make pages read-only, which
//   takes them out of RLIMIT_DATA's count. Python has native code by ctypes, JavaScript by node:ffi in a
//   Worker, whatever flags Node is given. The slack is some 40 MiB in Python and 1.1 GiB in JavaScript.
// - Calls from each other where they work together: locks on files that all are shown can carry a message.
// - Calls from each other as an ordinary user in one respect: they share a uid. They share no namespace.

export interface JailParts {
  readonly bubblewrap: string;
  readonly canDisableUserNamespaces: boolean;
  readonly identity: JailIdentity;
  readonly architecture: Architecture;
  readonly filter: Buffer;
  /** For processes that become no other program. */
  readonly filterOfForks: Buffer;
  /** What differs for calls that may reach the egress proxy; null where there is none. */
  readonly open: { readonly filter: Buffer; readonly files: readonly RootFile[] } | null;
  /** Null where the machine has none for us. */
  readonly cgroups: Cgroups | null;
}

export interface JailCall {
  readonly slot: number;
  readonly memoryMb: number;
  readonly timeoutMs: number;
}

/** Processor time that a program which stays may use in all, by eight: a day. */
const cpuOfServersMs = 86_400_000 / 8;
/** The first of the descriptors that `RunnerCommand.handed` become. */
const firstHanded = 5;

/** Address space that may be reserved and not used: V8 does so for each Worker and WebAssembly memory. */
const reservedBytes = { python: 32 * mebibyte, javascript: 512 * mebibyte } as const;

/**
 * What Python's packages take by being imported, all of them at once, with some room: 96 and 185 MiB were
 * measured. A tool that uses them has it beside its memory_mb, as it has the interpreter's own.
 */
const pythonPackageBytes = { data: 128 * mebibyte, addressSpace: 256 * mebibyte };
const noBytes = { data: 0, addressSpace: 0 };

/** By itself the C library reserves 64 MiB for each thread. The runner clears it with everything else. */
const environment = { MALLOC_ARENA_MAX: '1' } as const;

/**
 * Prepares what is the same for each call of an interpreter; the result builds one call's command.
 * `open`: for calls that may reach the egress proxy.
 */
export function jailBuilder(
  parts: JailParts,
  interpreter: Interpreter,
  open: JailParts['open'] = null,
) {
  const fixed = [
    ...namespaceArgs(parts.identity.kind, parts),
    ...rootArgs(interpreter, open?.files),
    ...['--perms', '0555', '--file', '4', firstProgramPath],
    ...['--remount-ro', '/'],
  ];
  return (floor: MemoryFloor, call: JailCall): RunnerCommand => {
    const { language, command } = interpreter;
    const handed = parts.cgroups?.open(call.slot) ?? [];
    const first = assembleFirstProgram({
      architecture: parts.architecture,
      limits: jailLimits(parts.identity, { language, floor, call, usesPackages: true }),
      uid: uidOf(parts.identity, call.slot),
      cgroups: handed.map((_, index) => firstHanded + index),
      filter: (open ?? parts).filter,
      command: [
        ...command,
        ...(language === 'javascript' ? nodeInterpreter(call.memoryMb) : []),
        runnerInJail(language),
      ],
      environment,
    });
    const args = [...fixed, '--', firstProgramPath];
    return { ...commandParts(parts), offered: first, handed, args };
  };
}

/** What zygote.py is started with: the same jail, without a filter and with the power to make namespaces. */
export function zygoteCommand(
  parts: JailParts,
  interpreter: Interpreter,
  given: { readonly limits: ProcessLimits; readonly socketPath: string },
): RunnerCommand {
  const groups = parts.cgroups?.directories.map((source, index) => ({
    source,
    target: `/tmp/cgroup-${index}`,
  }));
  const settings = {
    tmpOptions,
    limits: limitNames(given.limits),
    cgroups: groups?.map(({ target }) => target) ?? [],
    joinedBy: parts.cgroups?.joinedBy ?? null,
  };
  const args = [
    ...namespaceArgs(parts.identity.kind, parts),
    // Its children have uids that are not its own; it sees no other process.
    ...(parts.identity.kind === 'root' ? ['--cap-add', 'CAP_KILL'] : []),
    ...rootArgs(interpreter),
    ...['--ro-bind', given.socketPath, '/tmp/server'],
    // Covered, like the socket, by each child's own /tmp.
    ...(groups ?? []).flatMap(({ source, target }) => ['--bind', source, target]),
    ...['--remount-ro', '/'],
    ...Object.entries(environment).flatMap((variable) => ['--setenv', ...variable]),
    '--',
    ...interpreter.command,
    zygoteInJail,
    JSON.stringify(settings),
  ];
  return { ...commandParts(parts), offered: parts.filterOfForks, args };
}

/** A program that stays (stdio-servers.ts): its folder is shown as `/server`. */
export function serverCommand(
  parts: JailParts,
  interpreter: Interpreter,
  server: {
    readonly slot: number;
    readonly directory: string;
    readonly memoryMb: number;
    readonly floor: MemoryFloor;
    readonly reachesProxy: boolean;
  },
): RunnerCommand {
  const { language, command } = interpreter;
  const { floor, memoryMb } = server;
  const open = server.reachesProxy ? parts.open : null;
  const call = { memoryMb, timeoutMs: cpuOfServersMs };
  const handed = parts.cgroups?.open(server.slot) ?? [];
  const first = assembleFirstProgram({
    architecture: parts.architecture,
    limits: jailLimits(parts.identity, { language, floor, call, usesPackages: false }),
    uid: uidOf(parts.identity, server.slot),
    cgroups: handed.map((_, index) => firstHanded + index),
    filter: (open ?? parts).filter,
    command: [
      ...command,
      ...(language === 'javascript' ? nodeInterpreter(memoryMb) : []),
      serverInJail(language),
    ],
    environment,
  });
  const folder = [{ source: server.directory, target: '/server' }, ...(open?.files ?? [])];
  const args = [
    ...namespaceArgs(parts.identity.kind, parts),
    ...rootArgs(interpreter, folder),
    ...['--perms', '0555', '--file', '4', firstProgramPath],
    ...['--remount-ro', '/'],
    '--',
    firstProgramPath,
  ];
  return { ...commandParts(parts), offered: first, handed, args };
}

function commandParts(parts: JailParts) {
  return {
    path: parts.bubblewrap,
    channel: 'fd3',
    openFile: null,
    preamble: [],
    env: {},
    cwd: '/',
    identity: null,
  } as const;
}

/** What the host sees a call's processes as; null where that is the server's own user. */
export function uidOf(identity: JailIdentity, slot: number): number | null {
  return identity.kind === 'root' ? identity.firstUid + slot : null;
}

export function jailLimits(
  identity: JailIdentity,
  given: {
    readonly language: ToolLanguage;
    readonly floor: MemoryFloor;
    readonly call: Pick<JailCall, 'memoryMb' | 'timeoutMs'>;
    /** The call uses packages, or may turn out to. */
    readonly usesPackages: boolean;
  },
): ProcessLimits {
  const { language, floor, call, usesPackages } = given;
  const memoryBytes = call.memoryMb * mebibyte;
  const packages = usesPackages && language === 'python' ? pythonPackageBytes : noBytes;
  return {
    dataBytes: floor.dataBytes + packages.data + memoryBytes,
    addressSpaceBytes:
      floor.addressSpaceBytes + packages.addressSpace + memoryBytes + reservedBytes[language],
    cpuS: Math.ceil((call.timeoutMs + limits.startDeadlineMs) / 1000) * 8,
    fileBytes: limits.tmpBytes,
    openFiles: limits.maxOpenFiles,
    threads: threadLimit(identity, limits.maxThreads),
  };
}

function namespaceArgs(
  identity: JailIdentity['kind'],
  { canDisableUserNamespaces }: JailParts,
): readonly string[] {
  const common = [
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...['--hostname', 'sandbox'],
    '--die-with-parent',
    '--clearenv',
    // In the session and group that the server made for bubblewrap, so that one signal ends all of it.
    ...['--cap-drop', 'ALL'],
    // To mount /tmp and, as root, to give that up: gone, as all capabilities, before there is a call.
    ...['--cap-add', 'CAP_SYS_ADMIN'],
  ];
  if (identity === 'root') {
    return [...common, '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'];
  }
  const user = ['--unshare-user', '--uid', '65534', '--gid', '65534'];
  return [...common, ...user, ...(canDisableUserNamespaces ? ['--disable-userns'] : [])];
}

function rootArgs(
  { files, hidden, language, packages }: Interpreter,
  moreFiles: readonly RootFile[] = [],
): readonly string[] {
  const shown = distinctFiles([...files, ...moreFiles]);
  const devices = ['/dev/null', '/dev/urandom'];
  const directories = parentsOf([...shown.map(({ target }) => target), ...devices]);
  return [
    // By itself bubblewrap makes them for root alone.
    ...directories.flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...shown.flatMap(({ source, target }) => ['--ro-bind', source, target]),
    // An empty directory, closed again: no memory can be taken through it.
    ...hidden.flatMap((path) => ['--size', '4096', '--tmpfs', path, '--remount-ro', path]),
    // They can be written to all the same; the files that they are, their times for one, cannot be changed.
    ...devices.flatMap((path) => ['--dev-bind', path, path, '--remount-ro', path]),
    // What is mounted there is each call's own.
    ...['--perms', '0755', '--dir', '/tmp'],
    ...(language === 'javascript' && packages !== null
      ? ['--symlink', nodeModulesInJail, '/node_modules']
      : []),
  ];
}

/** Every directory above the paths, from the top down. */
function parentsOf(paths: readonly string[]): readonly string[] {
  const parents = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(path); at !== '/'; at = dirname(at)) parents.add(at);
  }
  return [...parents].sort();
}
