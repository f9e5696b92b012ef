import { detect } from 'chardet';
import { Unreadable } from './unreadable.ts';

/**
 * Text from bytes of whatever encoding: by its mark, by what the sender says, as UTF-8, then by the look of it.
 * Throws `Unreadable` for what is no text.
 */
export function decodeText(bytes: Uint8Array, named: string | null): string {
  const marked = byMark(bytes) ?? byZeros(bytes);
  if (marked !== null) return clean(decode(bytes, marked) ?? '');
  const utf8 = decodeStrictly(bytes);
  if (utf8 !== null) return clean(utf8);
  const said = named === null ? null : decode(bytes, named);
  if (said !== null && isMostlyText(said)) return clean(said);
  const looks = detect(bytes.subarray(0, 100_000));
  const guessed = looks === null ? null : decode(bytes, looks);
  const text = guessed ?? decode(bytes, 'windows-1252') ?? '';
  if (!isMostlyText(text)) {
    throw new Unreadable('The file is no text in any encoding known here. Save it as UTF-8.');
  }
  return clean(text);
}

/** Of text without a mark: in most scripts every second byte of UTF-16 is the same, often zero. */
function byZeros(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 4 && even === 0) return 'utf-16le';
  return even > head.length / 4 && odd === 0 ? 'utf-16be' : null;
}

function byMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

function decodeStrictly(bytes: Uint8Array): string | null {
  // Every second byte of text in UTF-16 is zero, which UTF-8 allows.
  const head = bytes.subarray(0, 4_096);
  const zeros = head.filter((byte) => byte === 0).length;
  if (zeros > head.length / 8) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding.toLowerCase()).decode(bytes);
  } catch {
    return null;
  }
}

function isMostlyText(text: string): boolean {
  const sample = text.slice(0, 100_000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells binary from text.
  const strange = sample.match(/[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/g)?.length ?? 0;
  return strange <= sample.length / 50;
}

function clean(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they say nothing to anybody.
      .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f\ufeff]/g, '')
  );
}
