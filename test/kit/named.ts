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
}

const SECRET = Buffer.from('only for tests, only on loopback').toString('base64');
const KEY = `key "transfer" { algorithm hmac-sha256; secret "${SECRET}"; };\n`;
const TRANSFER = { all: 'any', none: 'none', key: 'key "transfer"' } as const;

/** Starts a BIND that knows these zones and asks nobody else. */
export async function startNamed(zones: readonly [TestZone, ...TestZone[]]): Promise<TestNamed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-named-'));
  const port = await freePort();
  const keyFile = path.join(folder, 'transfer.key');
  await writeFile(keyFile, KEY);
  for (const { name, text } of zones) await writeFile(path.join(folder, `${name}.zone`), text);
  await writeFile(path.join(folder, 'named.conf'), configuration(folder, port, zones));
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const running = await startLoopbackProcess(
    [programPath('named'), '-g', '-n', '1', '-c', path.join(folder, 'named.conf')],
    {
      isReady: async () => (await resolver.resolveSoa(zones[0].name).catch(() => null)) !== null,
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

function configuration(folder: string, port: number, zones: readonly TestZone[]): string {
  const ofZones = zones.map(
    ({ name, transfer = 'all' }) =>
      `zone "${name}" { type primary; file "${name}.zone"; allow-transfer { ${TRANSFER[transfer]}; }; };`,
  );
  return `
options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
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
