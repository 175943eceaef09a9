import type { Effect } from '../../contract/effects.ts';
import { deliverAnnouncement } from '../../store/announcements.ts';
import type { Transaction } from '../../store/database.ts';
import { insertMessage } from '../../store/messages.ts';
import { forgetRight } from '../../store/lent-rights.ts';
import { systemCall } from '../actor.ts';
import { noteEvent } from '../calendar/keep-event.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { noteSilenceEnded, noteSilenceTaken } from '../silence/end.ts';
import { noteIssue } from '../tracker/keep-issue.ts';
import { bodyOf, changeOf, isOfChannel } from './chat-text.ts';

interface Noted {
  /** `builtin`, or the connection that carried it. */
  readonly connection: string;
  readonly what: Effect;
  /** What the peer gave for it; `null` where it gave none, or it was made here. */
  readonly receipt: string | null;
}

/**
 * Notes that the channel has a message: our own channel keeps each, also what stands elsewhere, and an announcement is one from then
 * on; what Alertmanager knows a silence by, and that it ended. What others took needs no note beside the outbox.
 */
export async function noteTaken(
  tx: Transaction,
  context: Pick<AppContext, 'policy'>,
  { connection, what, receipt }: Noted,
): Promise<void> {
  if (what.topic === 'issue') return noteIssue(tx, connection, what.payload.change, receipt);
  if (what.topic === 'calendar') return noteEvent(tx, context, { connection, ...what.payload, receipt });
  if (what.topic === 'silence' && receipt !== null)
    return noteSilenceTaken(tx, BigInt(what.payload.silence), receipt);
  if (what.topic === 'unsilence')
    return noteSilenceEnded(tx, BigInt(what.payload.silence), what.payload.known);
  if (what.topic === 'give-back') return forgetRight(tx, what.payload.link);
  if (!isOfChannel(what)) return;
  const message = await insertMessage(tx, {
    place: 'channel',
    change_id: changeOf(what),
    person: 'interlock',
    body: bodyOf(what),
  });
  if (what.topic !== 'announce') return;
  const { announcement, changeId, digest } = what.payload;
  await deliverAnnouncement(tx, BigInt(announcement), message);
  const elsewhere = connection === 'builtin' ? {} : { connection, delivered: receipt ?? 'no number' };
  await record(tx, {
    ...entryBase(context, systemCall('outbox')),
    type: 'change.announced',
    action: 'announce',
    object: `change/${changeId}`,
    outcome: 'allow',
    reason: 'start announced in the production channel',
    before: null,
    after: null,
    digests: { plan: digest },
    details: { receipt: message.toString(), ...elsewhere },
  });
}
