import { ATTACHED_BYTES, ATTACHMENTS, type AttachmentView } from '../../contract/attachments.ts';
import { AppError } from '../../contract/errors.ts';
import {
  attachmentsOf,
  findAttachment,
  insertAttachment,
  type AttachmentRow,
} from '../../store/attachments.ts';
import { findChange } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOfBytes } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { attachable, type Sent } from './attachable.ts';
import { noChange } from './show.ts';
import { holdFor } from './standing.ts';

/** Keeps a file with a request, its digest in the ledger. What is not what it says it is, is refused and recorded. */
export async function attach(
  context: AppContext,
  call: Call,
  id: string,
  sent: Sent,
): Promise<Outcome<AttachmentView>> {
  const { name, bytes } = sent;
  const digest = digestOfBytes(context, bytes);
  const file = attachable(sent);
  const deed = { type: 'change.attached', action: 'attach', object: `change/${id}` };
  return carryOutValue(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'attach');
    if (!held.ok) return held;
    if (typeof file === 'string') return refuse('invalid', file);
    const place = await placeFor(tx, id, bytes.length);
    if (typeof place !== 'number') return place;
    const row = await insertAttachment(tx, {
      change_id: id,
      number: place,
      name,
      media_type: file.type,
      bytes,
      digest,
      by: call.actor.person,
    });
    return done({
      value: attachmentView(row),
      reason: `attached ${file.type} of ${bytes.length} bytes`,
      digests: { attachment: digest },
      details: { attachment: place, size: bytes.length },
    });
  });
}

/** The number of the next attachment. The request is held: nobody else adds one meanwhile. */
async function placeFor(tx: Transaction, id: string, size: number): Promise<number | Refused> {
  const there = await attachmentsOf(tx, id);
  if (there.length >= ATTACHMENTS) {
    return refuse('conflict', `expected at most ${ATTACHMENTS} attachments, got one more`);
  }
  const total = there.reduce((sum, one) => sum + one.size, size);
  if (total > ATTACHED_BYTES) {
    return refuse(
      'conflict',
      `expected attachments of at most ${ATTACHED_BYTES} bytes together, got ${total}`,
    );
  }
  return there.length + 1;
}

/** What is attached to a request. @throws {AppError} `not_found` */
export async function listAttachments({ db }: AppContext, id: string): Promise<AttachmentView[]> {
  if (!(await findChange(db, id))) throw noChange(id);
  return (await attachmentsOf(db, id)).map(attachmentView);
}

/** One attachment of this request, with its bytes. @throws {AppError} `not_found` */
export async function readAttachment({ db }: AppContext, id: string, number: number) {
  const row = await findAttachment(db, id, number);
  if (row) return { ...attachmentView(row), bytes: row.bytes };
  if (!(await findChange(db, id))) throw noChange(id);
  throw new AppError(
    'not_found',
    `expected an attachment of \`${id}\`, got \`${number}\`, which it has none of`,
  );
}

function attachmentView({ number, name, media_type, size, digest, by, at }: AttachmentRow): AttachmentView {
  return { number, name, mediaType: media_type, size, digest, by, at: at.toISOString() };
}
