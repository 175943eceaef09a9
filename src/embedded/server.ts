import { existsSync } from 'node:fs';
import { adopt } from './adopt.ts';
import { findBinaries } from './binaries.ts';
import { claimFolder, type FolderLock } from './folder-lock.ts';
import { checkVersion, databaseUrl, openFolder, type Folder } from './folder.ts';
import { initialise } from './initialise.ts';
import { makeSocketDirectory, removeSocketDirectory, settleOwnership } from './ownership.ts';
import { launchPostmaster, type Site } from './postmaster.ts';
import { clearRemains } from './remains.ts';
import { chooseAccount } from './server-account.ts';
import { supervise } from './supervise.ts';

export interface StartOptions {
  /** The data folder; made where it is missing. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** The server is stopped by the system when this process dies, even by KILL; Linux only. Otherwise the next start adopts it. */
  readonly diesWithUs?: boolean;
  /** PostgreSQL settings beside our own. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running embedded PostgreSQL that this process answers for. */
export interface Embedded {
  /** Address for `openDatabase`. */
  readonly url: string;
  /** Whether the server ran already and was taken over. */
  readonly adopted: boolean;
  /** The postmaster's pid at this moment; undefined while it is being started again. */
  readonly pid: () => number | undefined;
  /** Stops the server, waits until nothing of it is left, and gives the folder free. */
  stop(): Promise<void>;
  /** Gives the folder free and leaves the server running, for the next to adopt. */
  leave(): void;
}

/**
 * Starts PostgreSQL on a data folder, or adopts the one that a killed Interlock left behind, and starts it again
 * whenever it ends by itself. Throws `EmbeddedError` with one line where the folder or the machine does not allow it,
 * also where another process holds the folder.
 */
export async function startEmbedded(options: StartOptions): Promise<Embedded> {
  const folder = openFolder(options.dataDir);
  return startHeld(folder, await claimFolder(folder), options);
}

/** As `startEmbedded`, for a folder whose lock is taken; gives the lock free where it fails. */
export async function startHeld(folder: Folder, lock: FolderLock, options: StartOptions): Promise<Embedded> {
  try {
    const site = siteOf(folder, options);
    await prepareCluster(site);
    const adopted = await adopt(site);
    const supervisor = supervise(site, adopted ?? (await startFresh(site)), startFresh);
    return {
      url: databaseUrl(folder),
      adopted: adopted !== undefined,
      pid: supervisor.pid,
      stop: async () => {
        await supervisor.stop();
        removeSocketDirectory(folder);
        lock.release();
      },
      leave: () => {
        supervisor.leave();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function siteOf(folder: Folder, options: StartOptions): Site {
  return {
    folder,
    binaries: findBinaries(),
    account: chooseAccount(),
    settings: options.settings ?? {},
    diesWithUs: options.diesWithUs ?? false,
    log: options.log,
  };
}

async function prepareCluster(site: Site): Promise<void> {
  const { folder, binaries, account } = site;
  if (!existsSync(folder.cluster)) {
    site.log(`database: making a new one in ${folder.cluster}`);
    await initialise(folder, binaries, account);
  }
  settleOwnership(folder, account);
  checkVersion(folder, binaries.major);
  makeSocketDirectory(folder, account);
}

async function startFresh(site: Site): Promise<number> {
  await clearRemains(site);
  return launchPostmaster(site);
}
