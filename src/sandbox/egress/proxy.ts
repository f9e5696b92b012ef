import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { makeTemporaryDirectory } from '../temporary-directory.ts';
import { allowPolicy, type HostPolicy } from './allowed-hosts.ts';
import { forward, readTarget, targetHeader } from './forward.ts';
import { Grant } from './grants.ts';
import { createGuard, EgressFailed, EgressRefused, type Guard } from './guard.ts';
import { readAuthority } from './host.ts';
import { Outlet } from './outlet.ts';

// The egress proxy: the only thing that a sandboxed call with a grant can reach. An ordinary HTTP proxy
// (CONNECT, and absolute URLs for plain HTTP) on a unix socket that is shown in the jail, and for backends
// that cannot be shown a file, on loopback. Every request carries the credential of its call's grant.
//
// Held: hosts and ports by the tool's own list; addresses by the guard; nothing after the call's end.
// Not protected:
// - What is inside TLS: a CONNECT is judged by the name it gives and the address that this leads to. A
//   host that serves many names (a content network) can be asked for another one inside.
// - Data that leaves to an allowed host, its DNS included: the names below `*.suffix` are the tool's choice.
// - On loopback, other programs of this machine may connect too; without a credential that is all they can.

export interface Egress extends AsyncDisposable {
  /** A unix socket, for the jail. */
  readonly socketPath: string;
  /** The authorities that servers' certificates are checked by: PEM, readable by all. */
  readonly certificatesPath: string;
  /** Some of them are the operator's own (NODE_EXTRA_CA_CERTS), which interpreters do not know. */
  readonly hasOwnCertificates: boolean;
  /** The port on 127.0.0.1, which is opened when it is first asked for. */
  listenOnLoopback(): Promise<number>;
  /** Lets one call reach the hosts. Throws `RangeError` on a host that may not be allowed. */
  grant(allow: readonly string[]): Grant;
  /** The same for a program that stays. */
  grantToStay(allow: readonly string[]): Grant;
  /** The way out for what the server itself asks for on a user's behalf: without the proxy, by the same guard. */
  outlet(policy: HostPolicy): Outlet;
}

export interface EgressOptions {
  readonly guard?: Guard;
  /** Judges the one host that a policy names as its own; default: like any other. */
  readonly ownHostGuard?: Guard;
  /** PEM; by default Node's, with those of NODE_EXTRA_CA_CERTS. */
  readonly authorities?: { readonly all: readonly string[]; readonly hasOwn: boolean };
}

/** Opens the proxy's socket and writes its certificates, in a directory that it removes when it closes. */
export async function openEgress(options: EgressOptions = {}): Promise<Egress> {
  const directory = await makeTemporaryDirectory('signalbox-egress-');
  const { all: authorities, hasOwn: hasOwnCertificates } = options.authorities ?? {
    all: getCACertificates('default'),
    hasOwn: getCACertificates('extra').length > 0,
  };
  const { guard = createGuard(), ownHostGuard = guard } = options;
  const proxy = new EgressProxy({ guard, ownHostGuard, authorities });
  const socketPath = join(directory, 'proxy.sock');
  const certificatesPath = join(directory, 'certificates.pem');
  await writeFile(certificatesPath, authorities.map((pem) => `${pem.trim()}\n`).join(''));
  // The directory is the server's alone; a call sees these two only where they are shown to it.
  await chmod(certificatesPath, 0o444);
  await proxy.listen({ path: socketPath });
  await chmod(socketPath, 0o666);
  return {
    socketPath,
    certificatesPath,
    hasOwnCertificates,
    listenOnLoopback: () => proxy.listenOnLoopback(),
    grant: (allow) => proxy.grant(allow, false),
    grantToStay: (allow) => proxy.grant(allow, true),
    outlet: (policy) => proxy.outlet(policy),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

class EgressProxy implements AsyncDisposable {
  readonly #guard: Guard;
  readonly #ownHostGuard: Guard;
  readonly #authorities: readonly string[];
  readonly #servers: Server[] = [];
  readonly #grants = new Map<string, Grant>();
  readonly #outlets = new Set<Outlet>();
  #loopback: Promise<number> | null = null;

  constructor(
    options: Required<Pick<EgressOptions, 'guard' | 'ownHostGuard'>> & {
      readonly authorities: readonly string[];
    },
  ) {
    this.#guard = options.guard;
    this.#ownHostGuard = options.ownHostGuard;
    this.#authorities = options.authorities;
  }

  grant(allow: readonly string[], stays: boolean): Grant {
    const policy = allowPolicy(allow);
    const end = ({ credential }: Grant) => this.#grants.delete(credential);
    const grant = new Grant(policy, end, stays);
    this.#grants.set(grant.credential, grant);
    return grant;
  }

  outlet(policy: HostPolicy): Outlet {
    const own = this.#ownHostGuard;
    const outlet = new Outlet({
      guard: {
        connect: (target) => (target.host === policy.ownHost ? own : this.#guard).connect(target),
      },
      authorities: this.#authorities,
      policy,
      onEnd: () => this.#outlets.delete(outlet),
    });
    this.#outlets.add(outlet);
    return outlet;
  }

  async listen(where: { path: string } | { host: string; port: number }): Promise<Server> {
    const server = createServer({ headersTimeout: 10_000, keepAliveTimeout: 5_000 });
    server.maxConnections = 2_048;
    server.on('request', (request, response) => void this.#forward(request, response));
    server.on('connect', (request, client, head) => void this.#tunnel(request, client, head));
    server.on('clientError', (_, client) => refuseTunnel(client, unreadable));
    this.#servers.push(server);
    server.listen(where);
    await once(server, 'listening');
    return server;
  }

  listenOnLoopback(): Promise<number> {
    this.#loopback ??= this.listen({ host: '127.0.0.1', port: 0 }).then(
      (server) => (server.address() as AddressInfo).port,
    );
    return this.#loopback;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const grant of this.#grants.values()) grant[Symbol.dispose]();
    for (const outlet of this.#outlets) outlet[Symbol.dispose]();
    for (const server of this.#servers) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  }

  async #tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on('error', () => client.destroy());
    const grant = this.#grantOf(request);
    if (grant === null) return refuseTunnel(client, unauthorised);
    grant.cutWithCall(client);
    try {
      const target = readAuthority(request.url ?? '');
      if (target === null) throw new EgressRefused('CONNECT needs host:port.');
      const passage = await grant.open(this.#guard, target);
      const { socket } = passage.upstream;
      if (client.destroyed) return passage.close();
      client.once('close', () => passage.close());
      socket.once('close', () => client.destroy());
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) socket.write(head);
      client.pipe(socket);
      socket.pipe(client);
    } catch (error) {
      refuseTunnel(client, answerTo(error));
    }
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    const grant = this.#grantOf(request);
    if (grant === null) return refuse(response, unauthorised);
    grant.cutWithCall(request.socket);
    try {
      await forward(
        { guard: this.#guard, grant, request, response, authorities: this.#authorities },
        targetOf(request),
      );
    } catch (error) {
      refuse(response, answerTo(error));
    }
  }

  #grantOf(request: IncomingMessage): Grant | null {
    const [, encoded = ''] =
      /^Basic ([A-Za-z0-9+/=]{1,200})$/i.exec(request.headers['proxy-authorization'] ?? '') ?? [];
    const [, credential = ''] =
      /^[^:]*:(.+)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    return this.#grants.get(credential) ?? null;
  }
}

/**
 * A client that cannot be told of a proxy (Deno refuses to, without the right to reach the target itself)
 * names its target in a header, and leaves TLS to us.
 */
function targetOf(request: IncomingMessage) {
  const named = request.headers[targetHeader];
  return typeof named === 'string'
    ? readTarget(named, ['http', 'https'])
    : readTarget(request.url ?? '', ['http']);
}

interface Refusal {
  readonly status: number;
  readonly message: string;
}

const unauthorised: Refusal = {
  status: 407,
  message: 'The credential is of no running call.',
};

const unreadable: Refusal = { status: 400, message: 'The request cannot be read.' };

function answerTo(error: unknown): Refusal {
  if (error instanceof EgressRefused) return { status: 403, message: error.message };
  if (error instanceof EgressFailed) return { status: 502, message: error.message };
  return { status: 500, message: 'The egress proxy failed.' };
}

// The reason stands in the status line too: clients show that of a refused CONNECT, and nothing else.

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, inStatusLine(message), {
    'Content-Type': 'text/plain',
    Connection: 'close',
    'Proxy-Status': 'signalbox; error=http_request_denied',
    ...(status === 407 ? { 'Proxy-Authenticate': 'Basic realm="signalbox"' } : {}),
  });
  response.end(`${message}\n`);
}

function refuseTunnel(client: Duplex, { status, message }: Refusal): void {
  if (!client.writable) return void client.destroy();
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="signalbox"\r\n' : '';
  client.end(
    `HTTP/1.1 ${status} ${inStatusLine(message)}\r\n${challenge}Content-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\nConnection: close\r\n\r\n${message}`,
  );
}

function inStatusLine(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, '?').slice(0, 300);
}
