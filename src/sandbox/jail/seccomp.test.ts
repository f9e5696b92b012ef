import { describe, expect, test } from 'vitest';
import { assembleFilter } from './seccomp.ts';
import { architectures, type Syscall, startCalls, syscallNumber } from './syscalls.ts';

const arch = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const allowed = 0x7fff0000;
const eperm = 0x00050001;
const killed = 0x80000000;

/** All of the calls from 424 on that are not named on purpose. */
const newest = {
  pidfd_send_signal: 424,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_open: 434,
  openat2: 437,
  pidfd_getfd: 438,
  process_madvise: 440,
  mount_setattr: 442,
  quotactl_fd: 443,
  landlock_create_ruleset: 444,
  landlock_add_rule: 445,
  landlock_restrict_self: 446,
  memfd_secret: 447,
  process_mrelease: 448,
  set_mempolicy_home_node: 450,
  cachestat: 451,
  fchmodat2: 452,
  map_shadow_stack: 453,
  futex_wake: 454,
  futex_wait: 455,
  futex_requeue: 456,
  statmount: 457,
  listmount: 458,
  lsm_get_self_attr: 459,
  lsm_set_self_attr: 460,
  lsm_list_modules: 461,
  mseal: 462,
  setxattrat: 463,
  getxattrat: 464,
  listxattrat: 465,
  removexattrat: 466,
  open_tree_attr: 467,
  file_getattr: 468,
  file_setattr: 469,
  listns: 470,
} as const;

/** A BPF machine, small enough to be checked by eye against the kernel's manual. */
function decide(filter: Buffer, data: { nr: number; arch: number; args?: readonly number[] }) {
  const words = new Map([
    [0, data.nr],
    [4, data.arch],
    ...(data.args ?? []).flatMap((value, index) => [
      [16 + index * 8, value % 2 ** 32] as const,
      [20 + index * 8, Math.floor(value / 2 ** 32)] as const,
    ]),
  ]);
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const code = filter.readUInt16LE(at * 8);
    const k = filter.readUInt32LE(at * 8 + 4);
    const jump = (taken: boolean) => filter.readUInt8(at * 8 + (taken ? 2 : 3));
    if (code === 0x20) accumulator = (words.get(k) ?? 0) >>> 0;
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x15) at += jump(accumulator === k);
    else if (code === 0x35) at += jump(accumulator >= k);
    else if (code === 0x06) return k;
    else throw new Error(`No such instruction: ${code}`);
  }
  throw new Error('The program ran off its end.');
}

describe.each(architectures)('the %s filter', (architecture) => {
  const filter = assembleFilter({ architecture });
  const call = (syscall: Syscall, ...args: number[]) => {
    const nr = syscallNumber(syscall, architecture);
    if (nr === null) throw new Error(`${syscall} does not exist on ${architecture}.`);
    return decide(filter, { nr, arch: arch[architecture], args });
  };

  test('lets ordinary calls through', () => {
    for (const syscall of ['read', 'write', 'openat', 'futex', 'exit_group'] as const) {
      expect(call(syscall)).toBe(allowed);
    }
  });

  test('refuses what it does not name', () => {
    const unnamed =
      architecture === 'x64'
        ? { fork: 57, ptrace: 101, bpf: 321, shmget: 29 }
        : { ptrace: 117, bpf: 280, shmget: 194 };
    for (const nr of [...Object.values(unnamed), 425, 434, 999]) {
      expect(decide(filter, { nr, arch: arch[architecture] })).toBe(eperm);
    }
  });

  test('lets threads start, but no process and no namespace', () => {
    expect(call('clone', 0x3d0f00)).toBe(allowed);
    expect(call('clone', 0x11)).toBe(eperm);
    expect(call('clone', 0x4111)).toBe(eperm);
    expect(call('clone', 0x3d0f00 | 0x10000000)).toBe(eperm);
    expect(call('clone3')).toBe(0x00050000 | 38);
  });

  test('refuses memory that no limit counts', () => {
    const [priv, shared, anonymous, growsDown] = [0x02, 0x01, 0x20, 0x100];
    expect(call('mmap', 0, 4096, 3, priv | anonymous)).toBe(allowed);
    expect(call('mmap', 0, 4096, 3, shared)).toBe(allowed);
    expect(call('mmap', 0, 4096, 3, shared | anonymous)).toBe(eperm);
    expect(call('mmap', 0, 4096, 3, 0x03 | anonymous)).toBe(eperm);
    const [huge, droppable] = [0x40000, 0x08];
    for (const flag of [growsDown, huge, droppable, huge | (21 << 26)]) {
      expect(call('mmap', 0, 4096, 3, priv | anonymous | flag)).toBe(eperm);
    }
  });

  test('knows no socket but the unnamed pair, and says that there is no network', () => {
    expect(call('socketpair', 1)).toBe(allowed);
    expect(call('socketpair', 2)).toBe(eperm);
    expect(call('socket', 1)).toBe(eperm);
    expect(call('socket', 16)).toBe(eperm);
    for (const family of [2, 10]) expect(call('socket', family)).toBe(0x00050000 | 101);
  });

  test('lets a terminal be asked for its size, not be typed into', () => {
    expect(call('ioctl', 1, 0x5413)).toBe(allowed);
    expect(call('ioctl', 1, 0x5412)).toBe(eperm);
    expect(call('prctl', 15)).toBe(allowed);
    // A filter, another death signal, what others may read, pages in common.
    for (const option of [22, 1, 4, 67]) expect(call('prctl', option)).toBe(eperm);
  });

  test('lets no identity change, and no program start but the one that is named at one address', () => {
    for (const nr of Object.values(startCalls[architecture])) {
      expect(decide(filter, { nr, arch: arch[architecture] })).toBe(eperm);
    }
    expect(call('execve', 0x100000b0)).toBe(eperm);
    const becoming = assembleFilter({ architecture, becomes: 0x100000b0 });
    const nr = syscallNumber('execve', architecture) ?? -1;
    const become = (name: number) =>
      decide(becoming, { nr, arch: arch[architecture], args: [name] });
    expect(become(0x100000b0)).toBe(allowed);
    expect(become(0x100000b1)).toBe(eperm);
    expect(become(0x7f00100000b0)).toBe(eperm);
  });

  test('refuses urgent data, larger pipes, and options that tell of the other end', () => {
    const urgent = 1;
    const noSignal = 0x4000;
    for (const [syscall, at] of [
      ['sendto', 3],
      ['recvfrom', 3],
      ['sendmsg', 2],
      ['recvmsg', 2],
    ] as const) {
      const flagged = (flags: number) => call(syscall, ...Array(at).fill(7), flags);
      expect([flagged(0), flagged(noSignal)]).toEqual([allowed, allowed]);
      expect([flagged(urgent), flagged(urgent | noSignal)]).toEqual([eperm, eperm]);
    }
    const [setPipeSize, setOwner, setLease, notify, addSeals] = [1031, 8, 1024, 1026, 1033];
    for (const command of [setPipeSize, setOwner, setLease, notify, addSeals]) {
      expect(call('fcntl', 3, command)).toBe(eperm);
    }
    for (const command of [0, 2, 4, 6, 1030]) expect(call('fcntl', 3, command)).toBe(allowed);
    const [peerCredentials, peerPidfd, filterOf, peekOffset] = [17, 77, 26, 42];
    for (const option of [peerCredentials, peerPidfd, filterOf, peekOffset]) {
      expect(call('getsockopt', 3, 1, option)).toBe(eperm);
      expect(call('setsockopt', 3, 1, option)).toBe(eperm);
    }
    expect(call('getsockopt', 3, 1, 3)).toBe(allowed);
    expect(call('madvise', 0, 4096, 4)).toBe(allowed);
    expect(call('madvise', 0, 4096, 12)).toBe(eperm);
  });

  test('refuses the newest calls by their numbers, which all architectures have in common', () => {
    for (const [name, nr] of Object.entries(newest)) {
      expect([name, decide(filter, { nr, arch: arch[architecture] })]).toEqual([name, eperm]);
    }
  });

  test('of a call that may reach the proxy: TCP, unix streams and their usual options, nothing more', () => {
    const open = assembleFilter({ architecture, reachesProxy: true });
    const may = (syscall: Syscall, ...args: number[]) =>
      decide(open, {
        nr: syscallNumber(syscall, architecture) ?? -1,
        arch: arch[architecture],
        args,
      });
    const [unix, inet, inet6] = [1, 2, 10];
    for (const flags of [0, 0x80000, 0x800, 0x80800]) {
      expect(may('socket', unix, 1 | flags, 0)).toBe(allowed);
      expect(may('socket', inet, 1 | flags, 0)).toBe(allowed);
      expect(may('socket', inet, 1 | flags, 6)).toBe(allowed);
      for (const type of [2, 3, 4, 5, 10]) {
        expect(may('socket', inet, type | flags, 0)).toBe(eperm);
        expect(may('socket', unix, type | flags, 0)).toBe(eperm);
      }
    }
    for (const protocol of [1, 17, 132, 255, 262]) {
      expect(may('socket', inet, 1, protocol)).toBe(eperm);
    }
    for (const family of [0, 3, 16, 17, 38, 40]) expect(may('socket', family, 1, 0)).toBe(eperm);
    expect(may('socket', inet6, 1, 0)).toBe(0x00050000 | 101);
    expect(may('setsockopt', 3, 6, 1)).toBe(allowed);
    expect(may('setsockopt', 3, 1, 2)).toBe(allowed);
    for (const [level = 0, option = 0] of [
      [1, 26],
      [1, 50],
      [6, 13],
      [6, 31],
      [0, 4],
      [17, 1],
      [41, 26],
    ]) {
      expect(may('setsockopt', 3, level, option)).toBe(eperm);
    }
    for (const syscall of ['connect', 'bind', 'listen', 'accept', 'accept4'] as const) {
      expect([syscall, may(syscall), call(syscall)]).toEqual([syscall, allowed, eperm]);
    }
  });

  test('kills what speaks another architecture', () => {
    expect(decide(filter, { nr: 0, arch: 0x40000003 })).toBe(killed);
  });
});

test('the x64 filter refuses the x32 calls', () => {
  const filter = assembleFilter({ architecture: 'x64' });
  expect(decide(filter, { nr: 0x40000000, arch: arch.x64 })).toBe(eperm);
});
