import { realpathSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { answers } from './answers.ts';
import { runningPostmaster, serverProgram, type PostmasterFile } from './postmaster-file.ts';
import { stopPostmaster, type Site } from './postmaster.ts';

/**
 * Takes over the server that a killed Interlock left on the folder and resolves to its pid. One that starts is waited
 * for; one that stops, hangs, runs another build or was started differently is stopped. Undefined where none runs.
 */
export async function adopt(site: Site): Promise<number | undefined> {
  const { folder, log } = site;
  for (;;) {
    const running = runningPostmaster(folder);
    if (running === undefined) return undefined;
    if (running.state === 'starting') {
      await wait(5);
      continue;
    }
    const hangs = running.state === 'ready' && !(await answers(folder));
    if (running.state === 'ready' && !hangs && isFit(site, running)) {
      log(`database: adopted the one that runs, pid ${running.pid}`);
      return running.pid;
    }
    log(`database: stopping the one that runs, pid ${running.pid}`);
    await stopPostmaster(site, running.pid, hangs);
  }
}

function isFit(site: Site, running: PostmasterFile): boolean {
  const { folder, binaries, diesWithUs } = site;
  if (diesWithUs || running.socket !== folder.socket) return false;
  const program = serverProgram(running.pid);
  return program === undefined || program === realpathSync(binaries.postgres);
}
