import { announcedAt, insertAnnouncement } from '../../store/announcements.ts';
import { findChange } from '../../store/changes.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { deliverDue } from '../deliver.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { announcementText } from './announcement-text.ts';
import { holdFor } from './standing.ts';

/**
 * Has the start of a request announced, and the message written at once where that goes; else it is written as soon as it does.
 * Gives when the channel had it, `null` while it is on its way.
 */
export async function announceNow(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<{ readonly announcedAt: string | null }>> {
  const asked = await announceStart(context, call, id);
  if (!asked.ok) return asked;
  await deliverDue(context).catch((error: unknown) => {
    context.log.warn({ error: String(error) }, 'what is due was not delivered; it will be tried again');
  });
  const row = await findChange(context.db, id);
  const at = row && (await announcedAt(context.db, row));
  return done({ announcedAt: at?.toISOString() ?? null });
}

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
    if ((row.criticality === 'C1' || row.criticality === 'C2') && !row.slot_accepted) {
      return refuse(
        'conflict',
        `expected a ${row.criticality} whose slot is accepted, got one without: schedule it first`,
      );
    }
    const announcement = await insertAnnouncement(tx, row, call.actor.person);
    const body = announcementText(row, revision.plan);
    await insertEffect(tx, {
      key: `announce:${announcement}`,
      topic: 'announce',
      payload: { announcement: announcement.toString(), changeId: id, digest: row.digest, body },
    });
    return done({ value: null, reason: 'announcement asked for', digests: { plan: row.digest } });
  });
  return outcome.ok ? done(null) : outcome;
}
