import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EmbeddedError, systemCode } from './embedded-error.ts';

/** Where everything of one data folder lies; all paths absolute, links resolved. */
export interface Folder {
  readonly root: string;
  /** PostgreSQL's own data directory. */
  readonly cluster: string;
  readonly log: string;
  /** Held while a process drives this folder's server; see `folder-lock.ts`. */
  readonly lock: string;
  readonly holder: string;
  /** Directory of the Unix socket. */
  readonly socket: string;
}

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the last one is zero. */
const SOCKET_PATH_LIMIT = process.platform === 'darwin' ? 103 : 107;
/** The name is PostgreSQL's own, after its default port. */
export const SOCKET_FILE = '.s.PGSQL.5432';

/** Makes the data folder if it is not there and says where its parts lie. */
export function openFolder(dataDir: string): Folder {
  const root = makeRoot(resolve(dataDir));
  const inside = join(root, 'socket');
  return {
    root,
    cluster: join(root, 'database'),
    log: join(root, 'database.log'),
    lock: join(root, 'lock'),
    holder: join(root, 'holder.json'),
    socket: fits(inside) ? inside : shortSocketDirectory(root),
  };
}

/** The address of the folder's database, for `pg` and libpq alike. */
export function databaseUrl(folder: Folder): string {
  return `postgres://interlock@localhost/interlock?host=${encodeURIComponent(folder.socket)}`;
}

/** Refuses a cluster that another major version made, before PostgreSQL does it in more words. */
export function checkVersion(folder: Folder, major: number): void {
  const found = readFileSync(join(folder.cluster, 'PG_VERSION'), 'utf8').trim();
  if (found === String(major)) return;
  throw new EmbeddedError(
    `expected a data folder of PostgreSQL ${major}, got version \`${found}\` in \`${folder.cluster}\`: start the Interlock that made it, or name another folder by INTERLOCK_DATA`,
  );
}

function makeRoot(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync(path);
  } catch (cause) {
    throw new EmbeddedError(
      `expected a data folder that can be written, got \`${systemCode(cause)}\` for \`${path}\`: name another by INTERLOCK_DATA`,
      { cause },
    );
  }
}

const fits = (directory: string) => Buffer.byteLength(join(directory, SOCKET_FILE)) <= SOCKET_PATH_LIMIT;

/**
 * A data folder deep in the tree leaves no room for the socket's name, so the socket goes to the system's folder for
 * temporary files. Anyone may have made that path before us: it has to be a directory of ours that nobody else enters.
 */
function shortSocketDirectory(root: string): string {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const directory = join(realpathSync(tmpdir()), `interlock-${name}`);
  if (!fits(directory)) {
    throw new EmbeddedError(
      `expected a path of at most ${SOCKET_PATH_LIMIT} bytes for the database's socket, got \`${join(directory, SOCKET_FILE)}\`: name a shorter data folder by INTERLOCK_DATA`,
    );
  }
  return directory;
}
