import type { LockVersion, LockView } from '../../../src/contract/locks.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import { mayLock, WHO_MAY_LOCK } from '../../../src/kernel/policy/lock-authority.ts';
import type { SpanLook } from '../parts/band.tsx';
import type { Tone } from '../parts/badge.tsx';

export const LOCK_TONES: Readonly<Record<LockView['state'], Tone>> = {
  proposed: 'unknown',
  confirmed: 'stop',
  emergency: 'stop',
  released: 'quiet',
  ended: 'quiet',
};

export const CATEGORY_WORDS: Readonly<Record<LockVersion['category'], string>> = {
  'company-event': 'company event',
  'leave-of-absence': 'leave of absence',
  instability: 'instability',
  other: 'other',
};

/** What a kind of lock stops, for somebody who reads the word for the first time. */
export const KIND_WORDS = {
  hard: 'No change starts in that time, deployments included.',
  soft: 'No C1 or C2 change starts in that time; a production deployment of C3 or C4 needs the word of the EOC.',
} as const;

/** Whether a lock stops anything as it stands, once its time has come. */
export function holds({ state }: LockView): boolean {
  return state === 'confirmed' || state === 'emergency';
}

/** The text that waits for a second person, or `null`. */
export function waitingText(lock: LockView): LockVersion | null {
  if (lock.edit !== null) return lock.edit;
  return lock.state === 'proposed' || lock.state === 'emergency' ? lock : null;
}

export function lookOf({ kind, state }: Pick<LockView, 'kind' | 'state'>): SpanLook {
  return state === 'proposed' ? 'waiting' : kind;
}

/** Why somebody may have nothing to do with locks, or `null`. */
export function whyNotLock(me: Me | undefined): string | null {
  if (me === undefined) return 'It is not known yet who you are.';
  return mayLock(me) ? null : `Locks are for ${WHO_MAY_LOCK}.`;
}

/** Why somebody cannot be the second of two for what one person made, or `null`; other accounts of theirs only the server knows. */
export function whyNotSecond(me: Me | undefined, maker: string): string | null {
  const refused = whyNotLock(me);
  if (refused !== null) return refused;
  return me?.name === maker ? 'You made it: somebody else is needed.' : null;
}

/** How often a lock comes again, in words where its rule is one that the form writes. */
export function againText(recurs: NonNullable<LockVersion['recurs']>): string {
  const each = recurs.days === 1 ? 'a day' : `${recurs.days} days`;
  return `${recurs.rule}, ${each} each, from ${recurs.starting}`;
}
