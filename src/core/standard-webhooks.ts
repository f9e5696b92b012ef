import { createHmac, randomBytes } from 'node:crypto';

// The Standard Webhooks scheme (https://www.standardwebhooks.com): HMAC-SHA256, in base64, over id, time and
// body with full stops in between. The same for what comes in and what goes out. By hand, since the scheme's
// library takes nothing but JSON, reads its own clock and knows one secret; tests hold this to it.

export const standardHeaders = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

const prefix = 'whsec_';

/** A new secret of 32 random bytes: `whsec_…`. */
export function newStandardSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/** The key in a secret, `whsec_` in front or not; null when it is no base64 of 16 to 64 bytes. */
export function standardKey(secret: string): Buffer | null {
  const encoded = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 16 && key.length <= 64 ? key : null;
}

/** The signature's bytes. `timestamp` is Unix seconds, as the header says it. */
export function standardSignature(
  key: Buffer,
  signed: { readonly id: string; readonly timestamp: string; readonly body: string | Uint8Array },
): Buffer {
  return createHmac('sha256', key)
    .update(`${signed.id}.${signed.timestamp}.`)
    .update(signed.body)
    .digest();
}

/** The headers of a signed request, one signature a key. `nowMs`: of the attempt, since old ones are refused. */
export function standardRequestHeaders(
  keys: readonly Buffer[],
  sent: { readonly id: string; readonly body: string; readonly nowMs: number },
): Record<string, string> {
  const { id, body } = sent;
  const timestamp = String(Math.floor(sent.nowMs / 1_000));
  const signatures = keys.map(
    (key) => `v1,${standardSignature(key, { id, timestamp, body }).toString('base64')}`,
  );
  return {
    'content-type': 'application/json',
    [standardHeaders.id]: id,
    [standardHeaders.timestamp]: timestamp,
    [standardHeaders.signature]: signatures.join(' '),
  };
}
