import { useSyncExternalStore } from 'react';
import { connectionNow } from './connection.ts';

/** The server's time, epoch milliseconds: what this machine's clock says, put right by what the server last said. */
export function serverNow(): number {
  return Date.now() + connectionNow().aheadMs;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick += 1;
    for (const one of listeners) one();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time, drawn anew every `everyS` seconds; one timer serves the whole page. */
export function useNow(everyS = 1): number {
  useSyncExternalStore(subscribe, () => Math.floor(tick / everyS));
  return serverNow();
}
