import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';

// What is in a workflow's history (ids and times) is sealed with AES-256-GCM under a key that Temporal does not
// have. Not sealed: workflow ids, task queues' names and search attributes, which Temporal itself reads.

const encoding = 'binary/signalbox-sealed';
const ivBytes = 12;
const tagBytes = 16;

/** Seals with the first of the keys (32 bytes), opens with any of them. */
export function sealingCodec(keys: readonly Uint8Array[]): PayloadCodec {
  const [first] = keys;
  if (first === undefined) throw new Error('A codec needs a key.');
  return {
    async encode(payloads) {
      return payloads.map((payload) => ({
        metadata: { encoding: Buffer.from(encoding) },
        data: seal(first, asJson(payload)),
      }));
    },
    async decode(payloads) {
      return payloads.map((payload) => {
        if (Buffer.from(payload.metadata?.encoding ?? []).toString() !== encoding) return payload;
        return fromJson(open(keys, payload));
      });
    },
  };
}

interface Written {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Bytes are in base64. */
function asJson({ metadata, data }: Payload): Buffer {
  const base64 = (bytes: Uint8Array | null | undefined) =>
    Buffer.from(bytes ?? []).toString('base64');
  const pairs = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]);
  const written: Written = { metadata: Object.fromEntries(pairs), data: base64(data) };
  return Buffer.from(JSON.stringify(written));
}

function fromJson(json: Buffer): Payload {
  const { metadata, data }: Written = JSON.parse(json.toString());
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
  const pairs = Object.entries(metadata).map(([name, value]) => [name, bytes(value)]);
  return { metadata: Object.fromEntries(pairs), data: bytes(data) };
}

function seal(key: Uint8Array, plain: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(keys: readonly Uint8Array[], { data }: Payload): Buffer {
  const sealed = Buffer.from(data ?? []);
  if (sealed.length < ivBytes + tagBytes) throw new Error('A sealed payload is cut off.');
  for (const key of keys) {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    try {
      return Buffer.concat([
        decipher.update(sealed.subarray(ivBytes, -tagBytes)),
        decipher.final(),
      ]);
    } catch {
      // Another key's.
    }
  }
  throw new Error('A payload in Temporal was sealed with a key that this server does not have.');
}
