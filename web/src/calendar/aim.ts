import { useState, useSyncExternalStore } from 'react';
import type { Range } from './search.ts';

/** Where somebody holds a slot at the moment: epoch milliseconds, half open. */
export interface Aim extends Range {
  /** The change that is moved; absent where a slot is drawn. */
  readonly change?: string;
}

let aimed: Aim | null = null;
const listeners = new Set<() => void>();

/** Says where a slot is held, `null` where none is any more. Kept beside the calendar, which is not drawn anew by it. */
export function aimAt(aim: Aim | null): void {
  if (aim?.from === aimed?.from && aim?.to === aimed?.to && aim?.change === aimed?.change) return;
  aimed = aim;
  for (const listener of listeners) listener();
}

export function useAim(): Aim | null {
  return useSyncExternalStore(subscribe, () => aimed);
}

/**
 * What was given before a slot was taken hold of, for as long as it is held: a calendar that is drawn anew meanwhile forgets what is
 * held, and shows it where it is let go as if the server had said yes.
 */
export function useUntilLetGo<T>(given: T): T {
  const held = useSyncExternalStore(subscribe, () => aimed !== null);
  const [shown, setShown] = useState(given);
  if (!held && shown !== given) setShown(given);
  return held ? shown : given;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
