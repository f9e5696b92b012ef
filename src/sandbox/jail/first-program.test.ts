import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { requires } from '../../../test/support/requires.ts';
import { readElf } from './elf.ts';
import { assembleProgram, cString, type ProgramStep, pointerList } from './elf-program.ts';
import { assembleFirstProgram, interpreterNameAddress, tmpOptions } from './first-program.ts';
import { type Architecture, architectures, startCalls, syscallNumber } from './syscalls.ts';

const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const native = architectures.find((name) => process.platform === 'linux' && name === process.arch);

describe('a program of system calls', requires(native !== undefined, 'no such Linux'), () => {
  const architecture = native ?? 'x64';
  const number = (name: 'write' | 'execve' | 'exit_group' | 'chdir') =>
    syscallNumber(name, architecture) ?? -1;
  const echo = cString('/bin/echo');
  const become = {
    call: number('execve'),
    args: [echo, pointerList(['echo', 'a b', ''].map(cString)), pointerList([cString('A=1')])],
    outcome: 'success',
    complaint: 'no echo',
  } as const;
  const goTo = (path: string, outcome: ProgramStep['outcome']): ProgramStep => ({
    call: number('chdir'),
    args: [cString(path)],
    outcome,
    complaint: `chdir ${path}`,
  });
  const run = (steps: readonly ProgramStep[]) => {
    const calls = { write: number('write'), exit: number('exit_group') };
    const path = join(directory, `program-${Math.random()}`);
    const bytes = assembleProgram({ architecture, steps, firstData: echo, calls });
    writeFileSync(path, bytes, { mode: 0o755 });
    const { status, stdout, stderr } = spawnSync(path, { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  test('makes its calls and becomes another', () => {
    expect(run([goTo('/', 'success'), become])).toEqual({
      status: 0,
      stdout: 'a b \n',
      stderr: '',
    });
  });

  test('says what failed, and ends with the error’s number', () => {
    const missing = join(directory, 'missing');
    const [noEntry, stderr] = [2, `chdir ${missing}\n`];
    expect(run([goTo(missing, 'success'), become])).toEqual({
      status: noEntry,
      stdout: '',
      stderr,
    });
    expect(run([goTo(missing, 'failure'), become])).toMatchObject({ status: 0 });
    expect(run([goTo(missing, 'any'), become])).toMatchObject({ status: 0 });
    expect(run([goTo('/', 'failure'), become])).toMatchObject({ stdout: '', stderr: 'chdir /\n' });
  });
});

describe.each(architectures)('the first program on %s', (architecture) => {
  const assemble = (uid: number | null, cgroups: readonly number[] = []) =>
    assembleFirstProgram({
      architecture,
      limits: {
        dataBytes: 2 ** 33,
        addressSpaceBytes: 2 ** 34,
        cpuS: 8,
        fileBytes: 64,
        openFiles: 256,
        threads: 128,
      },
      uid,
      cgroups,
      filter: Buffer.alloc(16),
      command: ['/usr/bin/node', '--flag'],
      environment: {},
    });
  const number = (name: 'chdir' | 'prlimit64' | 'prctl' | 'close_range' | 'execve' | 'write') =>
    syscallNumber(name, architecture) ?? -1;
  const own = startCalls[architecture];
  const limitCalls = Array(10).fill(number('prlimit64'));
  const end = [
    number('prctl'),
    own.capset,
    number('prctl'),
    number('close_range'),
    number('prctl'),
    number('execve'),
  ];

  test('drops what it has in an order in which nothing can be skipped', () => {
    const begin = [own.unshare, own.mount, number('chdir'), ...limitCalls];
    const identity = [own.setgroups, own.setresgid, own.setresuid, own.setresuid];
    expect(callsIn(assemble(null), architecture)).toEqual([...begin, ...end]);
    expect(callsIn(assemble(1_900_000_000, [4]), architecture)).toEqual([
      number('write'),
      ...begin,
      ...identity,
      ...end,
    ]);
  });

  test('names the interpreter where the filter looks for it', () => {
    const program = assemble(null);
    const offset = interpreterNameAddress - 0x1000_0000;
    expect(program.toString('latin1', offset, offset + 14)).toBe('/usr/bin/node\0');
    expect(program.includes(tmpOptions)).toBe(true);
    const path = join(directory, `start-${architecture}`);
    writeFileSync(path, program);
    const machine = architecture === 'x64' ? 62 : 183;
    expect(readElf(path)).toMatchObject({ machine, interpreter: null, needed: [] });
  });
});

/** The numbers of the calls that its steps make, without those of their complaints. */
function callsIn(program: Buffer, architecture: Architecture): readonly number[] {
  const entry = Number(program.readBigUInt64LE(24)) - 0x1000_0000;
  const found: number[] = [];
  let number = 0;
  for (let at = entry; at < program.length; ) {
    if (architecture === 'x64') {
      const [first = 0, second = 0] = program.subarray(at, at + 2);
      if (first === 0x48 && second === 0xb8) number = program.readUInt32LE(at + 2);
      if (first === 0x0f && second === 0x05) found.push(number);
      const isJump = first === 0x48 && second === 0x85;
      if (isJump) at += 5 + program.readUInt8(at + 4);
      else at += first === 0x0f ? 2 : 10;
    } else {
      const word = program.readUInt32LE(at);
      const isMove = (word & 0xffe0001f) >>> 0 === 0xd2800008;
      if (isMove) number = (word >>> 5) & 0xffff;
      if (word === 0xd4000001) found.push(number);
      const isJump = (word & 0xfef80000) >>> 0 === 0xb6f80000;
      at += isJump ? ((word >>> 5) & 0x3fff) * 4 : 4;
    }
  }
  return found;
}
