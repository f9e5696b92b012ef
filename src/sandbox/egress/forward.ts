import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect as connectTls } from 'node:tls';
import type { Grant } from './grants.ts';
import { EgressFailed, EgressRefused, type Guard } from './guard.ts';

// Plain HTTP through the proxy: one request, sent on over a connection of its own. Redirects go back to
// the client, whose next request is judged like its first.

export interface ForwardTarget {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** As the Host header says it. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
}

/** Reads an absolute URL. Throws `EgressRefused` on anything else, and on credentials in it. */
export function readTarget(
  url: string,
  schemes: readonly ForwardTarget['scheme'][],
): ForwardTarget {
  const [, given = '', authority = '', rest = ''] =
    /^([A-Za-z]+):\/\/([^/?#\\\s]+)([/?][\x21-\x7e]*)?$/.exec(url) ?? [];
  const scheme = schemes.find((known) => known === given.toLowerCase());
  if (authority === '' || rest.includes('#')) throw new EgressRefused('The URL is not absolute.');
  if (scheme === undefined) throw new EgressRefused(`The scheme "${given}" is not allowed.`);
  if (authority.includes('@')) {
    throw new EgressRefused('The URL has credentials before the host: send them in a header.');
  }
  const [, host = '', digits] = /^([^:[\]]+|\[[^\]]+\])(?::([0-9]{1,5}))?$/.exec(authority) ?? [];
  const port = digits === undefined ? (scheme === 'http' ? 80 : 443) : Number(digits);
  if (host === '' || !(port >= 1 && port <= 65_535))
    throw new EgressRefused('The URL has no valid host.');
  return { scheme, host, port, authority, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Sends a request on and its answer back. Throws what `Grant.open` throws, before anything was answered. */
export async function forward(
  exchange: {
    readonly guard: Guard;
    readonly grant: Grant;
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    /** Authorities that a server's certificate may come from, as PEM. */
    readonly authorities: readonly string[];
  },
  target: ForwardTarget,
): Promise<void> {
  const { request, response, grant } = exchange;
  const passage = await grant.open(exchange.guard, target);
  const plain = passage.upstream.socket;
  const socket =
    target.scheme === 'http'
      ? plain
      : connectTls({
          socket: plain,
          servername: target.host,
          ca: [...exchange.authorities],
          ALPNProtocols: ['http/1.1'],
        });
  const upstream = httpRequest({
    method: request.method,
    path: target.path,
    headers: { ...endToEnd(request.headers), host: target.authority, connection: 'close' },
    setHost: false,
    createConnection: () => socket,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  upstream.once('error', (cause) => {
    if (response.headersSent) response.destroy();
    reject(
      new EgressFailed(`The exchange with ${target.host} failed: ${cause.message}`, { cause }),
    );
  });
  upstream.once('response', (answer) => {
    answer.once('error', () => response.destroy());
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
    answer.pipe(response);
  });
  // Otherwise Node would keep the connection as a tunnel that nobody reads.
  upstream.once('upgrade', (_, upgraded) => {
    upgraded.destroy();
    reject(new EgressFailed(`${target.host} asked for another protocol.`));
  });
  response.once('close', () => {
    passage.close();
    resolve();
  });
  request.pipe(upstream);
  try {
    await promise;
  } finally {
    passage.close();
  }
}

const ofOneHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  // Only the proxy's own refusals have it.
  'proxy-status',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Names the target in a request that is not in absolute form (see proxy.ts). */
export const targetHeader = 'signalbox-url';

/** Headers that are meant for the other end, and not for the next hop. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !ofOneHop.has(name) && !named.has(name) && name !== targetHeader,
    ),
  );
}
