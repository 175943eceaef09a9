import type { LockConfirmation, LockRelease, LockView } from '../../contract/locks.ts';
import { clock } from '../../store/clock.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { confirmVersion, holdVersions, releaseLock, type LockRow } from '../../store/locks.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { confirmed } from './ask-to-confirm.ts';
import { loosens, noLock } from './impact.ts';
import { resultOf } from './lock.ts';
import { whyMayNotLock } from './may.ts';
import { spansOf } from './occurrences.ts';
import { sayOfLock } from './say.ts';
import { byLock, horizon, inForce, type Versions } from './view.ts';

/** Confirms what was proposed, or an emergency lock: somebody other than its writer, who was shown this very text. */
export async function confirmLock(
  context: AppContext,
  call: Call,
  id: string,
  { digest }: LockConfirmation,
): Promise<Outcome<LockView>> {
  const { person } = call.actor;
  const deed = { type: 'lock.confirmed', action: 'confirm', object: `lock/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const [versions] = byLock(await holdVersions(tx, id));
    const newest = versions?.at(-1);
    if (!versions || !newest) return noLock(id);
    const refused =
      whyMayNotLock(call.actor) ??
      (await byTheSame(tx, person, newest)) ??
      whyNotConfirm(newest, digest) ??
      (await whyProveAgain(tx, context, call, versions));
    if (refused) return refused;
    await confirmVersion(tx, newest, person);
    await confirmed(tx, newest, person);
    // An emergency lock was told of when it was made.
    const what = newest.version > 1 ? 'changed; confirmed by' : 'confirmed by';
    if (newest.version > 1 || !newest.emergency)
      await sayOfLock(tx, { id, version: newest.version, what, who: person, text: newest });
    return resultOf(tx, context, id, 'confirmed');
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Releases a lock before its end: somebody other than the one who asked for it. */
export async function releaseEarly(
  context: AppContext,
  call: Call,
  id: string,
  { reason }: LockRelease,
): Promise<Outcome<LockView>> {
  const { person } = call.actor;
  const deed = { type: 'lock.released', action: 'release', object: `lock/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const [versions] = byLock(await holdVersions(tx, id));
    if (!versions) return noLock(id);
    const lock = inForce(versions) ?? versions[0];
    const refused =
      whyMayNotLock(call.actor) ??
      (await byTheSame(tx, person, versions[0])) ??
      (await byTheSame(tx, person, lock)) ??
      whyNotRelease(lock, await clock(tx)) ??
      (await whyAuthenticateAgain(tx, context, call, 'a lock ends early'));
    if (refused) return refused;
    await releaseLock(tx, id, person);
    if (inForce(versions) !== null)
      await sayOfLock(tx, {
        id,
        version: lock.version,
        what: 'released early by',
        who: person,
        text: lock,
        why: reason,
      });
    const result = await resultOf(tx, context, id, 'released');
    if (!result.ok) return result;
    const digests = { ...result.value.digests, reason: digestOf(context, reason) };
    return done({ ...result.value, digests });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function byTheSame(tx: Transaction, person: string, lock: LockRow): Promise<Refused | null> {
  return (await isSameHuman(tx, person, [lock.proposed_by]))
    ? refuse('not_permitted', 'expected somebody other than the one who made it, got the same person')
    : null;
}

function whyNotConfirm(newest: LockRow, digest: string): Refused | null {
  const settled = newest.confirmed_by ?? newest.released_by;
  if (settled !== null)
    return refuse('conflict', `expected a lock that waits for that, got one that \`${settled}\` settled`);
  return newest.digest === digest
    ? null
    : refuse(
        'stale',
        `expected the text as it waits now, \`${newest.digest}\`, got another one: look at it again`,
      );
}

function whyNotRelease({ released_by, end }: LockRow, now: number): Refused | null {
  if (released_by !== null)
    return refuse('conflict', `expected a lock that stands, got one that \`${released_by}\` released`);
  return end !== null && end.getTime() <= now
    ? refuse('conflict', `expected a lock that has not ended, got one that ended ${end.toISOString()}`)
    : null;
}

/** Another text that protects less is as high a stake as a release. */
async function whyProveAgain(
  tx: Transaction,
  context: AppContext,
  call: Call,
  versions: Versions,
): Promise<Refused | null> {
  const [old, text] = [inForce(versions), versions.at(-1)];
  if (old === null || text === undefined || old.version === text.version) return null;
  const within = horizon(context, await clock(tx));
  const [before, after] = [spansOf(old, within), spansOf(text, within)];
  return loosens({ text: old, spans: before }, { text, spans: after })
    ? whyAuthenticateAgain(tx, context, call, 'a lock protects less')
    : null;
}
