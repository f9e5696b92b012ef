import { isPublicAddress } from '../../src/sandbox/egress/address.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import { type Egress, openEgress } from '../../src/sandbox/egress/proxy.ts';

/** An egress that finds `mcp.test` and `auth.test` on loopback, `private.test` where nothing may go, and knows the certificate. */
export function openMcpEgress(certificate?: string): Promise<Egress> {
  const addresses: Readonly<Record<string, readonly string[]>> = {
    'mcp.test': ['127.0.0.1'],
    'auth.test': ['127.0.0.1'],
    'private.test': ['10.0.0.1'],
    'mixed.test': ['93.184.216.34', '169.254.169.254'],
  };
  const guard = createGuard({
    resolve: async (name) => addresses[name] ?? [],
    isAllowedAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
  });
  const all = certificate === undefined ? [] : [certificate];
  return openEgress({ guard, authorities: { all, hasOwn: true } });
}
