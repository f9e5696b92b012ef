/** The first place from `from` on where a character begins: bytes 10xxxxxx continue one. */
export function startOfCharacter(bytes: Uint8Array, from: number): number {
  let at = Math.min(from, bytes.length);
  while (at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at++;
  return at;
}
