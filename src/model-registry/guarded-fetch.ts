import { Unreachable } from '../models/failure.ts';
import type { Fetch } from '../models/watched-fetch.ts';
import type { HostPolicy } from '../sandbox/egress/allowed-hosts.ts';
import { EgressFailed, EgressRefused, type Guard } from '../sandbox/egress/guard.ts';
import { Outlet } from '../sandbox/egress/outlet.ts';

/**
 * The `fetch` of models that workspaces name: every connection is the guard's. Plain HTTP only where
 * `plainGuard` lets it, which knows no public address. Redirects are not followed.
 */
export function createModelFetch(given: {
  readonly guard: Guard;
  readonly plainGuard: Guard;
  /** PEM. */
  readonly authorities: readonly string[];
}): Fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const outlet = new Outlet({
      guard: url.protocol === 'http:' ? given.plainGuard : given.guard,
      authorities: given.authorities,
      policy: onlyPortOf(url),
      onEnd: () => {},
    });
    try {
      return await outlet.sendLast(url, init);
    } catch (error) {
      const isRefused = error instanceof EgressRefused;
      if (!isRefused && !(error instanceof EgressFailed)) throw error;
      throw new Unreachable(error.message, { cause: error, mayPass: !isRefused });
    }
  };
}

/** An outlet is made for one request to one host, which the guard judges. */
function onlyPortOf(url: URL): HostPolicy {
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return {
    takesAddresses: true,
    portsAt: () => [port],
    refusal: (name) => `${name} cannot be reached.`,
  };
}
