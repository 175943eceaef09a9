import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';

/** A real BIND on a free loopback port, with zones of its own. */
export interface TestNamed {
  readonly port: number;
  /** A file with the key that a transfer of a zone needs which says so. */
  readonly keyFile: string;
  stop(): Promise<void>;
}

/** A zone: its text, and who may transfer it. */
export interface TestZone {
  readonly name: string;
  readonly text: string;
  readonly transfer?: 'all' | 'none' | 'key';
  /** Whether whoever has the key may change it. */
  readonly updates?: boolean;
}

/** Where a BIND listens, and at which port it asks for what it does not know. */
interface Place {
  readonly port: number;
  readonly asks: number | null;
}

const SECRET = Buffer.from('only for tests, only on loopback').toString('base64');
const KEY = `key "transfer" { algorithm hmac-sha256; secret "${SECRET}"; };\n`;
const TRANSFER = { all: 'any', none: 'none', key: 'key "transfer"' } as const;

/** Starts a BIND that knows these zones and asks nobody else. */
export async function startNamed(zones: readonly [TestZone, ...TestZone[]]): Promise<TestNamed> {
  return start(zones, { port: await freePort(), asks: null }, zones[0].name);
}

/** Starts a BIND that knows nothing itself: a resolver that asks another one, and remembers for a second. */
export async function startResolver(asks: TestNamed, zone: string): Promise<TestNamed> {
  return start([], { port: await freePort(), asks: asks.port }, zone);
}

async function start(zones: readonly TestZone[], place: Place, asked: string): Promise<TestNamed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-named-'));
  const { port } = place;
  const keyFile = path.join(folder, 'transfer.key');
  await writeFile(keyFile, KEY);
  for (const { name, text } of zones) await writeFile(path.join(folder, `${name}.zone`), text);
  await writeFile(path.join(folder, 'named.conf'), configuration(folder, place, zones));
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const running = await startLoopbackProcess(
    [programPath('named'), '-g', '-n', '1', '-c', path.join(folder, 'named.conf')],
    {
      isReady: async () => (await resolver.resolveSoa(asked).catch(() => null)) !== null,
      logFile: path.join(folder, 'log'),
    },
  );
  return {
    port,
    keyFile,
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, { port, asks }: Place, zones: readonly TestZone[]): string {
  const ofZones = zones.map(
    ({ name, transfer = 'all', updates = false }) =>
      `zone "${name}" { type primary; file "${name}.zone"; allow-transfer { ${TRANSFER[transfer]}; }; allow-update { ${TRANSFER[updates ? 'key' : 'none']}; }; };`,
  );
  const resolves =
    asks === null
      ? 'recursion no;'
      : `recursion yes; allow-recursion { any; }; forward only; forwarders { 127.0.0.1 port ${asks}; }; max-cache-ttl 1; max-ncache-ttl 1;`;
  return `
options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  ${resolves}
  dnssec-validation no;
  notify no;
  pid-file none;
  session-keyfile none;
};
controls { };
${KEY}
${ofZones.join('\n')}
`;
}
