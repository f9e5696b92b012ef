import { once } from 'node:events';
import {
  connect,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './certificate.ts';

// What stands before a Temporal server in the cloud: TLS on both sides, and an API key in every call.

export interface TemporalFront extends AsyncDisposable {
  readonly address: string;
  /** The names of the calls that were let through. */
  readonly calls: readonly string[];
}

export async function startTemporalFront(given: {
  /** Of the server behind it. */
  readonly address: string;
  /** For `localhost`. */
  readonly certificate: TestCertificate;
  /** In PEM; whose certificates callers must have. */
  readonly authority: string;
  readonly apiKey: string;
}): Promise<TemporalFront> {
  const { address, certificate, authority, apiKey } = given;
  const behind = connect(`http://${address}`);
  const calls: string[] = [];
  const server = createSecureServer({ ...certificate, ca: authority, requestCert: true });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    if (headers.authorization !== `Bearer ${apiKey}`) {
      const refusal = { 'grpc-status': '16', 'grpc-message': 'The API key is another.' };
      stream.respond({ 'content-type': 'application/grpc', ...refusal }, { endStream: true });
      return;
    }
    calls.push(headers[':path']?.split('/').at(-1) ?? '');
    passOn(stream, behind.request({ ...headers, ':authority': address, ':scheme': 'http' }));
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `localhost:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      behind.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function passOn(stream: ServerHttp2Stream, to: ReturnType<ReturnType<typeof connect>['request']>) {
  let trailers: IncomingHttpHeaders = {};
  stream.pipe(to);
  to.on('response', ({ ':status': _, ...headers }, flags) => {
    const isAll = (flags & 1) === 1;
    stream.respond(headers, isAll ? { endStream: true } : { waitForTrailers: true });
    if (!isAll) to.pipe(stream);
  });
  to.on('trailers', (given) => {
    trailers = given;
  });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  // Whoever goes takes the other along.
  stream.on('close', () => to.close());
  stream.on('error', () => to.close());
  to.on('error', () => stream.close());
}
