/** Of no text. */
export const noTextHash = 0x811c9dc5;

/** The hash (FNV-1a, 32 bits, over UTF-16) of a text whose beginning has the given one: piece by piece or whole, it is the same. */
export function hashText(text: string, before: number = noTextHash): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash;
}
