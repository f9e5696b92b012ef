import { dirname } from 'node:path';
import { type JailIdentity, threadLimit } from '../identity.ts';
import { type Limiter, limitedCommand } from '../limited-command.ts';
import { limits, mebibyte } from '../limits.ts';
import type { MemoryFloor } from '../probe.ts';
import type { RunnerCommand } from '../run-call.ts';
import type { Interpreter } from './interpreters.ts';
import { distinctFiles, nodeInterpreter, runnerInJail } from './interpreters.ts';
import { findLibraries } from './libraries.ts';

// How a jail is built: bubblewrap's arguments.
//
// Held: new mount, PID, network, IPC, UTS and cgroup namespaces (and a user namespace for an ordinary
// user); a root that shows the interpreter's own files, one by one, read-only; no /proc, no /sys, no
// device but null and urandom; /tmp of a fixed size as the only writable place; no environment, not even
// in the jail's first process; no capability when the tool's code starts; the filter of `seccomp.ts`;
// the limits below. The jail dies with its builder, and its builder with the server.
//
// Not protected:
// - Bugs of the kernel that can be reached by the system calls that are left.
// - Side channels: processor caches, timing, load. The machine's clock, kernel version and memory size show.
// - Processor time beyond the call's deadline times its threads: no share is set.
// - Memory besides RLIMIT_DATA: /tmp (64 MiB), the kernel's own buffers of pipes and threads, and in
//   Python the slack of RLIMIT_AS (pages made read-only leave RLIMIT_DATA's count).
// - Calls from each other as an ordinary user in one respect: they share a uid. They share no namespace.

export interface JailParts {
  readonly bubblewrap: string;
  readonly canDisableUserNamespaces: boolean;
  readonly identity: JailIdentity;
  readonly limiter: Limiter;
  readonly filter: Buffer;
}

export interface JailCall {
  readonly slot: number;
  readonly memoryMb: number;
  readonly timeoutMs: number;
}

/** Address space that Python may reserve and not use. */
const reservedBytes = 32 * mebibyte;

/** By itself the C library reserves 64 MiB for each thread. The runner clears it with everything else. */
const pythonEnvironment = ['--setenv', 'MALLOC_ARENA_MAX', '1'];

/** Prepares what is the same for each call of an interpreter; the result builds one call's command. */
export function jailBuilder(parts: JailParts, interpreter: Interpreter) {
  const fixed = [
    ...namespaceArgs(parts),
    ...rootArgs(parts, interpreter),
    ...(interpreter.language === 'python' ? pythonEnvironment : []),
  ];
  return (floor: MemoryFloor, call: JailCall): RunnerCommand => {
    const isNode = interpreter.language === 'javascript';
    const memoryBytes = call.memoryMb * mebibyte;
    const uid = parts.identity.kind === 'root' ? String(parts.identity.firstUid + call.slot) : '-';
    const program = limitedCommand(
      parts.limiter,
      {
        dataBytes: floor.dataBytes + memoryBytes,
        addressSpaceBytes: isNode ? null : floor.addressSpaceBytes + memoryBytes + reservedBytes,
        cpuS: Math.ceil((call.timeoutMs + limits.startDeadlineMs) / 1000) * 8,
        fileBytes: limits.tmpBytes,
        openFiles: limits.maxOpenFiles,
        threads: threadLimit(parts.identity, limits.maxThreads),
      },
      [
        ...interpreter.command,
        ...(isNode ? nodeInterpreter(call.memoryMb) : []),
        runnerInJail(interpreter.language),
        uid,
      ],
    );
    return {
      path: parts.bubblewrap,
      args: [...fixed, '--', ...program],
      channel: 'fd3',
      filter: parts.filter,
      openFile: null,
      preamble: [],
      env: {},
      cwd: '/',
      identity: null,
    };
  };
}

function namespaceArgs({ identity, canDisableUserNamespaces }: JailParts): readonly string[] {
  const common = [
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...['--hostname', 'sandbox'],
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    ...['--cap-drop', 'ALL'],
    ...['--seccomp', '4'],
  ];
  // The runner gives up root, and these two with it, before it reads the call.
  if (identity.kind === 'root') {
    return [...common, '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'];
  }
  const user = ['--unshare-user', '--uid', '65534', '--gid', '65534'];
  return [...common, ...user, ...(canDisableUserNamespaces ? ['--disable-userns'] : [])];
}

function rootArgs({ limiter }: JailParts, { files, hidden }: Interpreter): readonly string[] {
  const limiterFiles = [
    { source: limiter.path, target: limiter.path },
    ...findLibraries(limiter.path),
  ];
  const shown = distinctFiles([...files, ...limiterFiles]);
  const devices = ['/dev/null', '/dev/urandom'];
  const directories = parentsOf([...shown.map(({ target }) => target), ...devices]);
  return [
    // By itself bubblewrap makes them for root alone.
    ...directories.flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...shown.flatMap(({ source, target }) => ['--ro-bind', source, target]),
    // An empty directory, closed again: no memory can be taken through it.
    ...hidden.flatMap((path) => ['--size', '4096', '--tmpfs', path, '--remount-ro', path]),
    ...devices.flatMap((path) => ['--dev-bind', path, path]),
    ...['--perms', '1777', '--size', String(limits.tmpBytes), '--tmpfs', '/tmp'],
    ...['--remount-ro', '/'],
    ...['--chdir', '/tmp'],
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
