import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringifyJson } from '../core/raw-json.ts';
import { dialectOf } from './dialect-of.ts';
import { type LoadGate, Overloaded } from './load-gate.ts';

// Most of what is refused under load is refused here, before anything is made of the request: what a refusal costs
// is taken from those that are served. What is not so plain goes the whole way and may be refused there (mount.ts):
// a browser's request, whose answer is to say more, and one whose body is not small.

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);
const written = ['/v1/', '/public-api/', '/hooks/'];
const smallBodyBytes = 16_384;

const overloaded = new Overloaded();

/** As the rest of the API answers; the test compares them. */
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'retry-after': String(overloaded.retryAfterS),
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
} as const;

/** Answers a plain write that the gate refuses. False: it goes on. */
export function refuseEarly(
  load: LoadGate,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): boolean {
  if (!isPlainWrite(incoming) || !load.refuses({ isWrite: true })) return false;
  const requestId = randomUUID();
  const body = stringifyJson(
    dialectOf(incoming.url ?? '/').errorBody(overloaded, {
      requestId,
      elapsedMs: 0,
      unknownFields: [],
    }),
  );
  outgoing.writeHead(503, {
    ...headers,
    'x-request-id': requestId,
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
  return true;
}

function isPlainWrite({ method = 'GET', url = '/', headers }: IncomingMessage): boolean {
  if (reads.has(method) || !written.some((prefix) => url.startsWith(prefix))) return false;
  if (headers.origin !== undefined || headers['transfer-encoding'] !== undefined) return false;
  return Number(headers['content-length'] ?? 0) <= smallBodyBytes;
}
