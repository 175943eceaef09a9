import { transact, type Transaction } from '../../store/database.ts';
import { takeExpiredSlot, type ExpiredSlot } from '../../store/slots.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { moveSlot } from './move-slot.ts';

/**
 * Gives up every slot that ran out: pencilled in for longer than the policy lets it, or passed without a start. The request is
 * unscheduled again; its people are told. Gives how many.
 */
export async function expireSlots(context: AppContext): Promise<number> {
  for (let expired = 0; ; expired += 1) {
    const found = await transact(context.db, async (tx) => {
      const slot = await takeExpiredSlot(tx, context.policy.file.limits.tentativeSlot);
      if (slot) await expire(tx, context, slot);
      return slot !== undefined;
    });
    if (!found) return expired;
  }
}

async function expire(tx: Transaction, context: AppContext, slot: ExpiredSlot): Promise<void> {
  const { id, accepted, start, end, people, digest, slot_edition } = slot;
  const call = systemCall('slot-expiry');
  await moveSlot(tx, context, call, {
    row: { ...slot, slot_start: start, slot_end: end },
    to: { slot: null, accepted: false, onCalendar: false, state: 'unscheduled' },
  });
  const span = `${start.toISOString()} to ${end.toISOString()}`;
  const why = accepted
    ? 'it passed and the change did not start'
    : 'it was pencilled in and not accepted in time';
  await record(tx, {
    ...entryBase(context, call),
    type: 'change.slot-expired',
    action: 'expire-slot',
    object: `change/${id}`,
    outcome: 'allow',
    reason: `${accepted ? 'missed' : 'tentative'} slot ${span} given up`,
    before: null,
    after: null,
    digests: { plan: digest },
  });
  await tellPeople(tx, {
    to: people,
    key: `slot-expired:${id}:${slot_edition}`,
    kind: 'slot-expired',
    about: `change/${id}`,
    body: `The slot of ${id}, ${span}, was given up: ${why}. It is unscheduled again.`,
  });
}
