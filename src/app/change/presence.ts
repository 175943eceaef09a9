import type { PresenceView } from '../../contract/acts.ts';
import { findChange } from '../../store/changes.ts';
import { notePresence, presencesOf } from '../../store/presences.ts';
import { onDutyNow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** Notes that somebody is there, in a request's situation room too if they say that they joined it. */
export async function showPresence(
  context: AppContext,
  call: Call,
  id: string,
  joined: boolean,
): Promise<Outcome<null>> {
  const deed = {
    type: 'change.presence',
    action: joined ? 'join-situation-room' : 'be-present',
    object: `change/${id}`,
  };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!(await findChange(tx, id)))
      return refuse('not_found', `expected a change, got \`${id}\`, which there is none of`);
    await notePresence(tx, id, call.actor.person, joined);
    return done({ value: null, reason: joined ? 'joined the situation room' : 'present' });
  });
  return outcome.ok ? done(null) : outcome;
}

/** Who was seen at a request, and whom a sign is wanted of. */
export async function readPresence(
  { db, policy }: Pick<AppContext, 'db' | 'policy'>,
  id: string,
): Promise<Outcome<PresenceView>> {
  if (!(await findChange(db, id)))
    return refuse('not_found', `expected a change, got \`${id}\`, which there is none of`);
  const [rows, { eoc }] = [await presencesOf(db, id), await onDutyNow(db)];
  return done({
    present: rows.map(({ person, seen_at, joined_at }) => ({
      person,
      seenAt: seen_at.toISOString(),
      joinedAt: joined_at?.toISOString() ?? null,
    })),
    eoc: eoc ?? null,
    eocSeenWithinMs: policy.file.limits.eocSeenWithin,
    eocAskedAfterMs: policy.file.limits.eocAskedAfter,
  });
}
