import { BlockList, isIPv4, isIPv6 } from 'node:net';

// Which addresses belong to the public internet. From IANA's special-purpose address registries
// (RFC 6890 and its updates), and the metadata services that clouds keep on public addresses.
//
// Not protected: a public address that leads back into the operator's own network (this server's own
// public address, a load balancer, a VPN that routes public ranges). Only a firewall knows those.

const refusedIpv4 = [
  ['0.0.0.0', 8], // this network; the address itself reaches the machine
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; Alibaba's metadata service
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's own services in every virtual machine
  ['169.254.0.0', 16], // link-local; most clouds' metadata service
  ['172.16.0.0', 12],
  ['192.0.0.0', 24], // protocol assignments; Oracle's metadata service
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved; broadcast
] as const;

/** What is refused of 2000::/3; everything outside of that is refused anyway. */
const refusedIpv6 = [
  ['2001::', 23], // protocol assignments, Teredo (an IPv4 address within)
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 (an IPv4 address within)
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const;

const refused = new BlockList();
for (const [network, prefix] of refusedIpv4) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of refusedIpv6) refused.addSubnet(network, prefix, 'ipv6');

// So mapped (::ffff:0:0/96), compatible (::/96) and NAT64 (64:ff9b::/96) forms of IPv4 never pass.
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** Whether a numeric address, as a resolver gives it, is on the public internet. False for anything else. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refused.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  return globalUnicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

/**
 * A check of numeric addresses against networks (`10.1.0.0/16`) and addresses (`127.0.0.1`, `fd00::1`).
 * Throws `RangeError`, naming the text that is neither.
 */
export function addressesIn(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of networks) {
    const [, address = '', digits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const kind = isIPv4(address) ? 'ipv4' : 'ipv6';
    const most = kind === 'ipv4' ? 32 : 128;
    const prefix = digits === undefined ? most : Number(digits);
    if ((!isIPv4(address) && !isIPv6(address)) || prefix > most) {
      throw new RangeError(`"${text}" is no address and no network such as 10.1.0.0/16`);
    }
    list.addSubnet(address, prefix, kind);
  }
  return (address) => {
    if (isIPv4(address)) return list.check(address, 'ipv4');
    return isIPv6(address) && !address.includes('%') && list.check(address, 'ipv6');
  };
}
