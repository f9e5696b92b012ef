import { inflateRawSync } from 'node:zlib';
import { Unreadable } from './unreadable.ts';

/** Of everything inside, unpacked. */
const maxUnpackedBytes = 64 * 1_024 * 1_024;
const maxEntries = 5_000;

/**
 * Refuses an archive that unpacks to more than can be read. Every entry is unpacked here, bounded, since what
 * an archive says of its sizes need not be true. Throws `Unreadable`.
 */
export function checkZip(bytes: Buffer): void {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > bytes.length) throw broken();
  const entries = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (entries > maxEntries) throw tooLarge();
  let unpacked = 0;
  for (let n = 0; n < entries; n++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw broken();
    const method = bytes.readUInt16LE(at + 10);
    const packedSize = bytes.readUInt32LE(at + 20);
    const local = bytes.readUInt32LE(at + 42);
    if (local + 30 > bytes.length) throw broken();
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(data, data + packedSize);
    unpacked += sizeOf(packed, method, maxUnpackedBytes - unpacked);
    if (unpacked > maxUnpackedBytes) throw tooLarge();
    at +=
      46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function sizeOf(packed: Buffer, method: number, maxBytes: number): number {
  if (method === 0) return packed.length;
  if (method !== 8) throw broken();
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, maxBytes) }).length;
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw broken();
  }
}

function tooLarge(): Unreadable {
  const mebibytes = maxUnpackedBytes / 1_048_576;
  return new Unreadable(
    `The document unpacks to more than ${mebibytes} MiB or ${maxEntries} parts. Split it, or take its pictures out.`,
  );
}

function broken(): Unreadable {
  return new Unreadable('The document is damaged: it is no whole ZIP archive. Save it anew.');
}
