import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Folder } from './folder.ts';

/** What `postmaster.pid` says; `ready` once the server takes connections. */
export interface PostmasterFile {
  readonly pid: number;
  readonly socket: string;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`: undefined where there is none, `unreadable` where no process can be read from it. */
export function readPostmasterFile(folder: Folder): PostmasterFile | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(postmasterFile(folder), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return 'unreadable';
  return { pid, socket: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

export const postmasterFile = (folder: Folder) => join(folder.cluster, 'postmaster.pid');

/**
 * Whether a process is a PostgreSQL of this very folder, so that a pid that the system has given to somebody else since
 * is never signalled. Linux says so by the program's file and its working directory; elsewhere nothing is claimed.
 */
export function isServerOf(folder: Folder, pid: number): boolean {
  try {
    // After an upgrade of the package the file behind a running program reads `… (deleted)`.
    const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === folder.cluster;
  } catch {
    return false;
  }
}

/** Every process of this folder's server, back ends that outlived their postmaster included. */
export function serverProcesses(folder: Folder): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && isServerOf(folder, pid));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
