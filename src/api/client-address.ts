import type { Context } from 'hono';

/**
 * Where a request came from; null when that is not known. `X-Forwarded-For` is believed as far back as
 * trusted proxies wrote it, and by default not at all: anybody can send the header.
 */
export function clientAddress(
  c: Context,
  isTrusted: (address: string) => boolean = () => false,
): string | null {
  let address = peerOf(c);
  const forwarded = c.req.header('x-forwarded-for')?.split(',') ?? [];
  while (address !== null && isTrusted(address)) {
    const before = forwarded.pop()?.trim();
    if (before === undefined || !/^[0-9a-fA-F.:]{2,45}$/.test(before)) break;
    address = before;
  }
  return address;
}

function peerOf(c: Context): string | null {
  const env = c.env as
    | { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } }
    | undefined;
  const address = env?.incoming?.socket?.remoteAddress ?? null;
  return address?.startsWith('::ffff:') === true ? address.slice(7) : address;
}
