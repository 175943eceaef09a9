import type { EmergencyLock, LockEdit, LockView, NewLock } from '../../contract/locks.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import {
  holdVersions,
  insertLock,
  insertVersion,
  listLocks,
  versionsOf,
  type LockRow,
} from '../../store/locks.ts';
import type { LockHistory, Locks, LocksQuery } from '../../contract/locks.ts';
import type { Call } from '../actor.ts';
import { policyLocks } from '../calendar/locks.ts';
import { carryOutValue, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { askToConfirm } from './ask-to-confirm.ts';
import { noLock } from './impact.ts';
import { whyMayNotLock } from './may.ts';
import { sayOfLock } from './say.ts';
import { textOf } from './text.ts';
import { byLock, lockViews, versionView } from './view.ts';

const DAY_MS = 86_400_000;
/** How far ahead locks of the policy are listed where no span is asked for. */
const AHEAD_MS = 60 * DAY_MS;

/** Proposes a lock: it holds nothing until somebody else confirms it. */
export async function proposeLock(
  context: AppContext,
  call: Call,
  wish: NewLock,
): Promise<Outcome<LockView>> {
  const deed = { type: 'lock.proposed', action: 'lock', object: 'lock/new' };
  return carryOutValue(context, call, deed, async (tx) => {
    const refused = whyMayNotLock(call.actor);
    if (refused) return refused;
    const text = textOf(context, wish, { now: await clock(tx), old: null });
    if (!text.ok) return text;
    const id = await insertLock(tx, { ...text.value, emergency: false }, call.actor.person);
    return resultOf(tx, context, id, 'proposed');
  });
}

/** Makes a lock that acts at once and ends by itself after its time to live. Somebody else confirms it afterwards. */
export async function makeEmergencyLock(
  context: AppContext,
  call: Call,
  wish: EmergencyLock,
): Promise<Outcome<LockView>> {
  const { timeToLive, ...said } = wish;
  if (timeToLive <= 0 || timeToLive > DAY_MS)
    return refuse('invalid', 'expected a time to live of at most a day, got none or a longer one');
  const deed = { type: 'lock.emergency', action: 'lock', object: 'lock/new' };
  return carryOutValue(context, call, deed, async (tx) => {
    const refused = whyMayNotLock(call.actor);
    if (refused) return refused;
    const now = await clock(tx);
    const text = textOf(context, { ...said, start: now, end: now + timeToLive }, { now, old: null });
    if (!text.ok) return text;
    const id = await insertLock(tx, { ...text.value, emergency: true }, call.actor.person);
    await sayOfLock(tx, {
      id,
      version: 1,
      what: 'locked at once by',
      who: call.actor.person,
      text: text.value,
    });
    await askToConfirm(tx, { id, maker: call.actor.person, until: new Date(now + timeToLive) });
    return resultOf(tx, context, id, 'acts at once');
  });
}

/** Proposes another text for a lock. Until somebody else confirms it the lock holds as it was. */
export async function editLock(
  context: AppContext,
  call: Call,
  id: string,
  wish: LockEdit,
): Promise<Outcome<LockView>> {
  const { version, ...said } = wish;
  const deed = { type: 'lock.edit-proposed', action: 'edit-lock', object: `lock/${id}` };
  return carryOutValue(context, call, deed, async (tx) => {
    const old = (await holdVersions(tx, id)).at(-1);
    if (!old) return noLock(id);
    const refused = whyMayNotLock(call.actor);
    if (refused) return refused;
    if (old.released_by !== null)
      return refuse('conflict', `expected a lock that stands, got one that \`${old.released_by}\` released`);
    if (old.version !== version)
      return refuse(
        'conflict',
        `expected version ${old.version}, got ${version}: look again at what it says now`,
      );
    const now = await clock(tx);
    if (old.end !== null && old.end.getTime() <= now)
      return refuse(
        'conflict',
        `expected a lock that has not ended, got one that ended ${old.end.toISOString()}`,
      );
    const text = textOf(context, said, { now, old });
    if (!text.ok) return text;
    await insertVersion(tx, { ...text.value, id, version: version + 1 }, call.actor.person);
    return resultOf(tx, context, id, 'another text proposed');
  });
}

/** The locks made here that have not ended, or those of a span; and those of the policy. */
export async function readLocks(context: AppContext, { from, to }: LocksQuery): Promise<Locks> {
  return transact(
    context.db,
    async (tx) => {
      const now = await clock(tx);
      const rows = await listLocks(tx, {
        from: new Date(from ?? now),
        to: to === undefined ? null : new Date(to),
      });
      const span = { from: from ?? now, to: to ?? now + AHEAD_MS };
      const policy = policyLocks(context.policy.policy, span);
      return { locks: await lockViews(tx, context, byLock(rows), now), policy };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** One lock. */
export async function readLock(context: AppContext, id: string): Promise<Outcome<LockView>> {
  return transact(
    context.db,
    async (tx) => {
      const view = await viewOf(tx, context, await versionsOf(tx, id));
      return view === null ? noLock(id) : done(view);
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** One lock, held until the transaction ends; `null` where there is none. */
export async function holdLock(tx: Transaction, context: AppContext, id: string): Promise<LockView | null> {
  return viewOf(tx, context, await holdVersions(tx, id));
}

async function viewOf(
  tx: Transaction,
  context: AppContext,
  versions: readonly LockRow[],
): Promise<LockView | null> {
  return (await lockViews(tx, context, byLock(versions), await clock(tx)))[0] ?? null;
}

/** Everything that a lock ever said. */
export async function lockHistory(context: AppContext, id: string): Promise<Outcome<LockHistory>> {
  const versions = await versionsOf(context.db, id);
  const newest = versions.at(-1);
  if (!newest) return noLock(id);
  return done({
    id,
    versions: versions.map(versionView),
    releasedBy: newest.released_by,
    releasedAt: newest.released_at?.toISOString() ?? null,
  });
}

/** What became of a lock, for its maker and for the record. */
export async function resultOf(
  tx: Transaction,
  context: AppContext,
  id: string,
  reason: string,
): Promise<Outcome<Result<LockView>>> {
  const value = await viewOf(tx, context, await versionsOf(tx, id));
  if (!value) return refuse('internal', 'expected the lock that was just written, got none');
  const { kind, digest, version } = value.edit ?? value;
  return done({
    value,
    object: `lock/${id}`,
    reason,
    after: digestOf(context, { ...value }),
    digests: { text: digest },
    details: { kind, version },
  });
}
