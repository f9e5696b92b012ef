import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time. Of their hashes, so that not even the length of the secret shows. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(sha256(given), sha256(secret));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
