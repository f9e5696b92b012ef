import { Resolver } from 'node:dns/promises';

// Loaded into a real server before its own program: names are asked of the server in TEST_DNS_SERVER, as if the
// machine were set up so.

const server = process.env.TEST_DNS_SERVER;
const { resolve4 } = Resolver.prototype;
if (server !== undefined) {
  // The first question of a lookup; a resolver keeps its servers for the others.
  Resolver.prototype.resolve4 = function (this: Resolver, ...asked: Parameters<typeof resolve4>) {
    this.setServers([server]);
    return resolve4.apply(this, asked);
  } as typeof resolve4;
}
