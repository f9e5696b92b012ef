import { type Architecture, type Syscall, syscallNumber, syscalls } from './syscalls.ts';

// The jail's system call filter: a classic BPF program, loaded by first-program.ts and by zygote.py.
//
// It is an allow-list: what is not named in `syscalls.ts` fails with EPERM. It holds what no other layer
// of the jail does:
// - One process. `clone` makes threads only, because RLIMIT_DATA counts per process: with `fork`, a
//   call could hold the limit many times over, and could outlive its own runner. `execve` is for the first
//   program alone, by the address of the name it asks for: Node would start again with other flags.
// - Memory that no limit counts is not to be had: shared anonymous, grow-down and huge-page mappings, larger
//   pipes, `memfd_create`, `memfd_secret`, System V shared memory, POSIX queues, `userfaultfd`.
// - The kernel's wide surfaces are closed: namespaces, mounts, `ptrace`, `bpf`, `io_uring`, keys,
//   `perf_event_open`, sockets of every kind but the unnamed pair that event loops wake themselves with; and
//   of those, urgent data (MSG_OOB) and the options that had holes before.
// - Handles of processes outside: `SO_PEERPIDFD` on the channel would give one of the server.
//
// A call that may reach hosts (`reachesProxy`) has TCP over IPv4 and unix streams besides, with the few
// options that clients set: what its own network namespace holds is a loopback and the proxy's socket.
//
// Not protected: bugs in the calls that remain (files of a tmpfs, futexes, memory, epoll, signals; TCP over
// loopback with `reachesProxy`, whose buffers no limit counts: a few MiB for each of its descriptors).

const errno = { EPERM: 1, ENOSYS: 38, ENETUNREACH: 101 } as const;
const auditArch = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

const action = {
  allow: 0x7fff0000,
  killProcess: 0x80000000,
  fail: (code: number) => 0x00050000 | code,
} as const;

const op = {
  load: 0x20, // BPF_LD | BPF_W | BPF_ABS
  and: 0x54, // BPF_ALU | BPF_AND | BPF_K
  ifEqual: 0x15, // BPF_JMP | BPF_JEQ | BPF_K
  ifAtLeast: 0x35, // BPF_JMP | BPF_JGE | BPF_K
  result: 0x06, // BPF_RET | BPF_K
} as const;

// struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6] (low word first).
const offset = { nr: 0, arch: 4, arg: (index: number) => 16 + index * 8 } as const;

/** One instruction; `yes` and `no` count how many instructions to skip. */
type Instruction = readonly [code: number, k: number, yes?: number, no?: number];

const x32Bit = 0x40000000;

const refuse: Instruction = [op.result, action.fail(errno.EPERM)];

const clone = { thread: 0x00010000, anyNamespace: 0x7e020000 } as const;
const map = { shared: 0x01, anonymous: 0x20 } as const;
// MAP_DROPPABLE, MAP_GROWSDOWN, MAP_HUGETLB.
const uncountedMap = 0x08 | 0x0100 | 0x40000;
const family = { unix: 1, inet: 2, inet6: 10 } as const;
// FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ: what runtimes ask of their own descriptors.
const ioctls = [0x541b, 0x5421, 0x5451, 0x5450, 0x5401, 0x5413];
// GET_DUMPABLE, SET/GET_NAME, CAPBSET_READ, SET_VMA (names of mappings).
const prctls = [3, 15, 16, 23, 0x53564d41];
// DUPFD, GET/SETFD, GET/SETFL, GETLK, SETLK, SETLKW, their kin by open file, DUPFD_CLOEXEC, GETPIPE_SZ.
const fcntls = [0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032];
// MERGEABLE (pages in common with other calls can be told by their speed), and what breaks memory.
const refusedAdvice = [12, 100, 101];
const urgent = 0x01;
const stream = 1;
const protocol = { default: 0, tcp: 6 } as const;
const level = { socket: 1, tcp: 6 } as const;
// REUSEADDR, SNDBUF, RCVBUF, KEEPALIVE, LINGER, REUSEPORT, RCVTIMEO, SNDTIMEO (both widths).
const socketOptions = [2, 7, 8, 9, 13, 15, 20, 21, 66, 67];
// NODELAY, KEEPIDLE, KEEPINTVL, KEEPCNT, USER_TIMEOUT.
const tcpOptions = [1, 4, 5, 6, 18];
// TYPE, ERROR, ACCEPTCONN, PROTOCOL, DOMAIN.
const readableOptions = [3, 4, 30, 38, 39];

/** What is decided by an argument; every list starts with the number loaded and ends in a result. */
const conditional: Partial<Record<Syscall, readonly Instruction[]>> = {
  clone: [
    [op.load, offset.arg(0)],
    [op.and, clone.thread | clone.anyNamespace],
    [op.ifEqual, clone.thread, 0, 1],
    [op.result, action.allow],
    [op.result, action.fail(errno.EPERM)],
  ],
  // A library falls back to `clone`, whose flags a filter can read.
  clone3: [[op.result, action.fail(errno.ENOSYS)]],
  mmap: [
    [op.load, offset.arg(3)],
    [op.and, uncountedMap],
    [op.ifEqual, 0, 0, 3],
    [op.load, offset.arg(3)],
    [op.and, map.shared | map.anonymous],
    [op.ifEqual, map.shared | map.anonymous, 0, 1],
    [op.result, action.fail(errno.EPERM)],
    [op.result, action.allow],
  ],
  ioctl: oneOf(offset.arg(1), ioctls),
  prctl: oneOf(offset.arg(0), prctls),
  // No network: said in the words that programs know, instead of "not permitted".
  socket: [
    [op.load, offset.arg(0)],
    [op.ifEqual, family.inet, 2, 0],
    [op.ifEqual, family.inet6, 1, 0],
    [op.result, action.fail(errno.EPERM)],
    [op.result, action.fail(errno.ENETUNREACH)],
  ],
  socketpair: oneOf(offset.arg(0), [family.unix]),
  setsockopt: socketOption(socketOptions),
  getsockopt: socketOption([...socketOptions, ...readableOptions]),
  fcntl: oneOf(offset.arg(1), fcntls),
  madvise: noneOf(offset.arg(2), refusedAdvice),
  sendto: without(offset.arg(3), urgent),
  recvfrom: without(offset.arg(3), urgent),
  sendmsg: without(offset.arg(2), urgent),
  recvmsg: without(offset.arg(2), urgent),
};

/** Refused where there is nothing to reach. */
const proxyCalls: ReadonlySet<Syscall> = new Set([
  'connect',
  'bind',
  'listen',
  'accept',
  'accept4',
]);

const socketWithProxy: readonly Instruction[] = [
  [op.load, offset.arg(0)],
  [op.ifEqual, family.unix, 6, 0],
  [op.ifEqual, family.inet, 2, 0],
  [op.ifEqual, family.inet6, 9, 0],
  [op.result, action.fail(errno.EPERM)],
  [op.load, offset.arg(2)],
  [op.ifEqual, protocol.default, 1, 0],
  [op.ifEqual, protocol.tcp, 0, 4],
  [op.load, offset.arg(1)],
  // Without the flags for `exec` and blocking.
  [op.and, 0x0f],
  [op.ifEqual, stream, 0, 1],
  [op.result, action.allow],
  [op.result, action.fail(errno.EPERM)],
  [op.result, action.fail(errno.ENETUNREACH)],
];

export interface FilterOptions {
  readonly architecture: Architecture;
  /** The address of the one name that `execve` may be given; by default none. */
  readonly becomes?: number;
  /** The call may reach the egress proxy. */
  readonly reachesProxy?: boolean;
}

/** The filter as the kernel reads it: `struct sock_filter[]`, little-endian. */
export function assembleFilter(options: FilterOptions): Buffer {
  const { architecture, becomes = null, reachesProxy = false } = options;
  const program: Instruction[] = [
    [op.load, offset.arch],
    [op.ifEqual, auditArch[architecture], 1, 0],
    [op.result, action.killProcess],
    [op.load, offset.nr],
  ];
  if (architecture === 'x64') {
    program.push([op.ifAtLeast, x32Bit, 0, 1], [op.result, action.fail(errno.EPERM)]);
  }
  for (const syscall of syscalls) {
    const number = syscallNumber(syscall, architecture);
    if (number === null || (!reachesProxy && proxyCalls.has(syscall))) continue;
    const block = blockOf(syscall, { becomes, reachesProxy });
    program.push([op.ifEqual, number, 0, block.length], ...block);
  }
  program.push([op.result, action.fail(errno.EPERM)]);
  return encode(program);
}

function blockOf(
  syscall: Syscall,
  { becomes, reachesProxy }: { readonly becomes: number | null; readonly reachesProxy: boolean },
): readonly Instruction[] {
  if (syscall === 'execve') return becomes === null ? [refuse] : isAddress(offset.arg(0), becomes);
  if (syscall === 'socket' && reachesProxy) return socketWithProxy;
  return conditional[syscall] ?? [[op.result, action.allow]];
}

/** The block when the number that is loaded is `value`; what follows sees it loaded still. */
function ifEqual(value: number, block: readonly Instruction[]): readonly Instruction[] {
  return [[op.ifEqual, value, 0, block.length], ...block];
}

function oneOf(argument: number, allowed: readonly number[]): readonly Instruction[] {
  return [
    [op.load, argument],
    ...allowed.map((value, index): Instruction => [op.ifEqual, value, allowed.length - index, 0]),
    [op.result, action.fail(errno.EPERM)],
    [op.result, action.allow],
  ];
}

function noneOf(argument: number, refused: readonly number[]): readonly Instruction[] {
  return [
    [op.load, argument],
    ...refused.map((value, index): Instruction => [op.ifEqual, value, refused.length - index, 0]),
    [op.result, action.allow],
    refuse,
  ];
}

function without(argument: number, flag: number): readonly Instruction[] {
  return [
    [op.load, argument],
    [op.and, flag],
    [op.ifEqual, 0, 0, 1],
    [op.result, action.allow],
    refuse,
  ];
}

function socketOption(options: readonly number[]): readonly Instruction[] {
  return [
    [op.load, offset.arg(1)],
    ...ifEqual(level.socket, oneOf(offset.arg(2), options)),
    ...ifEqual(level.tcp, oneOf(offset.arg(2), tcpOptions)),
    refuse,
  ];
}

/** Both halves: the address lies below 4 GiB. */
function isAddress(argument: number, address: number): readonly Instruction[] {
  return [
    [op.load, argument],
    [op.ifEqual, address, 0, 3],
    [op.load, argument + 4],
    [op.ifEqual, 0, 0, 1],
    [op.result, action.allow],
    refuse,
  ];
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, k, yes = 0, no = 0]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return bytes;
}
