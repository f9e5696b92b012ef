import type { ProcessLimits } from '../limited-command.ts';
import { limitNames } from '../limited-command.ts';
import { limits } from '../limits.ts';
import {
  type Argument,
  assembleProgram,
  cString,
  type ElfProgram,
  firstDataAddress,
  type ProgramData,
  type ProgramStep,
  pointerList,
} from './elf-program.ts';
import { type Architecture, type Syscall, startCalls, syscallNumber } from './syscalls.ts';

// What runs first in a jail, before the interpreter and in its place: it finishes what bubblewrap cannot.
//
// In this order, and nothing is skipped: the cgroup, where there is one; /tmp, a tmpfs with a limit on bytes
// and one on files (bubblewrap caps bytes only: a call filled the kernel's memory with 1.8 million empty
// files), from which no program or library can be started; limits; identity; capabilities; the filter,
// which lets no other program be started than this one does; then the interpreter. No tool's code and no
// byte of a call is there yet. What fails ends the jail.

/** Where it lies in the jail. */
export const firstProgramPath = '/signalbox/start';

/** The only program that the filter lets a process become is named at this address. */
export const interpreterNameAddress = firstDataAddress;

/** Options of a call's /tmp, for whoever mounts it. */
export const tmpOptions = `size=${limits.tmpBytes},nr_inodes=${limits.tmpFiles},mode=1777`;

const newMountNamespace = 0x00020000;
const mountFlags = { nosuid: 0x2, nodev: 0x4, noexec: 0x8 } as const;
const resources = {
  CPU: 0,
  FSIZE: 1,
  DATA: 2,
  STACK: 3,
  CORE: 4,
  NPROC: 6,
  NOFILE: 7,
  MEMLOCK: 8,
  AS: 9,
  SIGPENDING: 11,
} as const;
const option = { seccomp: 22, noNewPrivileges: 38, ambient: 47 } as const;
const seccompModeFilter = 2;
const clearAllAmbient = 4;
const capabilityVersion3 = 0x20080522;

export interface FirstProgram {
  readonly architecture: Architecture;
  readonly limits: ProcessLimits;
  /** Null: it has an identity that means nothing outside already. */
  readonly uid: number | null;
  /** Descriptors of the files that are written to, to join a group. */
  readonly cgroups: readonly number[];
  /** As the kernel reads it (seccomp.ts). */
  readonly filter: Buffer;
  /** What it becomes: program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

/** The executable file's bytes. */
export function assembleFirstProgram(program: FirstProgram): Buffer {
  const { architecture, command, uid, cgroups, environment } = program;
  const callNumber = (name: Syscall) => syscallNumber(name, architecture) ?? -1;
  const step = (
    call: number,
    args: readonly Argument[],
    complaint: string,
    outcome: ProgramStep['outcome'] = 'success',
  ): ProgramStep => ({ call, args, complaint, outcome });
  const own = startCalls[architecture];
  const path = cString(command[0]);
  const steps: readonly ProgramStep[] = [
    ...cgroups.map((fd) =>
      step(callNumber('write'), [fd, cString('0'), 1], 'The cgroup could not be joined.'),
    ),
    // Those of an ordinary user's jail belong to the user namespace around the last one (--disable-userns).
    step(own.unshare, [newMountNamespace], 'Mounts of its own could not be had.'),
    step(
      own.mount,
      [
        cString('tmpfs'),
        cString('/tmp'),
        cString('tmpfs'),
        mountFlags.nosuid | mountFlags.nodev | mountFlags.noexec,
        cString(tmpOptions),
      ],
      '/tmp could not be mounted.',
    ),
    step(callNumber('chdir'), [cString('/tmp')], '/tmp could not be entered.'),
    ...Object.entries(limitNames(program.limits)).map(([name, value]) =>
      step(
        callNumber('prlimit64'),
        [0, resourceOf(name), pair(value), 0],
        `The limit ${name} could not be set.`,
      ),
    ),
    ...(uid === null ? [] : identitySteps(uid, own, step)),
    step(
      callNumber('prctl'),
      [option.ambient, clearAllAmbient, 0, 0, 0],
      'Capabilities were kept.',
    ),
    step(own.capset, [capabilityHeader, noCapabilities], 'Capabilities could not be dropped.'),
    step(callNumber('prctl'), [option.noNewPrivileges, 1, 0, 0, 0], 'Privileges could be gained.'),
    // The channel is 3; whatever else was handed down goes.
    step(callNumber('close_range'), [4, 0x7fffffff, 0], 'Descriptors could not be closed.'),
    step(
      callNumber('prctl'),
      [option.seccomp, seccompModeFilter, filterProgram(program.filter), 0, 0],
      'The filter could not be loaded.',
    ),
    step(
      callNumber('execve'),
      [
        path,
        pointerList(command.map(cString)),
        pointerList(
          Object.entries(environment).map(([name, value]) => cString(`${name}=${value}`)),
        ),
      ],
      `${command[0]} could not be started.`,
    ),
  ];
  const calls = { write: callNumber('write'), exit: callNumber('exit_group') };
  return assembleProgram({ architecture, steps, firstData: path, calls } satisfies ElfProgram);
}

function identitySteps(
  uid: number,
  own: (typeof startCalls)[Architecture],
  step: (
    call: number,
    args: readonly Argument[],
    complaint: string,
    outcome?: 'failure',
  ) => ProgramStep,
): readonly ProgramStep[] {
  return [
    step(own.setgroups, [0, 0], 'Groups could not be dropped.'),
    step(own.setresgid, [uid, uid, uid], 'The group could not be changed.'),
    step(own.setresuid, [uid, uid, uid], 'The user could not be changed.'),
    step(own.setresuid, [0, 0, 0], 'Root could be had again.', 'failure'),
  ];
}

function resourceOf(name: string): number {
  const found = Object.entries(resources).find(([known]) => known === name);
  if (found === undefined) throw new Error(`No resource is called ${name}.`);
  return found[1];
}

/** struct rlimit64: soft and hard. */
function pair(value: number): ProgramData {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt(value), 0);
  bytes.writeBigUInt64LE(BigInt(value), 8);
  return { bytes };
}

const capabilityHeader: ProgramData = { bytes: littleEndian(capabilityVersion3, 0) };
const noCapabilities: ProgramData = { bytes: Buffer.alloc(24) };

/** struct sock_fprog: how many instructions, and where. */
function filterProgram(filter: Buffer): ProgramData {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(filter.length / 8);
  return { bytes, pointers: [{ at: 8, to: { bytes: filter } }] };
}

function littleEndian(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, index * 4);
  return bytes;
}
