import type { Egress } from '../egress/proxy.ts';
import type { RootFile } from './libraries.ts';

/** Where a jail with a grant finds the proxy and what certificates are checked by. */
export const egressInJail = {
  socketPath: '/signalbox/egress.sock',
  certificatesPath: '/signalbox/certificates.pem',
} as const;

export function egressFiles(egress: Egress): readonly RootFile[] {
  return [
    { source: egress.socketPath, target: egressInJail.socketPath },
    { source: egress.certificatesPath, target: egressInJail.certificatesPath },
  ];
}
