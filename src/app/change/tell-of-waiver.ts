import type { ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { onDutyAt, onDutyNow } from '../../store/rota.ts';
import { tellPeople } from '../notice/tell.ts';

/** A rule or a lock that somebody lets one change pass over. */
interface Waiver {
  /** The word that gives it, as a key. */
  readonly key: string;
  readonly by: string;
  /** `exempted CHG-1 from the lock LOCK-3, as VPE`. */
  readonly what: string;
  readonly reason: string | null;
  readonly expiresAt: Date | null;
  /** Who else asked for it. */
  readonly askedBy?: string;
}

/**
 * Tells those concerned that a change may pass over something: its own people, and who is on call now and at its start. TRUST
 * section 3: no waiver without a notice.
 */
export async function tellOfWaiver(
  tx: Transaction,
  { id, author, author_bot_of, executor, slot_start }: ChangeRow,
  { key, by, what, reason, expiresAt, askedBy }: Waiver,
): Promise<void> {
  const now = await onDutyNow(tx);
  const then = slot_start === null ? {} : await onDutyAt(tx, slot_start);
  const concerned = [author, author_bot_of, executor, askedBy, now.eoc, now.imoc, then.eoc, then.imoc];
  const until = expiresAt === null ? '' : `, until ${expiresAt.toISOString()}`;
  await tellPeople(tx, {
    to: concerned.filter((one): one is string => one !== null && one !== undefined && one !== by),
    key: `waiver:${key}`,
    kind: 'waiver-given',
    about: `change/${id}`,
    body: `${by} ${what}${until}.${reason === null ? '' : ` Reason: ${reason}`}`,
  });
}
