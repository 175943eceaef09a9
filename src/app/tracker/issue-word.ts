import { giveWord } from '../change/approve.ts';
import { linkedCall } from '../account-link/linked-call.ts';
import { systemCall } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { refuse } from '../outcome.ts';
import type { SeenComment } from '../ports/connection.ts';
import { findChange } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import { insertDelivery } from '../../store/heard-deliveries.ts';

const PHRASE = /^\s*`?approve start ([0-9a-f]{12,64})`?\s*(?:\n|$)/i;
/** So many digits of the digest name a plan to whoever approves it. */
const DIGITS = 12;
/** What was written longer ago was not said to this moment: a start is approved at the start. */
const LONGEST_AGO_MS = 15 * 60_000;

/** What the engineer on call writes to approve the start of the plan with this digest. */
export function phraseFor(digest: string): string {
  return `approve start ${digest.replace('sha256:', '').slice(0, DIGITS)}`;
}

/** The digits of the digest in a comment that approves a start; `null` where it is another comment. */
export function approvedIn(body: string): string | null {
  return PHRASE.exec(body)?.[1]?.toLowerCase() ?? null;
}

interface Written {
  readonly connection: string;
  readonly comment: SeenComment;
  /** The request that the issue is of; `null` where it is of none. */
  readonly change: string | null;
}

/**
 * Takes a comment that approves a start, as the tracker itself says it: the word of whoever linked that account, through the door `issue`. What
 * does not count is recorded.
 */
export async function takeWord(
  context: AppContext,
  { connection, comment, change }: Written,
  digits: string,
): Promise<void> {
  const object = change === null ? `connection/${connection}` : `change/${change}`;
  const deed = { type: 'change.approved', action: 'approve', object };
  const requestId = `${connection}-comment-${comment.id}`.slice(0, 100);
  const call = await linkedCall(context.db, connection, comment.author, requestId);
  const { issue } = context.policy.file.connections;
  const because =
    issue === connection
      ? whyNot(comment, change, call !== null, await clock(context.db))
      : `expected it in \`${issue}\`, which the policy names, got it in \`${connection}\``;
  if (because !== null || call === null || change === null) {
    const by = call ?? { ...systemCall(connection), requestId, source: connection };
    await carryOut(context, by, deed, () =>
      Promise.resolve(refuse('not_permitted', because ?? 'expected an account that somebody linked')),
    );
    return;
  }
  const row = await findChange(context.db, change);
  const isMeant = row?.digest.startsWith(`sha256:${digits}`) === true;
  // Another plan is refused where every word is, and recorded there.
  const digest = isMeant ? row.digest : `sha256:${digits}`;
  const word = { via: 'issue', approval: { as: 'eoc', for: 'start', digest } } as const;
  // Two webhooks about one issue are taken up at once: the comment is one word.
  await carryOut(context, call, deed, async (tx) =>
    (await insertDelivery(tx, `${connection} words`, comment.id))
      ? giveWord(tx, { context, call }, change, word)
      : refuse('conflict', 'expected a comment that was not taken yet, got one that was'),
  );
}

function whyNot(
  comment: SeenComment,
  change: string | null,
  isLinked: boolean,
  nowMs: number,
): string | null {
  if (change === null) return 'expected the issue of a request, got another one';
  if (comment.bot) return 'expected the comment of a person, got one of a program';
  if (!isLinked)
    return `expected an account that somebody linked, got \`${comment.author.slice(0, 40)}\`, which is nobody’s here`;
  if (comment.edited) return 'expected a comment as it was written, got an edited one';
  const ago = nowMs - comment.writtenAt;
  return ago > LONGEST_AGO_MS || ago < -LONGEST_AGO_MS
    ? 'expected a comment of the last 15 minutes, got another one'
    : null;
}
