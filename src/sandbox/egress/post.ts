import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls, getCACertificates } from 'node:tls';
import { EgressFailed, EgressRefused, ExchangeFailed, type Guard } from './guard.ts';
import { readHost } from './host.ts';

// One POST through the guard. Redirects are answers like any other: they are not followed.

export interface PostRequest {
  /** `http:` or `https:`, without credentials. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the whole exchange, up to the answer's headers. */
  readonly signal: AbortSignal;
  /** Whether a connection that was made to this address may carry plain HTTP. */
  readonly mayBePlain: (address: string) => boolean;
  /** Authorities of certificates, as PEM; by default Node's, with those of NODE_EXTRA_CA_CERTS. */
  readonly authorities?: readonly string[];
  /** Characters of the answer that are kept; default 1,024. */
  readonly maxText?: number;
}

export interface PostAnswer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** The beginning of the body. */
  readonly text: string;
}

/** Characters of an answer that are kept, and how long they are waited for. */
const usualText = 1_024;
const textTimeoutMs = 2_000;

/** Throws `EgressRefused`, `EgressFailed`, and the signal's reason. */
export async function guardedPost(guard: Guard, request: PostRequest): Promise<PostAnswer> {
  const { signal } = request;
  const url = new URL(request.url);
  const isPlain = url.protocol === 'http:';
  if (!isPlain && url.protocol !== 'https:') {
    throw new EgressRefused(`The scheme "${url.protocol}" is not allowed.`);
  }
  const host = url.hostname;
  const port = url.port === '' ? (isPlain ? 80 : 443) : Number(url.port);
  const { socket: plain, address } = await guard.connect({ host, port, ports: [port], signal });
  plain.on('error', () => {});
  let mayHaveArrived = false;
  try {
    if (isPlain && !request.mayBePlain(address)) {
      throw new EgressRefused('Plain HTTP is not allowed here: use https.');
    }
    const name = readHost(host);
    const socket = isPlain
      ? plain
      : connectTls({
          socket: plain,
          ...(name?.kind === 'name' ? { servername: name.name } : {}),
          host: name?.kind === 'name' ? name.name : host.replace(/^\[|\]$/g, ''),
          ca: [...(request.authorities ?? getCACertificates('default'))],
          ALPNProtocols: ['http/1.1'],
        });
    if (isPlain) mayHaveArrived = true;
    else {
      socket.once('secureConnect', () => {
        mayHaveArrived = true;
      });
    }
    const answer = await exchange({ ...request, url, socket });
    return {
      status: answer.statusCode ?? 0,
      header: (wanted) => firstOf(answer.headers[wanted]),
      text: await beginningOf(answer, request.maxText ?? usualText),
    };
  } catch (cause) {
    if (cause instanceof EgressRefused || cause instanceof EgressFailed) throw cause;
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const Failed = mayHaveArrived ? ExchangeFailed : EgressFailed;
    throw new Failed(`The exchange with ${host} failed: ${reason}`, { cause });
  } finally {
    plain.destroy();
  }
}

function exchange(given: {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly socket: Socket;
}): Promise<IncomingMessage> {
  const { url, headers, body, signal } = given;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = httpRequest({
    method: 'POST',
    host: url.hostname,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    },
    setHost: false,
    signal,
    maxHeaderSize: 32_768,
    createConnection: () => given.socket,
  });
  outgoing.once('response', resolve);
  outgoing.on('error', reject);
  // Otherwise Node would keep the connection as a tunnel that nobody reads.
  outgoing.once('upgrade', (_, upgraded) => {
    upgraded.destroy();
    reject(new EgressFailed(`${url.hostname} asked for another protocol.`));
  });
  outgoing.end(body);
  return promise;
}

/** What has come of the body when there is enough of it, it ends, breaks off or takes too long. */
async function beginningOf(answer: IncomingMessage, maxText: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, textTimeoutMs);
  answer.on('error', () => resolve());
  answer.on('close', () => resolve());
  answer.on('end', () => resolve());
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxText * 4) resolve();
  });
  await promise;
  clearTimeout(timer);
  answer.removeAllListeners('data').destroy();
  return Buffer.concat(chunks).toString('utf8').slice(0, maxText);
}

function firstOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
