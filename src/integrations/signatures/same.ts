import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same. The time it takes says nothing of where they differ, nor of their lengths. */
export function same(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

/** Whether any of what was given is any of what is right. All are compared, so that the time says nothing of which. */
export function anySame(given: readonly string[], right: readonly string[]): boolean {
  let found = false;
  for (const one of given) for (const other of right) found = same(one, other) || found;
  return found;
}
