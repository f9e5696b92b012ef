import type { Architecture } from './syscalls.ts';

// A program that makes a fixed list of system calls and then becomes another one, written as a static ELF
// file: no compiler, no library, no interpreter, and nothing that a call could change. Its data lie at
// addresses that are known before it runs, and all of it is mapped read-only.

/** A number, or bytes whose address is passed. */
export type Argument = number | bigint | ProgramData;

export interface ProgramData {
  readonly bytes: Buffer;
  /** Places in `bytes` that hold addresses of other data. */
  readonly pointers?: readonly { readonly at: number; readonly to: ProgramData }[];
}

export interface ProgramStep {
  /** The system call's number. */
  readonly call: number;
  readonly args: readonly Argument[];
  /** What must come of it, else the program says `complaint` and ends with the error's number. */
  readonly outcome: 'success' | 'failure' | 'any';
  readonly complaint: string;
}

const base = 0x1000_0000;
const headersBytes = 64 + 2 * 56;
const maxNameBytes = 4096;

/** Where `firstData` of a program lies: a filter can tell it by its address. */
export const firstDataAddress = base + headersBytes;

/** A string as C has it. */
export function cString(text: string): ProgramData {
  return { bytes: Buffer.from(`${text}\0`) };
}

/** A list of addresses with an end, as `execve` takes it. */
export function pointerList(items: readonly ProgramData[]): ProgramData {
  return {
    bytes: Buffer.alloc((items.length + 1) * 8),
    pointers: items.map((to, index) => ({ at: index * 8, to })),
  };
}

export interface ElfProgram {
  readonly architecture: Architecture;
  readonly steps: readonly ProgramStep[];
  /** Lies at `firstDataAddress`. At most 4,096 bytes. */
  readonly firstData: ProgramData;
  /** `write` and `exit_group`: what a failed step says and how it ends. */
  readonly calls: { readonly write: number; readonly exit: number };
}

/** The bytes of the executable file. */
export function assembleProgram(program: ElfProgram): Buffer {
  const { architecture, steps, firstData, calls } = program;
  if (firstData.bytes.length > maxNameBytes) throw new RangeError('The first data are too long.');
  const complaints = steps.map(({ complaint }) => ({ bytes: Buffer.from(`${complaint}\n`) }));
  const layout = new Layout(firstDataAddress);
  layout.place(firstData);
  for (const [index, { args, outcome }] of steps.entries()) {
    for (const arg of args) if (typeof arg === 'object') layout.place(arg);
    const complaint = complaints[index];
    if (outcome !== 'any' && complaint) layout.place(complaint);
  }
  const write = machines[architecture];
  const numberFor = (arg: Argument) =>
    typeof arg === 'object' ? BigInt(layout.addressOf(arg)) : BigInt.asUintN(64, BigInt(arg));
  const code = steps.map(({ call, args, outcome }, index) => {
    const made = write.call(BigInt(call), args.map(numberFor));
    const complaint = complaints[index];
    if (outcome === 'any' || complaint === undefined) return made;
    const said = [2n, numberFor(complaint), BigInt(complaint.bytes.length)];
    const failed = Buffer.concat([
      write.keepErrno,
      write.call(BigInt(calls.write), said),
      write.exitWithErrno(BigInt(calls.exit)),
    ]);
    return Buffer.concat([made, write.skipIf(outcome, failed.length), failed]);
  });
  return withHeaders(architecture, layout.bytes(), Buffer.concat(code));
}

class Layout {
  readonly #start: number;
  readonly #addresses = new Map<ProgramData, number>();
  #end: number;

  constructor(start: number) {
    this.#start = start;
    this.#end = start;
  }

  place(data: ProgramData): void {
    if (this.#addresses.has(data)) return;
    this.#addresses.set(data, this.#end);
    this.#end = align(this.#end + data.bytes.length, 16);
    for (const { to } of data.pointers ?? []) this.place(to);
  }

  addressOf(data: ProgramData): number {
    const address = this.#addresses.get(data);
    if (address === undefined) throw new Error('Data have no place.');
    return address;
  }

  bytes(): Buffer {
    const all = Buffer.alloc(this.#end - this.#start);
    for (const [data, address] of this.#addresses) {
      const at = address - this.#start;
      data.bytes.copy(all, at);
      for (const pointer of data.pointers ?? []) {
        all.writeBigUInt64LE(BigInt(this.addressOf(pointer.to)), at + pointer.at);
      }
    }
    return all;
  }
}

function align(address: number, to: number): number {
  return Math.ceil(address / to) * to;
}

/** One segment, readable and executable: headers, data, code. And a stack that is not executable. */
function withHeaders(architecture: Architecture, data: Buffer, code: Buffer): Buffer {
  const size = headersBytes + data.length + code.length;
  const headers = Buffer.alloc(headersBytes);
  headers.write('\x7fELF\x02\x01\x01', 'latin1');
  headers.writeUInt16LE(2, 16);
  headers.writeUInt16LE(architecture === 'x64' ? 62 : 183, 18);
  headers.writeUInt32LE(1, 20);
  headers.writeBigUInt64LE(BigInt(firstDataAddress + data.length), 24);
  headers.writeBigUInt64LE(64n, 32);
  for (const [at, value] of [
    [52, 64],
    [54, 56],
    [56, 2],
  ] as const) {
    headers.writeUInt16LE(value, at);
  }
  const [load, stack, readExecute, readWrite] = [1, 0x6474e551, 5, 6];
  headers.writeUInt32LE(load, 64);
  headers.writeUInt32LE(readExecute, 68);
  headers.writeBigUInt64LE(BigInt(base), 80);
  headers.writeBigUInt64LE(BigInt(base), 88);
  headers.writeBigUInt64LE(BigInt(size), 96);
  headers.writeBigUInt64LE(BigInt(size), 104);
  headers.writeBigUInt64LE(0x10000n, 112);
  headers.writeUInt32LE(stack, 120);
  headers.writeUInt32LE(readWrite, 124);
  return Buffer.concat([headers, data, code]);
}

interface Machine {
  call(number: bigint, args: readonly bigint[]): Buffer;
  /** Jumps over so many bytes unless the call's outcome was another. */
  skipIf(outcome: 'success' | 'failure', bytes: number): Buffer;
  readonly keepErrno: Buffer;
  exitWithErrno(exit: bigint): Buffer;
}

const x64: Machine = {
  call: (number, args) => {
    // rdi, rsi, rdx, r10, r8, r9
    const registers = ['48bf', '48be', '48ba', '49ba', '49b8', '49b9'];
    const loads = args.map((value, index) => Buffer.concat([hex(registers[index]), word64(value)]));
    return Buffer.concat([...loads, hex('48b8'), word64(number), hex('0f05')]);
  },
  // test rax, rax; jns or js
  skipIf: (outcome, bytes) =>
    Buffer.from([0x48, 0x85, 0xc0, outcome === 'success' ? 0x79 : 0x78, bytes]),
  // mov ebx, eax; neg ebx
  keepErrno: hex('89c3f7db'),
  // mov edi, ebx; mov rax, exit; syscall
  exitWithErrno: (exit) => Buffer.concat([hex('89df48b8'), word64(exit), hex('0f05')]),
};

const arm64: Machine = {
  call: (number, args) =>
    Buffer.concat([
      ...args.map((value, register) => move(register, value)),
      move(8, number),
      word32(0xd4000001),
    ]),
  // tbz or tbnz x0, #63: four bytes an instruction, counted from the jump itself
  skipIf: (outcome, bytes) =>
    word32((outcome === 'success' ? 0xb6f80000 : 0xb7f80000) | ((bytes / 4 + 1) << 5)),
  // neg x19, x0
  keepErrno: word32(0xcb0003f3),
  // mov x0, x19; mov x8, exit; svc
  exitWithErrno: (exit) => Buffer.concat([word32(0xaa1303e0), move(8, exit), word32(0xd4000001)]),
};

const machines: Record<Architecture, Machine> = { x64, arm64 };

/** movz, then movk, for each 16 bits. */
function move(register: number, value: bigint): Buffer {
  return Buffer.concat(
    [0, 1, 2, 3].map((part) => {
      const bits = Number((value >> BigInt(part * 16)) & 0xffffn);
      return word32((part === 0 ? 0xd2800000 : 0xf2800000) | (part << 21) | (bits << 5) | register);
    }),
  );
}

function word32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function word64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function hex(digits = ''): Buffer {
  return Buffer.from(digits, 'hex');
}
