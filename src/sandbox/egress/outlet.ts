import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as connectTls } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { CallConnection } from '../../core/sandbox.ts';
import type { HostPolicy } from './allowed-hosts.ts';
import { Grant } from './grants.ts';
import { EgressFailed, EgressRefused, type Guard } from './guard.ts';

// Requests, in the form of `fetch`, for what the server asks for on a user's behalf: every connection is made by the guard, to a host
// that the policy opens, and is on record. Each request has a connection of its own. Redirects are answers
// here: who follows one makes a new request of it, which is judged like the first.
//
// Not protected: what the policy allows. Size and time of an answer are the caller's to bound (`readUpTo`, signals).

export class Outlet implements Disposable {
  readonly #guard: Guard;
  readonly #authorities: readonly string[];
  readonly #grant: Grant;
  #onAnswered: (() => void) | null = null;

  constructor(given: {
    readonly guard: Guard;
    readonly authorities: readonly string[];
    readonly policy: HostPolicy;
    readonly onEnd: () => void;
  }) {
    this.#guard = given.guard;
    this.#authorities = given.authorities;
    this.#grant = new Grant(given.policy, given.onEnd);
  }

  /** All that was asked for so far, in order. */
  connections(): readonly CallConnection[] {
    return this.#grant.connections();
  }

  /** Throws `EgressRefused`, `EgressFailed`, or the signal's reason. A 3xx is an answer like any other. */
  readonly send = async (
    given: string | URL | Request,
    init: RequestInit = {},
  ): Promise<Response> => {
    if (given instanceof Request) throw new TypeError('An outlet takes a URL and its init.');
    const url = readUrl(given);
    const { signal } = init;
    signal?.throwIfAborted();
    const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
    const passage = await this.#grant.open(this.#guard, {
      host: url.hostname,
      port,
      ...(signal ? { signal } : {}),
    });
    try {
      const plain = passage.upstream.socket;
      const socket = url.protocol === 'http:' ? plain : this.#secure(plain, url.hostname);
      const answer = await exchange(socket, url, init);
      answer.once('close', () => {
        passage.close();
        this.#onAnswered?.();
      });
      return responseOf(answer, url);
    } catch (error) {
      passage.close();
      signal?.throwIfAborted();
      if (error instanceof EgressRefused || error instanceof EgressFailed) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new EgressFailed(`The exchange with ${url.hostname} failed: ${reason}`, {
        cause: error,
      });
    }
  };

  /** The same, once: the outlet ends with the answer's body. */
  async sendLast(given: string | URL, init?: RequestInit): Promise<Response> {
    this.#onAnswered = () => this[Symbol.dispose]();
    try {
      return await this.send(given, init);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#grant[Symbol.dispose]();
  }

  #secure(socket: Duplex, hostname: string): Duplex {
    const host = hostname.replace(/^\[|\]$/g, '');
    return connectTls({
      socket,
      // A certificate of an address is checked by it; it cannot be asked for by name.
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ca: [...this.#authorities],
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true,
    });
  }
}

/** The body's first bytes, and whether there were more, which are not waited for. */
export async function readUpTo(
  response: Response,
  maxBytes: number,
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks);
  return { bytes: bytes.subarray(0, maxBytes), isCut: size > maxBytes };
}

function readUrl(given: string | URL): URL {
  const url = URL.parse(String(given));
  if (url === null) throw new EgressRefused('The URL is not absolute.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EgressRefused(`The scheme "${url.protocol.slice(0, -1)}" is not allowed.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new EgressRefused('The URL has credentials before the host: send them in a header.');
  }
  return url;
}

/** Sends the request over the socket, and gives the head of its answer. */
async function exchange(socket: Duplex, url: URL, init: RequestInit): Promise<IncomingMessage> {
  const headers = new Headers(init.headers);
  const body = bodyOf(init.body, headers);
  headers.set('host', url.host);
  headers.set('connection', 'close');
  if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'identity');
  if (body !== null) headers.set('content-length', String(body.byteLength));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const onAbort = () => socket.destroy();
  init.signal?.addEventListener('abort', onAbort, { once: true });
  socket.once('close', () => init.signal?.removeEventListener('abort', onAbort));
  // Before the request listens: a handshake that fails is the exchange's failure.
  socket.once('error', reject);
  const request = httpRequest({
    method: init.method ?? 'GET',
    path: `${url.pathname}${url.search}`,
    headers: Object.fromEntries(headers),
    setHost: false,
    createConnection: () => socket as ReturnType<NonNullable<RequestOptions['createConnection']>>,
  } as RequestOptions);
  request.once('error', reject);
  request.once('response', resolve);
  request.once('upgrade', (_, upgraded) => {
    upgraded.destroy();
    reject(new Error('it asked for another protocol'));
  });
  request.end(body ?? undefined);
  const answer = await promise;
  // Told of by the body's own end.
  request.on('error', () => {});
  socket.on('error', () => {});
  return answer;
}

function bodyOf(body: RequestInit['body'], headers: Headers): Buffer | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof URLSearchParams) {
    const form = 'application/x-www-form-urlencoded;charset=UTF-8';
    if (!headers.has('content-type')) headers.set('content-type', form);
    return Buffer.from(body.toString());
  }
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new TypeError('An outlet sends text, forms and bytes.');
}

function responseOf(answer: IncomingMessage, url: URL): Response {
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    headers.append(answer.rawHeaders[at] ?? '', answer.rawHeaders[at + 1] ?? '');
  }
  const hasBody = ![204, 205, 304].includes(status);
  if (!hasBody) answer.resume();
  const body = hasBody ? Readable.toWeb(decoded(answer, headers)) : null;
  const response = new Response(body as ReadableStream<Uint8Array> | null, {
    status,
    statusText: (answer.statusMessage ?? '').replace(/[^\x20-\x7e]/g, '?'),
    headers,
  });
  Object.defineProperty(response, 'url', { value: url.href });
  return response;
}

/** Some servers compress what nobody asked them to. */
function decoded(answer: IncomingMessage, headers: Headers): Readable {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '') return answer;
  const decoder =
    coding === 'gzip' || coding === 'x-gzip'
      ? createGunzip()
      : coding === 'br'
        ? createBrotliDecompress()
        : coding === 'deflate'
          ? createInflate()
          : null;
  if (decoder === null) return answer;
  headers.delete('content-encoding');
  headers.delete('content-length');
  // A body that breaks off is told of by its reader.
  pipeline(answer, decoder).catch(() => {});
  return decoder;
}
