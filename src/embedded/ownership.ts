import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedError } from './embedded-error.ts';
import type { Folder } from './folder.ts';
import { NOBODY, type ServerAccount } from './server-account.ts';

/**
 * Refuses a cluster whose files belong to somebody who is neither us nor the one whom we start it as, and, as root, hands
 * the files to the account of today: those made while the system allowed namespaces belong to root, the others to nobody.
 */
export function settleOwnership(folder: Folder, account: ServerAccount): void {
  const own = process.getuid?.() ?? account.owner;
  const owner = lstatSync(folder.cluster).uid;
  if (owner !== account.owner && !(own === 0 && (owner === 0 || owner === NOBODY))) {
    throw new EmbeddedError(
      `expected a data folder of uid ${own}, got uid \`${owner}\` at \`${folder.cluster}\`: start as that user, or name another folder by INTERLOCK_DATA`,
    );
  }
  if (owner !== account.owner) give(folder.cluster, account);
  if (account.ids !== undefined) chmodSync(folder.root, lstatSync(folder.root).mode | 0o011);
}

/** Makes the socket's directory, which only the account enters: no password is asked there. */
export function makeSocketDirectory(folder: Folder, account: ServerAccount): void {
  const { socket, root } = folder;
  mkdirSync(socket, { recursive: true, mode: 0o700 });
  const own = process.getuid?.() ?? account.owner;
  const found = lstatSync(socket);
  const trusted = found.uid === own || found.uid === account.owner || (own === 0 && socket.startsWith(root));
  if (!found.isDirectory() || !trusted || (found.mode & 0o077) !== 0) {
    throw new EmbeddedError(
      `expected a directory for the database's socket that nobody else may enter, got \`${socket}\` of uid ${found.uid} with mode ${(found.mode & 0o777).toString(8)}: remove it`,
    );
  }
  if (own === 0 && found.uid !== account.owner) give(socket, account);
}

/** One outside of the data folder would be left behind for ever. */
export function removeSocketDirectory({ socket, root }: Folder): void {
  if (!socket.startsWith(root)) rmSync(socket, { recursive: true, force: true });
}

/** Never follows a link out of the folder. */
function give(path: string, account: ServerAccount): void {
  lchownSync(path, account.owner, account.ids?.gid ?? 0);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) give(join(path, name), account);
}
