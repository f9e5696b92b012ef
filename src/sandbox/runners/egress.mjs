// Leads Node's clients to the egress proxy: `fetch`, `http` and `https` are told of a proxy on a port of the
// jail's own loopback, from where connections are carried to the proxy's unix socket.
//
// It only saves clients from knowing about unix sockets: the tool's code could talk to that socket itself.
// What may pass is decided by the proxy, which knows the call by its credential.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function openNetwork({
  credential,
  socketPath,
  certificatesPath,
  hasOwnCertificates,
}) {
  // Not loaded for calls without a network.
  const net = require('node:net');
  const http = require('node:http');
  const port = await forwardTo(net, socketPath);
  const proxy = `http://call:${credential}@127.0.0.1:${port}`;
  http.setGlobalProxyFromEnv({ http_proxy: proxy, https_proxy: proxy });
  if (hasOwnCertificates) {
    const found = readFileSync(certificatesPath, 'utf8').match(
      /-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g,
    );
    require('node:tls').setDefaultCACertificates(found ?? []);
  }
}

/** Listens on a free port of 127.0.0.1, which keeps no process alive; gives the port. */
function forwardTo(net, path) {
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ path, allowHalfOpen: true });
    for (const [end, other] of [
      [near, far],
      [far, near],
    ]) {
      end.unref();
      end.pipe(other);
      end.on('error', () => other.destroy());
      end.on('close', () => other.destroy());
    }
  });
  server.unref();
  const { promise, resolve, reject } = Promise.withResolvers();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  // Otherwise nothing would keep the process alive until the port is known.
  server.ref();
  return promise.finally(() => server.unref());
}
