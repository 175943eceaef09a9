import { useSyncExternalStore } from 'react';
import { connectionNow, onConnection } from '../server/connection.ts';

const SILENT = 'The server does not answer: what is shown may be old.';

/** Why nothing is decided by what this page shows, or `null`: the server does not answer. The page asks on by itself. */
export function useSilence(): string | null {
  return useSyncExternalStore(onConnection, () => connectionNow().state) === 'offline' ? SILENT : null;
}
