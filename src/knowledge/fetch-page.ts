import type { HostPolicy } from '../sandbox/egress/allowed-hosts.ts';
import { type Outlet, readUpTo } from '../sandbox/egress/outlet.ts';
import type { SourceFile } from './reading/read-source.ts';
import { Unreadable } from './reading/unreadable.ts';

// A page of the web, through the egress guard: every redirect is a request of its own and judged like the first.

const timeoutMs = 20_000;
const maxBytes = 10_485_760;
const maxRedirects = 5;

/** What a page's address may be; the reason why it is none. */
export function whyNotPage(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not have credentials';
  return text.length > 2_000 ? 'must have at most 2000 characters' : null;
}

/** The page's own host and port, and nothing else. */
function policyOf(url: URL): HostPolicy {
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return {
    portsAt: (host) => (host === url.hostname ? [port] : []),
    refusal: (host) => `${host} is not the host of the page.`,
  };
}

/** Throws `Unreadable` when the page is not to be had; the signal's reason. */
export async function fetchPage(
  openOutlet: (policy: HostPolicy) => Outlet,
  given: { readonly url: string; readonly signal: AbortSignal; readonly userAgent: string },
): Promise<SourceFile> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([given.signal, timeout]);
  let url = new URL(given.url);
  try {
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      using outlet = openOutlet(policyOf(url));
      const headers = {
        accept: 'text/html, application/pdf, text/*;q=0.9, */*;q=0.5',
        'user-agent': given.userAgent,
      };
      const response = await outlet.send(url, { headers, signal });
      const to = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && to !== null) {
        await response.body?.cancel();
        const next = URL.parse(to, url);
        if (next === null || whyNotPage(next.href) !== null) {
          throw new Unreadable(`The page redirects to what is no page: ${to.slice(0, 200)}`);
        }
        url = next;
        continue;
      }
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Unreadable(`The page answered ${response.status}, not 200.`);
      }
      const { bytes, isCut } = await readUpTo(response, maxBytes);
      if (isCut) throw new Unreadable(`The page has more than ${maxBytes} bytes.`);
      const mediaType = response.headers.get('content-type') ?? 'text/html';
      return { bytes, name: null, mediaType };
    }
    throw new Unreadable(`The page redirects more than ${maxRedirects} times.`);
  } catch (error) {
    given.signal.throwIfAborted();
    if (error instanceof Unreadable) throw error;
    const reason = timeout.aborted
      ? `there was no whole answer within ${timeoutMs / 1_000} s`
      : error instanceof Error
        ? error.message
        : String(error);
    throw new Unreadable(`The page cannot be fetched: ${reason}`, { cause: error });
  }
}
