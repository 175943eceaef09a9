import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { EmbeddedError } from './embedded-error.ts';
import type { Folder } from './folder.ts';
import { isAlive } from './postmaster-file.ts';

/** What a process does with the folder it holds. */
export type Purpose = 'serve' | 'offline';

export interface Holder {
  readonly pid: number;
  readonly purpose: Purpose;
}

export interface FolderLock {
  release(): void;
}

const BUSY = 5;

/**
 * One process drives a data folder. The lock is SQLite's on an empty file: the only lock in Node that the system
 * itself frees the moment its holder dies, whatever killed it.
 * Returns the holder instead where another process has it, undefined where it cannot be told.
 */
export function takeFolderLock(
  folder: Folder,
  purpose: Purpose,
): FolderLock | { heldBy: Holder | undefined } {
  const database = openLockFile(folder);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === BUSY)
      return { heldBy: readHolder(folder) };
    throw cannotWrite(folder, cause);
  }
  writeFileSync(folder.holder, JSON.stringify({ pid: process.pid, purpose } satisfies Holder));
  return {
    release: () => {
      if (!database.isOpen) return;
      rmSync(folder.holder, { force: true });
      database.close();
    },
  };
}

/** A process that was killed holds its lock until the system has taken it apart. */
const LAST_BREATH_MS = 1_000;

/** As `takeFolderLock`, for one who starts right after another was killed; throws where a living one holds the folder. */
export async function claimFolder(folder: Folder): Promise<FolderLock> {
  const deadline = performance.now() + LAST_BREATH_MS;
  for (;;) {
    const lock = takeFolderLock(folder, 'serve');
    if (!('heldBy' in lock)) return lock;
    if (performance.now() > deadline) throw new EmbeddedError(heldMessage(folder, lock.heldBy));
    await wait(10);
  }
}

/** One line about who has the folder, for whoever cannot have it. */
export function heldMessage(folder: Folder, holder: Holder | undefined): string {
  const who =
    holder === undefined
      ? 'another process'
      : `${holder.purpose === 'serve' ? 'an Interlock server' : 'an Interlock command'} with pid \`${holder.pid}\``;
  return `expected a data folder that nobody else uses, got \`${folder.root}\`, which is held by ${who}: stop it, or name another folder by INTERLOCK_DATA`;
}

function openLockFile(folder: Folder): DatabaseSync {
  try {
    return new DatabaseSync(folder.lock);
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
}

function cannotWrite(folder: Folder, cause: unknown): EmbeddedError {
  const got = cause instanceof Error ? cause.message : String(cause);
  return new EmbeddedError(
    `expected a data folder that can be written, got \`${got}\` for \`${folder.lock}\`: put its permissions right, or name another folder by INTERLOCK_DATA`,
    { cause },
  );
}

/** The holder writes its name after it has the lock, so for a moment there is none, or that of one who died. */
function readHolder(folder: Folder): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(folder.holder, 'utf8')) as Holder;
    return isAlive(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}
