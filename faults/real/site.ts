import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPostmasterFile, serverProcesses } from '../../src/embedded/postmaster-file.ts';
import { freePort, type LoopbackProcess } from '../../test/kit/loopback-process.ts';
import { severable, type Severable } from '../../test/kit/severable.ts';
import type { WitnessFiles } from './plan.ts';
import { processesNaming, signal } from './processes.ts';
import { openWay, type Way } from './way.ts';
import { startServer, type Prepared } from './world.ts';

const RUNNER = path.resolve(import.meta.dirname, 'bastion.ts');
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/interlock');
/** Room on the small disks: for the ledger what a database needs and a little, for the journal a few files. */
const LEDGER_DISK = '200m';
const JOURNAL_DISK = '2m';

/** An `interlock run` of a history. */
export interface RunnerProcess {
  readonly change: string;
  readonly pid: number;
  readonly alive: () => boolean;
}

/** Everything that one history stands on: processes, folders, and the ways between them. */
export interface Site {
  readonly folder: string;
  readonly data: string;
  readonly state: string;
  readonly clock: string;
  readonly files: WitnessFiles;
  readonly url: string;
  readonly way: Way;
  readonly prometheus: Severable | null;
  readonly runners: RunnerProcess[];
  readonly prepared: Prepared;
  /** Tells what happens, with the time since the start. */
  readonly tell: (line: string) => void;
  startServer(): Promise<void>;
  /** KILL or TERM, and waits for the end. */
  endServer(how: 'kill' | 'stop'): Promise<void>;
  serverPid(): number | null;
  postmaster(): number | null;
  backEnds(): readonly number[];
  keepers(): readonly number[];
  run(change: string, args?: readonly string[]): RunnerProcess;
  /** Ends whatever is left. */
  clear(): Promise<void>;
}

export interface SmallDisks {
  readonly ledger: boolean;
  readonly journal: boolean;
}

/** Lays a site out in a folder of its own, on a copy of the prepared world. */
export async function openSite(
  prepared: Prepared,
  name: string,
  { disks, tell }: { readonly disks: SmallDisks; readonly tell: (line: string) => void },
): Promise<Site> {
  const folder = path.join(prepared.folder, name);
  const [data, state] = [path.join(folder, 'data'), path.join(folder, 'state')];
  const mounted: string[] = [];
  for (const [at, size, small] of [
    [data, LEDGER_DISK, disks.ledger],
    [state, JOURNAL_DISK, disks.journal],
  ] as const) {
    mkdirSync(at, { recursive: true });
    if (small && mount(at, size)) mounted.push(at);
  }
  cpSync(prepared.data, data, { recursive: true, preserveTimestamps: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { monitoring } = prepared;
  const prometheus = monitoring === null ? null : await severable(monitoring.prometheus);
  const cluster = { cluster: path.join(realpathSync(data), 'database') };
  const place = { data, policy: prepared.policy, port, logFile: path.join(folder, 'server.log') };
  const more = {
    ...(prometheus && { PROMETHEUS_URL: prometheus.url }),
    ...(monitoring && { ALERTMANAGER_URL: monitoring.alertmanager }),
  };
  let server: LoopbackProcess | null = null;
  let starting: Promise<void> | null = null;
  // Somebody, or a unit of the system, starts it again until it runs: on a full disk it does not.
  const start = async () => {
    for (let left = 60; server === null; left -= 1) {
      server = await startServer({ ...place, more }).catch(async (error: unknown) => {
        if (left === 0) throw error;
        await sleep(500);
        return null;
      });
    }
  };
  const site: Site = {
    folder,
    data,
    state,
    clock: path.join(folder, 'clock'),
    files: { witness: path.join(folder, 'witness'), lock: path.join(folder, 'lock') },
    url,
    way: await openWay(url),
    prometheus,
    runners: [],
    prepared,
    tell,
    startServer: () => (starting ??= start().finally(() => (starting = null))),
    endServer: async (how) => {
      const ended = server;
      server = null;
      await (how === 'kill' ? ended?.kill() : ended?.stop());
    },
    serverPid: () => server?.pid ?? null,
    postmaster: () => {
      const found = readPostmasterFile(cluster);
      return typeof found === 'object' ? found.pid : null;
    },
    backEnds: () => serverProcesses(cluster).filter((pid) => pid !== site.postmaster()),
    keepers: () => processesNaming('bootKeeper', state),
    run: (change, args = []) => begin(site, change, args),
    clear: async () => {
      process.off('exit', atExit);
      await clear(site, mounted);
    },
  };
  const atExit = () => killAll(site);
  process.once('exit', atExit);
  writeFileSync(site.files.witness, '');
  return site;
}

function begin(site: Site, change: string, args: readonly string[]): RunnerProcess {
  const { folder, state, way, prepared, clock } = site;
  const log = openSync(path.join(folder, `runner-${site.runners.length + 1}.log`), 'a');
  const child: ChildProcess = spawn(process.execPath, [RUNNER, change, '--clock', clock, ...args], {
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      NODE_COMPILE_CACHE: CACHE,
      INTERLOCK_STATE: state,
      INTERLOCK_URL: way.url,
      INTERLOCK_TOKEN: prepared.tokens.ben,
      INTERLOCK_BASTION_KEY: prepared.bastion,
      TMUX: 'a campaign says that it is one',
    },
  });
  closeSync(log);
  let over = false;
  child.on('exit', (code, by) => {
    over = true;
    site.tell(`the runner of ${change}, pid ${child.pid}, ended with ${by ?? code}`);
  });
  site.tell(
    `a runner of ${change} begins${args.length > 0 ? ` with ${args.join(' ')}` : ''}, pid ${child.pid}`,
  );
  const runner = { change, pid: child.pid ?? 0, alive: () => !over };
  site.runners.push(runner);
  return runner;
}

/** Whatever of the site's processes still runs. */
function killAll(site: Site): void {
  const runners = site.runners.filter(({ alive }) => alive()).map(({ pid }) => pid);
  const steps = processesNaming('step.sh', site.files.witness);
  for (const pid of [...runners, ...site.keepers(), ...steps]) signal(pid, 'SIGKILL');
  const [server, postmaster] = [site.serverPid(), site.postmaster()];
  for (const pid of [server, postmaster, ...site.backEnds()]) if (pid !== null) signal(pid, 'SIGKILL');
}

async function clear(site: Site, mounted: string[]): Promise<void> {
  killAll(site);
  await site.endServer('kill');
  await Promise.all([site.way.stop(), site.prometheus?.stop()]);
  // Read later by whoever looks into a history that failed: what lay on a small disk is laid beside it.
  for (const at of mounted.splice(0)) {
    cpSync(at, `${at}.kept`, { recursive: true });
    spawnSync('umount', ['-l', at]);
  }
}

function mount(at: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]).status === 0;
}

/** Why no small disk can be made here; `null` if one can. */
export function whyNoSmallDisk(folder: string): string | null {
  const at = path.join(folder, 'probe');
  mkdirSync(at, { recursive: true });
  if (!mount(at, '1m')) return 'the system does not let this user mount a tmpfs';
  spawnSync('umount', ['-l', at]);
  return null;
}
