import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createApi } from './app.ts';
import type { ApiDeps } from './deps.ts';
import { refuseEarly } from './early-refusal.ts';

export interface ServedApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

const timeouts = {
  /** Between a connection and the last of a request's headers. */
  headersMs: 20_000,
  /** For a whole request, its body included. */
  requestMs: 60_000,
  /** Between requests of one connection; above what proxies in front usually keep. */
  keepAliveMs: 75_000,
  idleCheckMs: 50,
  /** For what is under way when the server closes. */
  drainMs: 10_000,
} as const;

/** Connections not yet accepted; the kernel takes at most net.core.somaxconn. Beyond it callers wait for seconds. */
const backlog = 4_096;

/**
 * Serves the API. Rejects when the port is taken. Disposing stops accepting, ends the streams (their
 * readers resume by `Last-Event-ID`), lets requests under way finish within 10 s, and cuts the rest.
 */
export async function serveApi(options: {
  readonly deps: ApiDeps;
  readonly host: string;
  readonly port: number;
}): Promise<ServedApi> {
  const closing = new AbortController();
  const api = createApi({ ...options.deps, closing: closing.signal });
  const handle = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const { load } = options.deps;
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
    },
    (incoming, outgoing) => {
      if (load === undefined || !refuseEarly(load, incoming, outgoing)) {
        void handle(incoming, outgoing);
      }
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.host, backlog }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      closing.abort(new Error('The server is closing'));
      // A connection that is kept alive turns idle only when its last answer is out.
      const idle = setInterval(() => server.closeIdleConnections(), timeouts.idleCheckMs);
      const cut = setTimeout(() => server.closeAllConnections(), timeouts.drainMs);
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}
