import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { isIPv6, SocketAddress } from 'node:net';
import type { PortMeasure } from '../contract/measure-host.ts';
import { errored, judgeValue, type Ranges } from '../kernel/verify/measurement.ts';
import { cut, type Measured } from './measured.ts';

const LISTENING: Ranges = { expect: { equals: true } };
/** In `/proc/net`: a TCP socket that listens, a UDP socket that is bound to no partner. */
const STATE = { tcp: '0A', udp: '07' } as const;
const ANY = ['0.0.0.0', '::'];

/** Whether somebody listens on a port of this host, at one address or any, as Linux shows it in `/proc/net`. */
export async function measurePort(
  { port, protocol, address }: PortMeasure,
  ranges: Ranges,
): Promise<Measured> {
  const tables = await Promise.all([table(protocol), table(`${protocol}6`)]);
  // A host may be without IPv6; without either nothing is known.
  const [four, six] = tables;
  if (four === null)
    return {
      ...errored('the listening sockets of this host wanted; `/proc/net` does not show them'),
      raw: '',
    };
  const listening = [...four, ...(six ?? [])].filter(
    (socket) => socket.port === port && socket.state === STATE[protocol],
  );
  const wanted = address === undefined ? null : plainAddress(address);
  const found = listening.filter((socket) => wanted === null || [wanted, ...ANY].includes(socket.address));
  const { verdict, value, because } = judgeValue(
    found.length > 0,
    ranges.expect || ranges.failWhen ? ranges : LISTENING,
  );
  const seen = listening.map((socket) => `${socket.address} ${protocol} ${port}`).join('\n');
  const where = `listening on ${protocol} port ${port}${address === undefined ? '' : ` of ${address}`}`;
  return {
    verdict,
    value,
    because: `${because} (${where})`,
    raw: cut(seen === '' ? 'nobody listens' : seen),
  };
}

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly state: string;
}

const ROW = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /;

async function table(name: string): Promise<readonly Socket[] | null> {
  try {
    const lines = (await readFile(`/proc/net/${name}`, 'utf8')).split('\n');
    return lines.flatMap((line) => {
      const [, address, port, state] = ROW.exec(line) ?? [];
      if (address === undefined || port === undefined || state === undefined) return [];
      return [{ address: addressOf(address), port: Number.parseInt(port, 16), state }];
    });
  } catch {
    return null;
  }
}

/** The kernel writes an address as words of 32 bits in the order of the machine. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return plainAddress(groups.join(':'));
}

/** An address as it is compared: IPv6 in its shortest form, IPv4 that IPv6 carries as itself. */
function plainAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const short = new SocketAddress({ address, family: 'ipv6' }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(short)?.[1] ?? short;
}
