import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks that nobody outside means: this host, private ones, link-local, documentation, multicast (RFC 6890 and 8190). */
const INSIDE: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const inside = new BlockList();
for (const [network, prefix] of INSIDE) inside.addSubnet(network, prefix, 'ipv4');

/** Of IPv6 only what is given to hosts of the public, without the ranges that carry an IPv4 address or are for examples. */
const outside = new BlockList();
outside.addSubnet('2000::', 3, 'ipv6');
const carriers = new BlockList();
carriers.addSubnet('2001::', 23, 'ipv6');
carriers.addSubnet('2001:db8::', 32, 'ipv6');
carriers.addSubnet('2002::', 16, 'ipv6');
carriers.addSubnet('3fff::', 20, 'ipv6');

/** Whether an address, as it is connected to, lies in the public internet. What is no address does not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv6(address)) return outside.check(address, 'ipv6') && !carriers.check(address, 'ipv6');
  return isIP(address) === 4 && !inside.check(address, 'ipv4');
}
