import { createHmac } from 'node:crypto';
import { isSameSecret } from './is-same-secret.ts';

// Links that work without a credential: what they name and until when is signed under a key that is made of the
// installation's for one purpose, so that a link of one purpose is none of another. Nothing is stored. Not protected:
// who has a link may pass it on until it expires.

export interface SignedLink {
  /** What it is for: a link of one purpose is refused by another. */
  readonly purpose: string;
  /** What it names; no part has a line break. */
  readonly names: readonly string[];
  /** Unix seconds. */
  readonly expires: number;
}

/** `key`: the one that signs cursors, which is the same over restarts and processes. */
export function signLink(key: Buffer, { purpose, names, expires }: SignedLink): string {
  const own = createHmac('sha256', key).update(purpose).digest();
  return createHmac('sha256', own)
    .update([...names, String(expires)].join('\n'))
    .digest('base64url');
}

/** Whether it was signed here and is still good. */
export function isLinkGood(
  key: Buffer,
  link: SignedLink & { readonly signature: string; readonly nowMs: number },
): boolean {
  return isSameSecret(link.signature, signLink(key, link)) && link.expires * 1_000 >= link.nowMs;
}
