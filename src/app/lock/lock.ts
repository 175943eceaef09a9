import { LOCK_CATEGORIES, type EmergencyLock, type LockView, type NewLock } from '../../contract/channel.ts';
import {
  confirmLock,
  findLock,
  insertLock,
  listLocks,
  lockLock,
  releaseLock,
  type LockRow,
} from '../../store/locks.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { clock } from '../../store/clock.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { lockWarnings, policyWarnings } from './warnings.ts';

const DAY_MS = 86_400_000;
/** A proposal that begins "now" may have been on its way for a while. */
const ON_ITS_WAY_MS = 60_000;

/** Who may make, confirm and release locks: those who answer for production. */
function mayLock({ kind, standing, onDuty }: Actor): boolean {
  return (
    kind === 'person' &&
    (onDuty.some((rota) => rota !== 'cmoc') ||
      standing.some((role) => role !== 'reviewer' && role !== 'admin'))
  );
}

function notPermitted({ person }: Actor): Refused {
  return refuse(
    'not_permitted',
    `expected management, a director, the VPE or somebody on call, got \`${person}\``,
  );
}

/** Proposes a lock: it holds nothing until somebody else confirms it. */
export async function proposeLock(
  context: AppContext,
  call: Call,
  lock: NewLock,
): Promise<Outcome<LockView>> {
  const now = await clock(context.db);
  if (lock.start < now - ON_ITS_WAY_MS || lock.end <= now) {
    // A lock that reached back would make what was allowed look as if it had not been.
    return refuse('invalid', 'expected a lock that begins from now on, got one that lies in the past');
  }
  return make(context, call, { ...lock, start: Math.max(lock.start, now), emergency: false });
}

/** Makes a lock that acts at once and ends by itself after its time to live. */
export async function makeEmergencyLock(
  context: AppContext,
  call: Call,
  { timeToLive, ...lock }: EmergencyLock,
): Promise<Outcome<LockView>> {
  if (timeToLive <= 0 || timeToLive > DAY_MS)
    return refuse('invalid', 'expected a time to live of at most a day, got none or a longer one');
  const start = await clock(context.db);
  return make(context, call, { ...lock, start, end: start + timeToLive, emergency: true });
}

async function make(
  context: AppContext,
  call: Call,
  lock: NewLock & { readonly emergency: boolean },
): Promise<Outcome<LockView>> {
  const type = lock.emergency ? 'lock.emergency' : 'lock.proposed';
  const outcome = await carryOut(context, call, { type, action: 'lock', object: 'lock/new' }, async (tx) => {
    if (!mayLock(call.actor)) return notPermitted(call.actor);
    const unknown = lock.environments.find((name) => !context.policy.policy.environments.has(name));
    if (unknown !== undefined)
      return refuse('invalid', `expected environments of the policy, got \`${unknown}\``);
    const { start, end, ...rest } = lock;
    const id = await insertLock(tx, {
      ...rest,
      start: new Date(start),
      end: new Date(end),
      proposed_by: call.actor.person,
    });
    return resultOf(tx, context, id, lock.emergency ? 'acts at once' : 'proposed');
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Confirms a proposal, or an emergency lock: somebody other than its maker. */
export async function confirmProposal(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<LockView>> {
  return settle(context, call, id, 'confirm');
}

/** Releases a lock before its end: somebody other than the one who asked for it. */
export async function releaseEarly(context: AppContext, call: Call, id: string): Promise<Outcome<LockView>> {
  return settle(context, call, id, 'release');
}

async function settle(
  context: AppContext,
  call: Call,
  id: string,
  act: 'confirm' | 'release',
): Promise<Outcome<LockView>> {
  const type = act === 'confirm' ? 'lock.confirmed' : 'lock.released';
  const outcome = await carryOut(context, call, { type, action: act, object: `lock/${id}` }, async (tx) => {
    const lock = await lockLock(tx, id);
    if (!lock) return refuse('not_found', `expected a lock that was made here, got \`${id}\``);
    if (!mayLock(call.actor)) return notPermitted(call.actor);
    if (await isSameHuman(tx, call.actor.person, [lock.proposed_by])) {
      return refuse('not_permitted', 'expected somebody other than the one who made it, got the same person');
    }
    const over = act === 'confirm' ? (lock.confirmed_by ?? lock.released_by) : lock.released_by;
    if (over !== null)
      return refuse('conflict', `expected a lock that waits for that, got one that \`${over}\` settled`);
    const again =
      act === 'release' ? await whyAuthenticateAgain(tx, context, call, 'a lock ends early') : null;
    if (again) return again;
    await (act === 'confirm' ? confirmLock : releaseLock)(tx, id, call.actor.person);
    return resultOf(tx, context, id, act === 'confirm' ? 'confirmed' : 'released');
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** The locks made here that have not ended, proposals too. Those of the policy stand in the policy. */
export async function readLocks(context: AppContext): Promise<LockView[]> {
  const locks = await listLocks(context.db);
  return locks.map((lock) => lockView(context, lock, locks));
}

async function resultOf(
  tx: Transaction,
  context: AppContext,
  id: string,
  reason: string,
): Promise<Outcome<Result<LockView>>> {
  const locks = await listLocks(tx);
  const row = await findLock(tx, id);
  if (!row) return refuse('internal', 'expected the lock that was just written, got none');
  const value = lockView(context, row, locks);
  return done({
    value,
    object: `lock/${id}`,
    reason,
    after: digestOf(context, { ...value }),
    details: { kind: row.kind },
  });
}

function lockView({ policy }: AppContext, row: LockRow, all: readonly LockRow[]): LockView {
  return {
    id: row.id,
    kind: row.kind,
    environments: row.environments,
    category: LOCK_CATEGORIES.find((one) => one === row.category) ?? 'other',
    reason: row.reason,
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    state: stateOf(row),
    proposedBy: row.proposed_by,
    confirmedBy: row.confirmed_by,
    releasedBy: row.released_by,
    warnings: [...lockWarnings(row, all), ...policyWarnings(row, policy.policy)],
  };
}

function stateOf({ released_at, confirmed_at, emergency }: LockRow): LockView['state'] {
  if (released_at !== null) return 'released';
  if (confirmed_at !== null) return 'confirmed';
  return emergency ? 'emergency' : 'proposed';
}
