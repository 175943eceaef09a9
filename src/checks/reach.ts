import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** A host as it is connected to: resolved once, and every address looked at. */
export type Reached =
  | { readonly ok: true; readonly addresses: readonly Address[] }
  | { readonly ok: false; readonly because: string };

export interface Address {
  readonly address: string;
  readonly family: number;
}

/**
 * What no check may ask: link-local addresses, the addresses at which clouds give machines their credentials, and groups of hosts.
 * Loopback and private addresses stay possible, since production is there. Of IPv6 also the forms that carry such an IPv4 address.
 */
const FORBIDDEN: readonly (readonly [network: string, prefix: number])[] = [
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
  ['ff00::', 8],
  ['::a9fe:0', 112],
  ['64:ff9b::a9fe:0', 112],
  ['64:ff9b:1::', 48],
  ['2002:a9fe::', 32],
  ['2001::', 32],
];

const forbidden = new BlockList();
for (const [network, prefix] of FORBIDDEN)
  forbidden.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');

/** Whether no check may ask an address. An IPv4 address in the clothes of IPv6 (`::ffff:169.254.1.1`) counts as itself. */
export function isForbidden(address: string): boolean {
  const [plain = ''] = address.split('%', 1);
  const family = isIP(plain);
  return family === 0 || forbidden.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Resolves a host of a plan once. Forms such as `0xa9fea9fe` and `2852039166` are names to the resolver and come out as addresses; a
 * name with one forbidden address is refused as a whole. Connect to the answer by `pinned`: a name that resolves differently the next
 * time then leads nowhere else.
 */
export async function reach(host: string, signal: AbortSignal): Promise<Reached> {
  const name = host.replaceAll(/^\[|\]$/g, '');
  const found = isIP(name) === 0 ? await resolved(name, signal) : [{ address: name, family: isIP(name) }];
  if (typeof found === 'string') return { ok: false, because: found };
  const refused = found.find(({ address }) => isForbidden(address));
  if (found.length === 0) return { ok: false, because: 'its name has no address' };
  if (refused === undefined) return { ok: true, addresses: found };
  const also = refused.address === name ? '' : `, that of \`${name}\`,`;
  return {
    ok: false,
    because: `no check may ask the address \`${refused.address}\`${also}: it is link-local, of a cloud, or of many hosts`,
  };
}

/** For `lookup` of a connection: the addresses that were looked at, and no others. */
export function pinned(addresses: readonly Address[]): LookupFunction {
  return (_host, { all }, done) => {
    const [first] = addresses;
    if (all === true) done(null, [...addresses]);
    else if (first) done(null, first.address, first.family);
    else done(new Error('expected an address, got none'), '');
  };
}

async function resolved(name: string, signal: AbortSignal): Promise<readonly Address[] | string> {
  const over = new Promise<string>((resolve) => {
    const give = () => resolve('its name could not be resolved in time');
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) give();
  });
  const asked = lookup(name, { all: true }).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOTFOUND' ? 'its name has no address' : `its name: ${error.code ?? 'not resolved'}`,
  );
  return Promise.race([asked, over]);
}
