import { spanList } from '../calendar/span.ts';
import type { Lock, LockBook, LockKind, UnclearLock } from './facts.ts';

/** A lock as the facts give it: any part may be unknown; without environments it holds nowhere. */
export type StatedLock = {
  readonly id?: string | undefined;
  readonly kind?: LockKind | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
};

type Pile = { readonly soft: Lock[]; readonly hard: Lock[]; readonly unclear: UnclearLock[] };

/** Sorts locks by environment and kind, so that a question looks only at those that may concern it. */
export function lockBooks(locks: readonly StatedLock[]): ReadonlyMap<string, LockBook> {
  const piles = new Map<string, Pile>();
  for (const lock of locks) {
    for (const environment of new Set(lock.environments)) {
      const pile = piles.get(environment) ?? { soft: [], hard: [], unclear: [] };
      piles.set(environment, pile);
      put(lock, pile);
    }
  }
  return new Map([...piles].map(([environment, pile]) => [environment, bookOf(pile)]));
}

function put({ id, kind, reason, start, end }: StatedLock, pile: Pile): void {
  if (kind === undefined || start === undefined || end === undefined)
    pile.unclear.push({ id, kind, start, end });
  else pile[kind].push({ id, kind, reason, releaseDay: false, start, end });
}

function bookOf(pile: Pile): LockBook {
  return { soft: spanList(pile.soft), hard: spanList(pile.hard), unclear: pile.unclear };
}
