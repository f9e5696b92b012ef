import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A text as it was sealed before there were envelopes. */
export function firstSealed(secretKey: string, text: string, place = ''): string {
  const key = new Uint8Array(hkdfSync('sha256', secretKey, '', 'signalbox secret box v1', 32));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  return `v1.${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')}`;
}
