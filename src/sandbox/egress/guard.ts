import { connect as connectSocket, type Socket } from 'node:net';
import { isPublicAddress } from './address.ts';
import { defaultPorts, isLocalName } from './allowed-hosts.ts';
import { readHost } from './host.ts';
import { createResolver, type Resolve } from './resolver.ts';

// The one way out for what the server connects to on a user's behalf (a test holds every other module to
// it): a host is resolved once, every address of the answer is checked, and the connection goes to a
// checked address, never to the name again. So an answer that changes gains nothing.
//
// Redirects are not followed here: each is a request of its own, judged anew by whoever makes it.
// Not protected: what passes inside the connection, and public hosts that pass requests on (open proxies).

export interface Guard {
  /**
   * Connects by TCP. Throws `EgressRefused` when the host, port or an address is not allowed, `EgressFailed`
   * when nothing answers there, and the signal's reason.
   */
  connect(target: GuardTarget): Promise<GuardedConnection>;
}

export interface GuardTarget {
  /** In any spelling. */
  readonly host: string;
  readonly port: number;
  /** Ports that may be used at this host; by default 80 and 443. */
  readonly ports?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface GuardedConnection {
  readonly socket: Socket;
  /** The checked address at the other end. */
  readonly address: string;
}

export interface GuardOptions {
  readonly resolve?: Resolve;
  /** Default: the public internet. Given by tests, whose services are on loopback. */
  readonly isAllowedAddress?: (address: string) => boolean;
  /** What can be done about an address that is refused, to be read after a semicolon. */
  readonly hint?: string;
  readonly resolveTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

/** The policy forbids it; a repeat would end the same. `message` tells why. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
}

/** It is allowed, and did not work. */
export class EgressFailed extends Error {
  override readonly name = 'EgressFailed';
}

/** It broke off when something had been sent already: nobody knows what became of that. */
export class ExchangeFailed extends EgressFailed {}

/** How many of a name's addresses are tried. */
const maxAttempts = 4;
/** No answer of an honest name has more. */
const maxAddresses = 256;

export function createGuard(options: GuardOptions = {}): Guard {
  const { resolve = createResolver(), isAllowedAddress = isPublicAddress } = options;
  const { resolveTimeoutMs = 10_000, connectTimeoutMs = 10_000 } = options;
  const hint = options.hint === undefined ? '' : `; ${options.hint}`;

  const addressesOf = async (text: string, signal?: AbortSignal): Promise<readonly string[]> => {
    const host = readHost(text);
    if (host === null) throw new EgressRefused(`"${shown(text)}" is not a host.`);
    if (host.kind === 'address') return [host.address];
    if (isLocalName(host.name))
      throw new EgressRefused(`${host.name} is a name of this machine or its network.`);
    const found = await resolveName(host.name, signal);
    if (found.length === 0) throw new EgressFailed(`${host.name} has no address.`);
    if (found.length > maxAddresses)
      throw new EgressRefused(`${host.name} has too many addresses.`);
    return found;
  };

  const resolveName = async (name: string, signal?: AbortSignal): Promise<readonly string[]> => {
    try {
      return await resolve(name, anySignal(AbortSignal.timeout(resolveTimeoutMs), signal));
    } catch (cause) {
      signal?.throwIfAborted();
      throw new EgressFailed(`${name} could not be resolved.`, { cause });
    }
  };

  return {
    async connect({ host, port, ports = defaultPorts, signal }) {
      if (!ports.includes(port)) {
        throw new EgressRefused(`Port ${port} is not allowed at ${shown(host)}.`);
      }
      const addresses = await addressesOf(host, signal);
      // One bad address spoils the answer: an honest name has none.
      for (const address of addresses) {
        if (isAllowedAddress(address)) continue;
        throw new EgressRefused(
          `${shown(host)} leads to ${address}, which is not a public address${hint}.`,
        );
      }
      const failures: unknown[] = [];
      for (const address of addresses.slice(0, maxAttempts)) {
        const limit = anySignal(AbortSignal.timeout(connectTimeoutMs), signal);
        try {
          return { socket: await connectTo(address, port, limit), address };
        } catch (error) {
          signal?.throwIfAborted();
          failures.push(error);
        }
      }
      throw new EgressFailed(`${shown(host)} port ${port} could not be reached.`, {
        cause: failures[0],
      });
    },
  };
}

/** `address` is numeric, so nothing is resolved again. */
async function connectTo(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connectSocket({ host: address, port, autoSelectFamily: false, noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('connect', resolve).once('error', reject);
  try {
    await promise;
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.off('error', reject);
  }
}

function anySignal(own: AbortSignal, given?: AbortSignal): AbortSignal {
  return given === undefined ? own : AbortSignal.any([own, given]);
}

/** A stranger's text, as it may stand in a message. */
function shown(host: string): string {
  return host.replace(/[^\x21-\x7e]/g, '?').slice(0, 100);
}
