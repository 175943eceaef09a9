import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { command } from './command.ts';
import { EmbeddedError, systemCode } from './embedded-error.ts';
import { explainFailure } from './explain-failure.ts';
import type { Folder } from './folder.ts';
import { clusterName, isAlive, readPostmasterFile, serverProcesses } from './postmaster-file.ts';
import type { ServerAccount } from './server-account.ts';

/** Everything that is settled before a server can be started on a folder. */
export interface Site {
  readonly folder: Folder;
  readonly binaries: Binaries;
  readonly account: ServerAccount;
  /** Extra `-c` settings, such as `{ fsync: 'off' }` for tests. */
  readonly settings: Readonly<Record<string, string>>;
  /** The server is stopped by the system when this process dies. */
  readonly diesWithUs: boolean;
  readonly log: (line: string) => void;
}

const POLL_MS = 5;
const LOG_LIMIT_BYTES = 8 * 1024 * 1024;

/** Starts the server and waits until it takes connections, however long its recovery lasts. Resolves to its pid. */
export async function launchPostmaster(site: Site): Promise<number> {
  const { folder } = site;
  turnLog(folder);
  const logFile = openLog(folder);
  const logStart = statSync(folder.log).size;
  const child = spawnPostmaster(site, logFile);
  closeSync(logFile);
  let failure: EmbeddedError | undefined;
  const fail = (why: string) => (failure = explainFailure(folder, why));
  const ended = () => fail(readFileSync(folder.log).subarray(logStart).toString());
  child.on('error', (cause) => fail(`${systemCode(cause)} ${cause.message}`));
  child.once('exit', ended);
  while (!isReady(folder, child)) {
    await wait(POLL_MS);
    if (failure !== undefined) throw failure;
  }
  child.off('exit', ended);
  child.unref();
  return child.pid ?? 0;
}

function spawnPostmaster(site: Site, logFile: number): ChildProcess {
  const { folder, binaries, account } = site;
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder.socket,
    unix_socket_permissions: '0700',
    // A server that recovers from a back end's crash by itself does not hear INT; we start it again ourselves.
    restart_after_crash: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '100',
    cluster_name: clusterName(folder),
    ...site.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args, options } = command(
    account,
    [binaries.postgres, '-D', folder.cluster, ...flags],
    site.diesWithUs,
  );
  return spawn(file, args, { ...options, detached: true, stdio: ['ignore', logFile, logFile] });
}

/** The namespace and the leash replace themselves, so the child's pid is the server's. */
function isReady(folder: Folder, child: ChildProcess): boolean {
  const found = readPostmasterFile(folder);
  return typeof found === 'object' && found.pid === child.pid && found.state === 'ready';
}

function openLog(folder: Folder): number {
  try {
    return openSync(folder.log, 'a', 0o600);
  } catch (cause) {
    throw explainFailure(folder, `${systemCode(cause)} ${cause instanceof Error ? cause.message : ''}`);
  }
}

/** Keeps the log and one before it. */
function turnLog(folder: Folder): void {
  const size = statSync(folder.log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(folder.log, `${folder.log}.1`);
}

const ESCALATION = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 2_000],
  ['SIGKILL', 5_000],
] as const;

/**
 * Stops the server with that pid: INT, then QUIT, then KILL; one that hangs hears no INT. Done when no process of it is
 * left and `postmaster.pid` is gone (after KILL it stays, and the next start sees that it is stale).
 */
export async function stopPostmaster(site: Site, pid: number, hangs = false): Promise<void> {
  for (const [signal, patienceMs] of ESCALATION.slice(hangs ? 1 : 0)) {
    if (signal !== 'SIGINT') site.log(`database: pid ${pid} does not stop, sending ${signal}`);
    send(pid, signal);
    if (signal === 'SIGKILL') for (const left of serverProcesses(site.folder)) send(left, signal);
    if (await stopped(site.folder, pid, patienceMs)) return;
  }
  throw new EmbeddedError(
    `expected the database with pid \`${pid}\` to stop, got a process that outlives KILL`,
  );
}

async function stopped(folder: Folder, pid: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const file = readPostmasterFile(folder);
    const gone = file === undefined || (typeof file === 'object' && file.pid !== pid);
    if (!isAlive(pid) && (gone || serverProcesses(folder).length === 0)) return true;
    await wait(POLL_MS);
  }
  return false;
}

/** Signals a process that may have ended in the meantime. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
