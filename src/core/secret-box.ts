import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

// Secrets at rest, in envelopes. Every text is sealed by AES-256-GCM under a key of its own, which is kept beside
// it, wrapped (RFC 3394) by a key derived from the installation's secret key:
// `v2.<key id>.<base64url of wrapped key (40), nonce (12), ciphertext, tag (16)>`.
// A sealed text may be bound to its place (the AEAD's associated data): moved elsewhere, it does not open.
// A change of the installation's key wraps the texts' keys anew, and needs neither texts nor places. Equal sealed
// texts stay equal by it.
// `v1.<base64url of nonce, ciphertext, tag>`, of before, was sealed by the derived key itself: it still opens,
// and becomes v2 by a change of the key.
// Not protected: who has both the database and the key reads everything, and one without a place can be
// moved to another row.

export interface SecretBox {
  /** Sealed text, different at every call. `place`: says where it belongs, and must be given to open it. */
  seal(text: string, place?: string): string;
  /**
   * The text that was sealed. Throws `SecretBoxError` on another key or place, a changed text or an
   * unknown format.
   */
  open(sealed: string, place?: string): string;
}

/** A box that knows former keys, for changing to the current one. */
export interface KeyRing extends SecretBox {
  /** Of the current key, as it stands in what is sealed. */
  readonly keyId: string;
  /**
   * The same secret under the current key. `place` is only needed for `v1`. Throws `SecretBoxError` when no key
   * of the ring opens it.
   */
  reseal(sealed: string, place?: string): string;
}

export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const wrappedBytes = keyBytes + 8;
const wrapIv = Buffer.alloc(8, 0xa6);
const form = /^v2\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;

interface Key {
  readonly id: string;
  readonly wrapping: Buffer;
  /** What sealed `v1`. */
  readonly direct: Buffer;
}

/**
 * A box under the installation's secret key: any text of 16 characters and more, random ones expected.
 * `former` keys open what they sealed, and seal nothing any more.
 */
export function createSecretBox(secretKey: string, former: readonly string[] = []): KeyRing {
  const current = keyOf(secretKey);
  const keys = [current, ...former.map(keyOf)];
  const contentKey = (id: string, wrapped: Buffer): Buffer => {
    const key = keys.find((one) => one.id === id);
    if (key === undefined) {
      throw new SecretBoxError('The secret was sealed under a secret key that is not known here.');
    }
    return unwrap(key, wrapped);
  };
  return {
    keyId: current.id,
    seal: (text, place = '') => sealWith(current, text, place, randomBytes(keyBytes + nonceBytes)),
    open(sealed, place = '') {
      if (sealed.startsWith('v1.')) return openFirst(keys, sealed, place).text;
      const { id, bytes } = partsOf(sealed);
      return decrypt(
        contentKey(id, bytes.subarray(0, wrappedBytes)),
        bytes.subarray(wrappedBytes),
        place,
      );
    },
    reseal(sealed, place = '') {
      if (sealed.startsWith('v1.')) {
        const { text } = openFirst(keys, sealed, place);
        // Of the text alone, so that equal ones stay equal.
        const seed = createHmac('sha512', current.wrapping).update(sealed).digest();
        return sealWith(current, text, place, seed);
      }
      const { id, bytes } = partsOf(sealed);
      if (id === current.id) return sealed;
      const content = contentKey(id, bytes.subarray(0, wrappedBytes));
      return joined(current, content, bytes.subarray(wrappedBytes));
    },
  };
}

function keyOf(secretKey: string): Key {
  if (secretKey.length < 16) {
    throw new RangeError('The secret key is too short: at least 16 random characters are needed.');
  }
  const derived = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secretKey, '', `signalbox ${purpose}`, length));
  return {
    id: derived('secret key id v2', 4).toString('hex'),
    wrapping: derived('secret box v2', keyBytes),
    direct: derived('secret box v1', keyBytes),
  };
}

function partsOf(sealed: string): { readonly id: string; readonly bytes: Buffer } {
  const [, id, body] = form.exec(sealed) ?? [];
  if (id === undefined || body === undefined) {
    throw new SecretBoxError('This secret was sealed in a format that is not known here.');
  }
  const bytes = Buffer.from(body, 'base64url');
  if (bytes.length < wrappedBytes + nonceBytes + tagBytes) {
    throw new SecretBoxError('The secret is cut short.');
  }
  return { id, bytes };
}

/** `random`: of the content's key, then of its nonce; at least 44 bytes, used once. */
function sealWith(key: Key, text: string, place: string, random: Buffer): string {
  const content = random.subarray(0, keyBytes);
  const nonce = random.subarray(keyBytes, keyBytes + nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', content, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  return joined(key, content, Buffer.concat([sealed, cipher.getAuthTag()]));
}

function joined(key: Key, content: Buffer, sealed: Buffer): string {
  const cipher = createCipheriv('id-aes256-wrap', key.wrapping, wrapIv);
  const wrapped = Buffer.concat([cipher.update(content), cipher.final()]);
  return `v2.${key.id}.${Buffer.concat([wrapped, sealed]).toString('base64url')}`;
}

function unwrap(key: Key, wrapped: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('id-aes256-wrap', key.wrapping, wrapIv);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch (cause) {
    throw cannotOpen(cause);
  }
}

function openFirst(keys: readonly Key[], sealed: string, place: string): { readonly text: string } {
  const bytes = Buffer.from(sealed.slice('v1.'.length), 'base64url');
  if (bytes.length < nonceBytes + tagBytes) throw new SecretBoxError('The secret is cut short.');
  let last: unknown;
  for (const { direct } of keys) {
    try {
      return { text: decrypt(direct, bytes, place) };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function decrypt(key: Buffer, bytes: Buffer, place: string): string {
  const tagAt = bytes.length - tagBytes;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(tagAt));
    const text = decipher.update(bytes.subarray(nonceBytes, tagAt));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw cannotOpen(cause);
  }
}

function cannotOpen(cause: unknown): SecretBoxError {
  return new SecretBoxError(
    'The secret cannot be opened: it was sealed under another secret key or for another place, or was changed.',
    { cause },
  );
}
