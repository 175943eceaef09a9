import { chownSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import { EmbeddedError } from './embedded-error.ts';
import { heldMessage, takeFolderLock, type FolderLock, type Purpose } from './folder-lock.ts';
import { checkVersion, databaseUrl, openFolder, type Folder } from './folder.ts';
import { initialise } from './initialise.ts';
import { isServerOf, readPostmasterFile } from './postmaster-file.ts';
import { clearRemains, launchPostmaster, stopPostmaster, type Site } from './postmaster.ts';
import { checkOwner, chooseAccount, type ServerAccount } from './server-account.ts';
import { supervise } from './supervise.ts';

export interface StartOptions {
  /** The data folder; made where it is missing. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** The server is stopped by the system when this process dies, even by KILL; Linux only. Otherwise the next start adopts it. */
  readonly diesWithUs?: boolean;
  /** PostgreSQL settings beside our own. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly purpose?: Purpose;
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
  const lock = takeFolderLock(folder, options.purpose ?? 'serve');
  if ('heldBy' in lock) throw new EmbeddedError(heldMessage(folder, lock.heldBy));
  try {
    return await startHeld(folder, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startHeld(folder: Folder, lock: FolderLock, options: StartOptions): Promise<Embedded> {
  const site: Site = {
    folder,
    binaries: findBinaries(),
    account: chooseAccount(),
    settings: options.settings ?? {},
    diesWithUs: options.diesWithUs ?? false,
    log: options.log,
  };
  await prepareCluster(site);
  const adopted = await adopt(site);
  const pid = adopted ?? (await startFresh(site));
  const supervisor = supervise(site, pid, startFresh);
  return {
    url: databaseUrl(folder),
    adopted: adopted !== undefined,
    pid: supervisor.pid,
    stop: async () => {
      await supervisor.stop();
      lock.release();
    },
    leave: () => {
      supervisor.leave();
      lock.release();
    },
  };
}

async function prepareCluster(site: Site): Promise<void> {
  const { folder, binaries, account } = site;
  if (!existsSync(folder.cluster)) {
    site.log(`database: making a new one in ${folder.cluster}`);
    await initialise(folder, binaries, account);
  }
  checkOwner(folder.cluster, account);
  checkVersion(folder, binaries.major);
}

/** Resolves to the pid of a server that can be taken over as it is; stops one that cannot. */
async function adopt(site: Site): Promise<number | undefined> {
  const { folder, log } = site;
  for (;;) {
    const found = readPostmasterFile(folder);
    if (typeof found !== 'object' || !isServerOf(folder, found.pid)) return undefined;
    if (found.ready && found.socket === folder.socket && !site.diesWithUs) {
      log(`database: adopted the one that runs, pid ${found.pid}`);
      return found.pid;
    }
    // It starts or stops: a state that ends by itself.
    if (!found.ready && !site.diesWithUs) {
      await wait(5);
      continue;
    }
    log(`database: stopping the one that runs, pid ${found.pid}`);
    await stopPostmaster(folder, found.pid, log);
  }
}

async function startFresh(site: Site): Promise<number> {
  await clearRemains(site);
  takeOwnership(site.folder.cluster, site.account);
  return launchPostmaster(site);
}

/** Files that were made while the system allowed namespaces belong to root, the others to the fallback user. */
function takeOwnership(path: string, account: ServerAccount): void {
  if (process.getuid?.() !== 0 || statSync(path).uid === account.owner) return;
  const gid = account.ids?.gid ?? 0;
  const give = (entry: string): void => {
    chownSync(entry, account.owner, gid);
    if (!statSync(entry).isDirectory()) return;
    for (const name of readdirSync(entry)) give(join(entry, name));
  };
  give(path);
}
