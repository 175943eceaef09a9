import { insertAnnouncement } from '../../store/announcements.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome } from '../outcome.ts';
import { holdFor } from './standing.ts';

/**
 * Has the start of a request announced in the production channel. What counts is the delivery: the product writes the message
 * from the outbox, and the message is the receipt.
 */
export async function announceStart(context: AppContext, call: Call, id: string): Promise<Outcome<null>> {
  const deed = { type: 'change.announcement-asked', action: 'announce', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'announce');
    if (!held.ok) return held;
    const { row, revision } = held;
    const { plan } = revision;
    const announcement = await insertAnnouncement(tx, {
      changeId: id,
      digest: row.digest,
      by: call.actor.person,
    });
    const when =
      row.slot_start && row.slot_end
        ? `, ${row.slot_start.toISOString()} to ${row.slot_end.toISOString()}`
        : '';
    const body = `${id} (${plan.criticality}, ${plan.environment}) is about to start${when}: ${plan.title}. Executor ${plan.executor}. Impact: ${plan.impact}`;
    await insertEffect(tx, {
      key: `announce:${announcement}`,
      topic: 'announce',
      payload: { announcement: announcement.toString(), changeId: id, digest: row.digest, body },
    });
    return done({ value: null, reason: 'announcement asked for', digests: { plan: row.digest } });
  });
  return outcome.ok ? done(null) : outcome;
}
