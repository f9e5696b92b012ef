// `fetch` by way of the egress proxy, for Deno: it does not let a program use a proxy for a host that the
// program may not reach itself. So the proxy is the only server that is ever asked, the target stands in a
// header, and the proxy speaks TLS with it. Redirects are followed here, each hop asked of the proxy.
//
// It only saves clients from knowing about that header: the tool's code could write it itself. What may pass
// is decided by the proxy, which knows the call by its credential.

const { fetch: fetchDirectly, Request, Headers, URL } = globalThis;
const maxHops = 20;

/** A `fetch` for one call. */
export function createFetch({ port, credential }) {
  const relay = `http://127.0.0.1:${port}/`;
  const authorization = `Basic ${btoa(`call:${credential}`)}`;

  const send = async ({ url, method, headers, body, signal }) => {
    const sent = new Headers(headers);
    sent.set('signalbox-url', url.href.replace(/#.*$/s, ''));
    sent.set('proxy-authorization', authorization);
    const response = await fetchDirectly(relay, {
      method,
      headers: sent,
      body,
      signal,
      redirect: 'manual',
    });
    if (!response.headers.has('proxy-status')) return response;
    throw new TypeError(`fetch failed: ${(await response.text()).trim()}`);
  };

  return async function fetch(input, init) {
    const request = new Request(input, init);
    let url = new URL(request.url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return await fetchDirectly(request);
    let { method } = request;
    let body = request.body === null ? null : await request.arrayBuffer();
    const headers = new Headers(request.headers);
    for (let hops = 0; ; hops += 1) {
      const response = await send({ url, method, headers, body, signal: request.signal });
      const location = response.headers.get('location');
      const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
      if (!isRedirect || request.redirect === 'manual') return answer(response, url, hops > 0);
      await response.body?.cancel();
      if (request.redirect === 'error') throw new TypeError('fetch failed: the host redirects');
      if (hops >= maxHops) throw new TypeError('fetch failed: too many redirects');
      const next = new URL(location, url);
      const becomesGet =
        (response.status === 303 && method !== 'HEAD') ||
        (response.status < 303 && method === 'POST');
      if (becomesGet) {
        method = 'GET';
        body = null;
        for (const name of [
          'content-type',
          'content-length',
          'content-encoding',
          'content-language',
        ]) {
          headers.delete(name);
        }
      }
      if (next.origin !== url.origin)
        for (const name of ['authorization', 'cookie']) headers.delete(name);
      url = next;
    }
  };
}

function answer(response, url, redirected) {
  Object.defineProperties(response, {
    url: { value: url.href, configurable: true },
    redirected: { value: redirected, configurable: true },
  });
  return response;
}
