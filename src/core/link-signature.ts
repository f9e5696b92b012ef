import { createHmac } from 'node:crypto';
import { isSameSecret } from './is-same-secret.ts';

// Links that work without a credential: what they name and until when is signed under a key that is made of the
// installation's for one purpose, so that a link of one purpose is none of another. Nothing is stored. Not protected:
// who has a link may pass it on until it expires.

/** What a link carries of it. */
export interface LinkProof {
  /** Unix seconds. */
  readonly expires: number;
  readonly signature: string;
}

export interface SignedLink {
  /** What it is for: a link of one purpose is refused by another. */
  readonly purpose: string;
  /** What it names; no part has a line break. */
  readonly names: readonly string[];
  /** Unix seconds; null: never. It is either for all links of a purpose. */
  readonly expires: number | null;
}

/** `key`: the one that signs cursors, which is the same over restarts and processes. */
export function signLink(key: Buffer, { purpose, names, expires }: SignedLink): string {
  const own = createHmac('sha256', key).update(purpose).digest();
  return createHmac('sha256', own)
    .update([...names, ...(expires === null ? [] : [String(expires)])].join('\n'))
    .digest('base64url');
}

/** A new link, good for so long. */
export function proveLink(
  key: Buffer,
  of: Omit<SignedLink, 'expires'> & { readonly lifetimeS: number; readonly nowMs: number },
): LinkProof {
  const expires = Math.floor(of.nowMs / 1_000) + of.lifetimeS;
  return { expires, signature: signLink(key, { ...of, expires }) };
}

/** Whether it was signed here and is still good. */
export function isLinkGood(
  key: Buffer,
  link: SignedLink & LinkProof & { readonly nowMs: number },
): boolean {
  return isSameSecret(link.signature, signLink(key, link)) && link.expires * 1_000 >= link.nowMs;
}
