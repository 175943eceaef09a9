import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, runningPostmaster } from './postmaster-file.ts';
import { stopPostmaster, type Site } from './postmaster.ts';

export interface Supervisor {
  /** The server's pid, or undefined while it is down. */
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
  leave(): void;
}

const WATCH_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Watches a server and starts it again when it ends: a back end that dies takes the whole server with it on purpose.
 * A start that fails is tried again for ever, ever slower: a full disk gets room again, and until then nothing is served.
 */
export function supervise(site: Site, first: number, start: (site: Site) => Promise<number>): Supervisor {
  const ended = new AbortController();
  let pid: number | undefined = first;
  const watch = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await wait(WATCH_MS, undefined, { ref: false, signal: ended.signal });
      if (pid !== undefined && isAlive(pid)) continue;
      site.log(`database: pid ${pid} ended by itself, starting it again`);
      pid = undefined;
      pid = await startPatiently(site, start, ended.signal);
      if (pid !== undefined) site.log(`database: runs again, pid ${pid}`);
    }
  };
  const watching = watch().catch(ignoreAbort);
  return {
    pid: () => pid,
    stop: async () => {
      ended.abort();
      // First what runs now, so that a start that is under way gives up; then what it had brought up all the same.
      await stopRunning(site);
      await watching;
      await stopRunning(site);
      pid = undefined;
    },
    leave: () => ended.abort(),
  };
}

async function stopRunning(site: Site): Promise<void> {
  const running = runningPostmaster(site.folder);
  if (running !== undefined) await stopPostmaster(site, running.pid);
}

async function startPatiently(
  site: Site,
  start: (site: Site) => Promise<number>,
  ended: AbortSignal,
): Promise<number | undefined> {
  let said = '';
  for (let pauseMs = 100; !ended.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await start(site);
    } catch (error) {
      const line = error instanceof Error ? error.message : String(error);
      if (line !== said) site.log(`database: ${line}`);
      said = line;
    }
    await wait(pauseMs, undefined, { ref: false, signal: ended }).catch(ignoreAbort);
  }
  return undefined;
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
}
