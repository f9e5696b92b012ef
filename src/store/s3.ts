import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { type ObjectStore, ObjectStoreError, type S3Settings } from '../core/object-store.ts';

// Objects in an S3-compatible storage that the operator named, by paths (`endpoint/bucket/key`), which every server of
// this kind understands. Requests are signed over the hash of their body, so that plain HTTP to a storage in the
// operator's own network cannot change it unnoticed; it can be read there.

const tries = 3;
const timeoutMs = 30_000;

export function openS3(settings: S3Settings): ObjectStore {
  const { accessKeyId, secretAccessKey, region } = settings;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const ask = async (
    method: string,
    key: string,
    request: {
      readonly body?: Uint8Array;
      readonly headers?: Record<string, string>;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<Response> => {
    const path = `${settings.prefix}${key}`.split('/').map(encodeURIComponent).join('/');
    const { body, signal } = request;
    for (let attempt = 1; ; attempt++) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const answer = await client
        .fetch(`${settings.endpoint}/${settings.bucket}/${path}`, {
          method,
          headers: { 'x-amz-content-sha256': sha256(body), ...request.headers },
          ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          redirect: 'error',
        })
        .catch((cause: unknown) => {
          signal?.throwIfAborted();
          return new ObjectStoreError('The object storage cannot be reached.', { cause });
        });
      const isAway = answer instanceof Error || answer.status >= 500 || answer.status === 429;
      if (!isAway) return answer;
      if (attempt < tries) continue;
      throw answer instanceof Error ? answer : refusalOf(answer, await answer.text().catch(lost));
    }
  };
  return {
    async put(key, bytes, signal) {
      const answer = await ask('PUT', key, { body: bytes, signal });
      const text = await answer.text().catch(lost);
      if (!answer.ok) throw refusalOf(answer, text);
    },
    async get(key, { offset, length }) {
      if (length <= 0) return Buffer.alloc(0);
      const range = `bytes=${offset}-${offset + length - 1}`;
      const answer = await ask('GET', key, { headers: { range } });
      const bytes = Buffer.from(await answer.arrayBuffer().catch(lost));
      const isMissing = answer.status === 404 && bytes.includes('NoSuchKey');
      if (isMissing) return null;
      // Nothing is left after that place.
      if (answer.status === 416) return Buffer.alloc(0);
      if (!answer.ok) throw refusalOf(answer, bytes.toString());
      // A server may give the whole of it in place of a part.
      return answer.status === 206 ? bytes : bytes.subarray(offset, offset + length);
    },
    async remove(key) {
      const answer = await ask('DELETE', key);
      const text = await answer.text().catch(lost);
      if (!answer.ok && !text.includes('NoSuchKey')) throw refusalOf(answer, text);
    },
  };
}

function lost(cause: unknown): never {
  throw new ObjectStoreError('The answer of the object storage broke off.', { cause });
}

function sha256(body: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(body ?? '')
    .digest('hex');
}

/** With the code that S3 gives, such as `NoSuchBucket`. */
function refusalOf(answer: Response, text: string): ObjectStoreError {
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
  return new ObjectStoreError(
    `The object storage answered ${answer.status}${code === undefined ? '' : ` (${code})`}.`,
  );
}
