import { isIP } from 'node:net';

/** A host of a request in its one canonical form: a lower-case name without a final dot, or a numeric address. */
export type Host =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'address'; readonly address: string };

const nameForm =
  /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * Reads a host as it stands in a URL or a CONNECT line, in any spelling that some resolver would take
 * (decimal, octal, hexadecimal, short and bracketed addresses, a final dot). Null when it is none.
 */
export function readHost(text: string): Host | null {
  // Nothing that could end the host, or be decoded to something else, gets to the parser of URLs.
  if (text.length > 255 || !/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(text)) return null;
  const url = URL.parse(`http://${text}/`);
  if (url === null) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return { kind: 'address', address: host };
  return host.length <= 253 && nameForm.test(host) ? { kind: 'name', name: host } : null;
}

/** `host:port` of a CONNECT line; null when it is not exactly that. */
export function readAuthority(
  text: string,
): { readonly host: string; readonly port: number } | null {
  const [, host, digits] = /^([^:@/?#\s]+|\[[^\]@/?#\s]+\]):([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || !(port >= 1 && port <= 65_535)) return null;
  return { host, port };
}
