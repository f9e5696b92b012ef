import { Resolver } from 'node:dns/promises';

/** All addresses of a name, IPv4 first. Throws when no server answers; empty when there is none. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

const absent: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND']);

/**
 * Asks DNS servers (`address:port`; by default the system's). Not by `getaddrinfo`: that blocks a thread
 * of the few that files are read by, for as long as a stranger's name server likes, and adds the
 * machine's search domains. So names that only /etc/hosts knows are not found.
 */
export function createResolver(servers?: readonly string[]): Resolve {
  return async (name, signal) => {
    const resolver = new Resolver({ timeout: 3_000, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const found = answers.flatMap((answer) =>
        answer.status === 'fulfilled' ? answer.value : [],
      );
      const failure = answers.find(
        (answer) => answer.status === 'rejected' && !absent.has(codeOf(answer.reason)),
      );
      if (found.length === 0 && failure?.status === 'rejected') throw failure.reason;
      return found;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
