import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { isDebian, unpack } from '../launch/debian.mjs';
import { programsFolder } from '../launch/programs.mjs';
import { startEmbedded } from '../src/embedded/server.ts';
import { loaded, stop } from './program.ts';
import type { Seen } from './load.ts';

const root = path.resolve(import.meta.dirname, '..');
const PACKAGES = ['request-tracker5', 'rt5-standalone', 'rt5-db-postgresql'];
const SHARE = 'usr/share/request-tracker5';
const SERVER = `${SHARE}/libexec/rt-server`;
const SETUP = 'usr/sbin/rt-setup-database-5';
const PATHS = `${SHARE}/lib/RT/Generated.pm`;
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
const STARTS_WITHIN_MS = 60_000;
const WARM_UP = 16;
const TICKETS = 64;

/** Request Tracker, unpacked, with a place of its own for what it writes. */
interface Installed {
  readonly files: string;
  readonly own: string;
}

/**
 * How many tickets a second Request Tracker 5 opens over its REST 2 interface on the same PostgreSQL, with these callers and this
 * text; `null` where Debian's packages of it cannot be had. They are unpacked beside the programs of the tests, never installed.
 */
export async function ticketsPerSecond(
  folder: string,
  { callers, text }: { readonly callers: number; readonly text: string },
): Promise<number | null> {
  const files = broughtFiles();
  if (files === null) return null;
  const database = await startEmbedded({ dataDir: path.join(folder, 'tracker-data'), log: () => undefined });
  try {
    const port = await freePort();
    const installed = await settle(files, path.join(folder, 'tracker'), { url: database.url, port });
    if (!initialised(installed)) return null;
    return await opened(installed, port, { callers, text });
  } finally {
    await database.stop();
  }
}

function broughtFiles(): string | null {
  const folder = path.join(programsFolder(root), 'request-tracker');
  const files = path.join(folder, 'files');
  if (existsSync(path.join(files, SERVER))) return files;
  if (!isDebian()) return null;
  const problem = unpack(PACKAGES, folder);
  if (problem === undefined) return files;
  console.error(`no Request Tracker to measure beside: ${problem}`);
  return null;
}

/** Writes its configuration, and the three of its files that know where it lies with the paths that hold here. */
async function settle(
  files: string,
  own: string,
  { url, port }: { readonly url: string; readonly port: number },
): Promise<Installed> {
  await mkdir(path.join(own, 'etc'), { recursive: true });
  await mkdir(path.join(own, 'lib/RT'), { recursive: true });
  const places = [
    [SERVER, 'rt-server'],
    [SETUP, 'rt-setup-database'],
    [PATHS, 'lib/RT/Generated.pm'],
  ] as const;
  for (const [from, to] of places) {
    const text = (await readFile(path.join(files, from), 'utf8'))
      // Its own first: what the package brings says where the package is installed.
      .replace(`my @libs = ("/${SHARE}/lib"`, `my @libs = ("/${SHARE}/lib", "${own}/lib"`)
      .replaceAll(`/${SHARE}`, path.join(files, SHARE))
      .replaceAll('/etc/request-tracker5', path.join(own, 'etc'))
      .replaceAll(/\/var\/(lib|cache)\/request-tracker5/g, path.join(own, 'var'));
    await writeFile(path.join(own, to), text);
  }
  await writeFile(path.join(own, 'etc/RT_SiteConfig.pm'), configuration(new URL(url), port));
  return { files, own };
}

/** Mail is written to a file: what it would wait for is not what is measured. */
const configuration = (database: URL, port: number) => `
Set($rtname, 'bench');
Set($Organization, 'bench.example');
Set($DatabaseType, 'Pg');
Set($DatabaseHost, '${database.searchParams.get('host') ?? database.hostname}');
Set($DatabasePort, '${database.port}');
Set($DatabaseName, 'rt5');
Set($DatabaseUser, '${database.username}');
Set($DatabasePassword, 'none');
Set($WebDomain, '127.0.0.1');
Set($WebPort, ${port});
Set($MailCommand, 'testfile');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'error');
1;
`;

function environment({ files, own }: Installed): NodeJS.ProcessEnv {
  const folders = [`${SHARE}/lib`, 'usr/share/perl5', `${LIBRARIES}/perl5/5.36`, `${LIBRARIES}/perl-base`];
  return {
    ...process.env,
    PERL5LIB: [path.join(own, 'lib'), ...folders.map((folder) => path.join(files, folder))].join(':'),
    LD_LIBRARY_PATH: path.join(files, LIBRARIES),
  };
}

function initialised(installed: Installed): boolean {
  const args = [path.join(installed.own, 'rt-setup-database'), '--action', 'init', '--dba-password', 'none'];
  const env = environment(installed);
  const { status, stdout } = spawnSync('perl', [...args, '--dba', 'interlock'], { env, encoding: 'utf8' });
  if (status !== 0)
    console.error(`no Request Tracker to measure beside: ${stdout.trim().split('\n').at(-1)}`);
  return status === 0;
}

async function opened(
  installed: Installed,
  port: number,
  { callers, text }: { readonly callers: number; readonly text: string },
): Promise<number> {
  const server = spawn('perl', [path.join(installed.own, 'rt-server'), '--port', String(port)], {
    env: environment(installed),
    stdio: 'ignore',
  });
  try {
    const url = `http://127.0.0.1:${port}/REST/2.0/ticket`;
    await answering(server, url);
    const subject = 'Raise work_mem, the {{number}}th time';
    const ticket = { Queue: 'General', Subject: subject, Content: text, ContentType: 'text/plain' };
    const seen: Seen = await loaded({
      url,
      // The account and the password that it is made with.
      authorization: `Basic ${Buffer.from('root:password').toString('base64')}`,
      body: JSON.stringify(ticket),
      status: 201,
      callers,
      warmUp: WARM_UP,
      count: TICKETS,
    });
    return seen.perSecond;
  } finally {
    await stop(server);
  }
}

async function answering(server: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  while (server.exitCode === null && performance.now() < deadline) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('expected Request Tracker to answer, got nothing');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
  return address.port;
}
