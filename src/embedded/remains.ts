import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answers } from './answers.ts';
import { EmbeddedError } from './embedded-error.ts';
import { SOCKET_FILE } from './folder.ts';
import {
  isTaken,
  isServerOf,
  isVisible,
  postmasterFile,
  readPostmasterFile,
  serverProcesses,
} from './postmaster-file.ts';
import { send, type Site } from './postmaster.ts';

/**
 * Makes the folder free for a start after a crash. Back ends that outlived their postmaster are stopped first: while one
 * runs, two servers could write the same files. Only then may the files go that a start would stumble over, because
 * their pid has been given to another process since or a full disk left them empty.
 */
export async function clearRemains(site: Site): Promise<void> {
  const { folder } = site;
  await stopLeftovers(site);
  if (await answers(folder)) throw hidden(folder.root);
  rmSync(join(folder.socket, `${SOCKET_FILE}.lock`), { force: true });
  const file = readPostmasterFile(folder);
  if (file === undefined) return;
  if (file !== 'unreadable' && !isVisible(file.pid) && isTaken(file.pid)) throw hidden(folder.root);
  const misleading = file === 'unreadable' || (isTaken(file.pid) && !isServerOf(folder, file.pid));
  if (misleading) rmSync(postmasterFile(folder), { force: true });
}

/** INVARIANT: what cannot be seen is never taken for gone. */
const hidden = (root: string) =>
  new EmbeddedError(
    `expected no server on \`${root}\`, got one that this process cannot see: stop it where it runs, another container perhaps`,
  );

async function stopLeftovers({ folder, log }: Site): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const left = serverProcesses(folder);
    if (left.length === 0) return;
    log(`database: stopping ${left.length} processes that outlived their server`);
    for (const pid of left) send(pid, signal);
    const deadline = performance.now() + 3_000;
    while (serverProcesses(folder).length > 0 && performance.now() < deadline) await wait(5);
  }
  if (serverProcesses(folder).length > 0) {
    throw new EmbeddedError(
      `expected the processes of the database in \`${folder.root}\` to end, got some that outlive \`KILL\``,
    );
  }
}
