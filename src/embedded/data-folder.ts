import { setTimeout as wait } from 'node:timers/promises';
import { answers } from './answers.ts';
import { EmbeddedError } from './embedded-error.ts';
import { heldMessage, takeFolderLock, type FolderLock } from './folder-lock.ts';
import { databaseUrl, openFolder, type Folder } from './folder.ts';
import { startHeld, type StartOptions } from './server.ts';

/** A data folder whose database can be asked. */
export interface OpenDataFolder {
  readonly url: string;
  /** Whether the database was started for this and will be stopped by `close`. */
  readonly startedHere: boolean;
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/**
 * Opens the database of a data folder for a command that works without a server. Where one serves, its database is used
 * and left alone; where a database was left running, it is used and left running; otherwise one is started and stopped
 * again. Another such command is waited for. Throws `EmbeddedError` with one line where none of this is possible.
 */
export async function openDataFolder(options: Omit<StartOptions, 'purpose'>): Promise<OpenDataFolder> {
  const folder = openFolder(options.dataDir);
  const lock = await lockOrGuest(folder);
  if (lock === 'guest')
    return { url: databaseUrl(folder), startedHere: false, close: () => Promise.resolve() };
  const embedded = await startHeld(folder, lock, options);
  return {
    url: embedded.url,
    startedHere: !embedded.adopted,
    close: async () => {
      if (embedded.adopted) embedded.leave();
      else await embedded.stop();
    },
  };
}

async function lockOrGuest(folder: Folder): Promise<FolderLock | 'guest'> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = takeFolderLock(folder, 'offline');
    if (!('heldBy' in lock)) return lock;
    if (lock.heldBy?.purpose === 'serve' && (await answers(folder))) return 'guest';
    if (performance.now() > deadline) throw new EmbeddedError(heldMessage(folder, lock.heldBy));
    await wait(50);
  }
}
