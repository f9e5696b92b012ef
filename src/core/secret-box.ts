import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

// Secrets at rest: AES-256-GCM under a key derived from the installation's secret key.
// Sealed form: `v1.<base64url of nonce (12), ciphertext, tag (16)>`.
// A sealed text may be bound to its place (the AEAD's associated data): moved elsewhere, it does not open.
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

export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

const format = 'v1.';
const nonceBytes = 12;
const tagBytes = 16;

/** A box under the installation's secret key: any text of 16 characters and more, random ones expected. */
export function createSecretBox(secretKey: string): SecretBox {
  if (secretKey.length < 16) {
    throw new RangeError('The secret key is too short: at least 16 random characters are needed.');
  }
  const key = new Uint8Array(hkdfSync('sha256', secretKey, '', 'signalbox secret box v1', 32));
  return {
    seal(text, place = '') {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
      return format + Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url');
    },
    open(sealed, place = '') {
      if (!sealed.startsWith(format)) {
        throw new SecretBoxError('This secret was sealed in a format that is not known here.');
      }
      const bytes = Buffer.from(sealed.slice(format.length), 'base64url');
      if (bytes.length < nonceBytes + tagBytes)
        throw new SecretBoxError('The secret is cut short.');
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
        throw new SecretBoxError(
          'The secret cannot be opened: it was sealed under another secret key or for another place, or was changed.',
          { cause },
        );
      }
    },
  };
}
