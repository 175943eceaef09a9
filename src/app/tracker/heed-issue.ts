import { claimLinks } from '../account-link/claim.ts';
import { linkInForce } from '../../store/account-links.ts';
import { clock } from '../../store/clock.ts';
import { transact } from '../../store/database.ts';
import { insertDelivery, wasHeard } from '../../store/heard-deliveries.ts';
import { insertMessage } from '../../store/messages.ts';
import type { AppContext } from '../context.ts';
import { heedPeerIncidents } from '../incident/heed-peer.ts';
import type { Connection, SeenComment, Taken } from '../ports/connection.ts';
import { approvedIn, takeWord } from './issue-word.ts';
import { requestOf, restore } from './keep-issue.ts';

/** What was written earlier is not looked at again. */
const LOOKS_BACK_MS = 24 * 3_600_000;
const LONGEST_COPY = 20_000;
const DONE: Taken = { kind: 'taken', receipt: null };

/** Something about an issue changed: looks at it, and at the incidents of its tracker. */
export async function heedIssue(
  context: AppContext,
  connection: Connection,
  issue: string,
  signal: AbortSignal,
): Promise<Taken> {
  const said = await lookAtIssue(context, connection, issue, signal);
  if (said.kind !== 'taken') return said;
  return (await heedPeerIncidents(context, connection, signal)) ?? DONE;
}

/**
 * Asks the tracker what an issue says now. Words of people who linked their account count, what is written there is copied into the record,
 * and our part of the text is put right where somebody else changed it.
 */
export async function lookAtIssue(
  context: AppContext,
  connection: Connection,
  issue: string,
  signal: AbortSignal,
): Promise<Taken> {
  const { tracker } = connection.offers;
  if (!tracker) return DONE;
  const since = (await clock(context.db)) - LOOKS_BACK_MS;
  const seen = await tracker.look(issue, since, signal);
  if (seen.kind !== 'seen') return seen;
  const request = await requestOf(context.db, connection.name, issue);
  for (const comment of seen.found.comments)
    await heedComment(context, connection.name, comment, request?.change_id ?? null);
  if (request && request.kept !== null && request.kept !== seen.found.kept)
    await restore(context, connection.name, { change: request.change_id, issue });
  return DONE;
}

/** Once each. A program's words are looked at as well: that they do not count is recorded. */
async function heedComment(
  context: AppContext,
  connection: string,
  comment: SeenComment,
  change: string | null,
): Promise<void> {
  const source = `${connection} comments`;
  if (await wasHeard(context.db, source, comment.id)) return;
  const { author, authorName, body } = comment;
  const digits = approvedIn(body);
  if (digits !== null) await takeWord(context, { connection, comment, change }, digits);
  else if (!comment.bot && !comment.edited)
    await claimLinks(context, { connection, externalUser: author, shownAs: authorName, text: body });
  await transact(context.db, async (tx) => {
    if (!(await insertDelivery(tx, source, comment.id)) || change === null || comment.bot) return;
    const link = await linkInForce(tx, connection, author);
    const person = link?.person ?? `${connection}:${author} (${authorName.slice(0, 80)})`;
    const copy = body.slice(0, LONGEST_COPY).toWellFormed().replaceAll('\0', '');
    if (copy.trim() !== '')
      await insertMessage(tx, { place: 'discussion', change_id: change, person, body: copy });
  });
}
