import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemCode } from './embedded-error.ts';
import type { Folder } from './folder.ts';

/** What `postmaster.pid` says; `ready` once the server takes connections. */
export interface PostmasterFile {
  readonly pid: number;
  readonly socket: string;
  readonly state: 'starting' | 'ready' | 'stopping';
}

/** All that is needed to tell whose a server is. */
export type Cluster = Pick<Folder, 'cluster'>;

export const postmasterFile = (folder: Cluster) => join(folder.cluster, 'postmaster.pid');

/** Reads `postmaster.pid`: undefined where there is none, `unreadable` where no process can be read from it. */
export function readPostmasterFile(folder: Cluster): PostmasterFile | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(postmasterFile(folder), 'utf8');
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : 'unreadable';
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return 'unreadable';
  const state = lines[7]?.trim();
  return {
    pid,
    socket: lines[4] ?? '',
    state: state === 'ready' || state === 'stopping' ? state : 'starting',
  };
}

/** The postmaster that runs on this folder by what its file says, checked against the process. */
export function runningPostmaster(folder: Cluster): PostmasterFile | undefined {
  const file = readPostmasterFile(folder);
  return typeof file === 'object' && isServerOf(folder, file.pid) ? file : undefined;
}

/**
 * Whether a process is a PostgreSQL of this very folder, so that a pid that the system has given to somebody else since
 * is never signalled. Linux says so by the program's file and its working directory; where it does not show these, as to
 * a root without all of root's rights, and on other systems, by the command line, which names the folder or its cluster.
 */
export function isServerOf(folder: Cluster, pid: number): boolean {
  const program = serverProgram(pid);
  const directory = follow(`/proc/${pid}/cwd`);
  if (program !== undefined && directory !== undefined) {
    return basename(program) === 'postgres' && directory === folder.cluster;
  }
  const line = commandLine(pid);
  return (
    line.startsWith(`postgres: ${clusterName(folder)}: `) || line.includes(`postgres -D ${folder.cluster} `)
  );
}

/** Stands in the title of every process of the server, and is another for every folder. */
export function clusterName({ cluster }: Cluster): string {
  return `interlock-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`;
}

function commandLine(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
  return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Every process of this folder's server, back ends that outlived their postmaster included; Linux only. */
export function serverProcesses(folder: Cluster): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && isServerOf(folder, pid));
}

/** The file that a process runs; undefined where the system does not tell. */
export function serverProgram(pid: number): string | undefined {
  // After an upgrade of the package the file behind a running program reads `… (deleted)`.
  return follow(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '');
}

function follow(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** Whether a process runs. One that has ended and that nobody has taken note of, as under a container's pid 1, does not. */
export function isAlive(pid: number): boolean {
  return isTaken(pid) && !/^State:\s+Z/m.test(textOf(`/proc/${pid}/status`));
}

/** Whether the pid is in use, which is all that PostgreSQL looks at when it finds a pid file: by the dead, too. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Whether the system shows this process at all; some hide those of other users. */
export function isVisible(pid: number): boolean {
  return process.platform !== 'linux' || existsSync(`/proc/${pid}`);
}
