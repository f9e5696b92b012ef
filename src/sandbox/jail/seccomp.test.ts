import { describe, expect, test } from 'vitest';
import { assembleFilter } from './seccomp.ts';
import { architectures, type Syscall, syscallNumber } from './syscalls.ts';

const arch = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const allowed = 0x7fff0000;
const eperm = 0x00050001;
const killed = 0x80000000;

/** A BPF machine, small enough to be checked by eye against the kernel's manual. */
function decide(filter: Buffer, data: { nr: number; arch: number; args?: readonly number[] }) {
  const words = new Map([
    [0, data.nr],
    [4, data.arch],
    ...(data.args ?? []).map((value, index) => [16 + index * 8, value] as const),
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
  const filter = assembleFilter({ architecture, dropsIdentity: false });
  const call = (syscall: Syscall, ...args: number[]) => {
    const nr = syscallNumber(syscall, architecture);
    if (nr === null) throw new Error(`${syscall} does not exist on ${architecture}.`);
    return decide(filter, { nr, arch: arch[architecture], args });
  };

  test('lets ordinary calls through', () => {
    for (const syscall of ['read', 'write', 'openat', 'futex', 'execve', 'exit_group'] as const) {
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
    expect(call('mmap', 0, 4096, 3, priv | anonymous | growsDown)).toBe(eperm);
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
    expect(call('prctl', 22)).toBe(eperm);
  });

  test('lets the identity change only for a runner that starts as root', () => {
    const dropping = assembleFilter({ architecture, dropsIdentity: true });
    const nr = syscallNumber('setresuid', architecture) ?? -1;
    expect(decide(filter, { nr, arch: arch[architecture] })).toBe(eperm);
    expect(decide(dropping, { nr, arch: arch[architecture] })).toBe(allowed);
  });

  test('of a call that may reach the proxy: TCP, unix streams and their usual options, nothing more', () => {
    const open = assembleFilter({ architecture, dropsIdentity: false, reachesProxy: true });
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
  const filter = assembleFilter({ architecture: 'x64', dropsIdentity: false });
  expect(decide(filter, { nr: 0x40000000, arch: arch.x64 })).toBe(eperm);
});
