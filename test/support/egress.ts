import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isPublicAddress } from '../../src/sandbox/egress/address.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import { type Egress, openEgress } from '../../src/sandbox/egress/proxy.ts';
import { makeCertificate } from './certificate.ts';

export interface TestServices extends AsyncDisposable {
  readonly egress: Egress;
  /** Ports of the two services. */
  readonly http: number;
  readonly https: number;
  /** Requests that arrived: `GET http /path`. */
  readonly arrived: readonly string[];
  /** Headers of the last request. */
  lastHeaders(): Readonly<Record<string, unknown>>;
}

/** Names that lead to the services, one of them not in the certificate, and one that leads to a private address. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  'api.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
  'uncertified.test': ['127.0.0.1'],
  'evil.test': ['10.0.0.1'],
};

/** HTTP and HTTPS services on loopback, and an egress proxy that takes 127.0.0.1 for a public address. */
export async function startServices(): Promise<TestServices> {
  const certificate = makeCertificate(['api.test', 'other.test']);
  const arrived: string[] = [];
  let headers = {};
  const answer =
    (scheme: string): RequestListener =>
    (request, response) => {
      const url = request.url ?? '';
      arrived.push(`${request.method} ${scheme} ${url}`);
      headers = request.headers;
      const to = /^\/redirect\?to=(.+)$/.exec(url)?.[1];
      if (to !== undefined) {
        response.writeHead(302, { Location: decodeURIComponent(to) }).end();
      } else if (url === '/hang') {
        response.writeHead(200).write('first');
      } else if (url.startsWith('/large')) {
        const [, bytes = '1000000'] = /bytes=([0-9]+)/.exec(url) ?? [];
        response.end(Buffer.alloc(Number(bytes), 'x'));
      } else {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          response.setHeader('Content-Type', 'application/json');
          const body = Buffer.concat(chunks).toString();
          response.end(JSON.stringify({ scheme, host: request.headers.host, url, body }));
        });
      }
    };
  const http = createServer(answer('http'));
  const https = createTlsServer(certificate, answer('https'));
  const ports: number[] = [];
  for (const server of [http, https]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  const guard = createGuard({
    resolve: async (name) => addresses[name] ?? [],
    isAllowedAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
  });
  const egress = await openEgress({
    guard,
    authorities: { all: [certificate.cert], hasOwn: true },
  });
  return {
    egress,
    http: ports[0] ?? 0,
    https: ports[1] ?? 0,
    arrived,
    lastHeaders: () => headers,
    [Symbol.asyncDispose]: async () => {
      await egress[Symbol.asyncDispose]();
      for (const server of [http, https]) {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }
    },
  };
}
