import { closeSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';

// What the dynamic loader would read from a 64-bit little-endian ELF file: enough to know which
// libraries a program needs, without running anything (`ldd` runs the program's own loader).

export interface ElfFile {
  /** `e_machine`: 62 is x86_64, 183 is aarch64. */
  readonly machine: number;
  /** The dynamic loader's path; null for a library. */
  readonly interpreter: string | null;
  readonly needed: readonly string[];
  /** Where its libraries are looked for first (DT_RPATH and DT_RUNPATH, `$ORIGIN` put in). */
  readonly searchPath: readonly string[];
}

const segment = { load: 1, dynamic: 2, interpreter: 3 } as const;
const tag = { end: 0, needed: 1, strings: 5, stringsSize: 10, rpath: 15, runpath: 29 } as const;

/** Null when the file is no ELF file of this kind. Throws when it cannot be read. */
export function readElf(path: string): ElfFile | null {
  const file = openSync(path, 'r');
  try {
    return parse(path, (position, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, position));
    });
  } finally {
    closeSync(file);
  }
}

function parse(path: string, read: (position: number, length: number) => Buffer): ElfFile | null {
  const header = read(0, 64);
  const is64BitLittleEndian = header.length === 64 && header.readUInt32BE(4) >>> 16 === 0x0201;
  if (!is64BitLittleEndian || header.toString('latin1', 0, 4) !== '\x7fELF') return null;
  const segmentCount = header.readUInt16LE(56);
  const table = read(Number(header.readBigUInt64LE(32)), segmentCount * 56);
  const segments = Array.from({ length: segmentCount }, (_, index) => {
    const at = index * 56;
    return {
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32)),
    };
  });
  const machine = header.readUInt16LE(18);
  const interpreterSegment = segments.find(({ type }) => type === segment.interpreter);
  const interpreter = interpreterSegment
    ? read(interpreterSegment.offset, interpreterSegment.size - 1).toString()
    : null;
  const dynamic = segments.find(({ type }) => type === segment.dynamic);
  if (dynamic === undefined) return { machine, interpreter, needed: [], searchPath: [] };

  const entries = dynamicEntries(read(dynamic.offset, dynamic.size));
  const stringsAddress = entries.find(([key]) => key === tag.strings)?.[1] ?? 0;
  const stringsSize = entries.find(([key]) => key === tag.stringsSize)?.[1] ?? 0;
  const home = segments.find(
    ({ type, address, size }) =>
      type === segment.load && address <= stringsAddress && stringsAddress < address + size,
  );
  const strings = home && read(stringsAddress - home.address + home.offset, stringsSize);
  const text = (start: number) => strings?.toString('utf8', start, strings.indexOf(0, start)) ?? '';
  const texts = (...keys: readonly number[]) =>
    entries.filter(([key]) => keys.includes(key)).map(([, value]) => text(value));
  return {
    machine,
    interpreter,
    needed: texts(tag.needed),
    searchPath: texts(tag.rpath, tag.runpath)
      .flatMap((list) => list.split(':'))
      .filter((directory) => directory !== '')
      .map((directory) => directory.replace(/\$\{?ORIGIN\}?/g, dirname(path))),
  };
}

function dynamicEntries(bytes: Buffer): (readonly [key: number, value: number])[] {
  const entries: (readonly [number, number])[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const key = Number(bytes.readBigInt64LE(at));
    if (key === tag.end) break;
    entries.push([key, Number(bytes.readBigUInt64LE(at + 8))]);
  }
  return entries;
}
