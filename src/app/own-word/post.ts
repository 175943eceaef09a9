import { findChange } from '../../store/changes.ts';
import { lockLink, type LinkRow } from '../../store/account-links.ts';
import { transact } from '../../store/database.ts';
import { insertDelivery } from '../../store/heard-deliveries.ts';
import { firstReceipt } from '../../store/outbox-sending.ts';
import { issueOfChange } from '../../store/change-issues.ts';
import { countedSince, findOwnWord, settleOwnWord, type OwnWordRow } from '../../store/own-words.ts';
import { broken, usableRight } from '../account-link/lent.ts';
import { linkedCall } from '../account-link/linked-call.ts';
import { systemCall, type Call } from '../actor.ts';
import { carryOut, entryBase, record } from '../carry-out.ts';
import { giveWord } from '../change/approve.ts';
import type { AppContext } from '../context.ts';
import { refuse } from '../outcome.ts';
import { CHAT_TOPICS } from '../outside/chat-text.ts';
import type { Connection } from '../ports/connection.ts';
import type { Taken } from '../ports/taken.ts';
import { heedIssue } from '../tracker/heed-issue.ts';
import { LATEST_S, TOO_LATE } from './offer.ts';

interface Posting {
  readonly connection: Connection;
  readonly word: OwnWordRow;
  readonly link: LinkRow;
  /** As the database knows now whose account it is. */
  readonly call: Call;
  readonly signal: AbortSignal;
}

/**
 * Posts a person's word as that person, and takes it where the peer says that it stands there by their account: in a tracker by the way of
 * every comment, in a channel by the answer to the posting. What came of it is said once; nothing of it is tried for ever.
 */
export async function postOwnWord(
  context: AppContext,
  connection: Connection,
  { id, key }: { readonly id: string; readonly key: string },
  signal: AbortSignal,
): Promise<Taken> {
  const word = await findOwnWord(context.db, id);
  if (!word || word.settled_at !== null) return { kind: 'taken', receipt: null };
  if (await countedSince(context.db, word)) return settle(context, word, { counted: true });
  const posting = await prepared(context, connection, word, { key, signal });
  if (typeof posting === 'string') return settle(context, word, { counted: false, because: posting });
  const { lending } = connection.offers;
  if (!lending) throw new Error('expected a peer that lends, got another');
  const usable = await usableRight(context, lending, posting.link, signal);
  if (usable.kind !== 'usable') return unusable(context, word, usable);
  const at = await whereOf(context, word);
  const said = await lending.post(usable.right, { id: key, at, body: word.body }, signal);
  if (said.kind === 'taken') return count(context, posting, said.receipt);
  if (said.kind === 'later' && said.credential === 'refused')
    return settle(context, word, { counted: false, because: await broken(context, posting.link) });
  return unusable(context, word, said);
}

/** What it takes to post; or why it is not posted at all. */
async function prepared(
  context: AppContext,
  connection: Connection,
  word: OwnWordRow & { readonly age_seconds: number },
  { key, signal }: { readonly key: string; readonly signal: AbortSignal },
): Promise<Posting | string> {
  if (word.age_seconds > LATEST_S) return TOO_LATE;
  if (context.policy.file.connections[word.place] !== connection.name || !connection.offers.lending)
    return `the policy names another place than ${connection.name} by now: press again`;
  const row = await findChange(context.db, word.change_id);
  if (row?.digest !== word.digest) return 'the plan was edited since: look at it, and press again';
  const link = await transact(context.db, (tx) => lockLink(tx, word.link));
  const account = link?.ended_at === null ? link.external_user : null;
  const call =
    account === null ? null : await linkedCall(context.db, connection.name, account, key.slice(0, 100));
  // INVARIANT: a right that was lent serves its person's own press, and no other.
  return link && call?.actor.person === word.person
    ? { connection, word, link, call, signal }
    : 'the account is yours no more: link it again, on your page under People';
}

async function whereOf({ db }: AppContext, word: OwnWordRow): Promise<string | null> {
  if (word.place === 'issue') return (await issueOfChange(db, word.change_id))?.issue ?? null;
  const about = `change/${word.change_id}`;
  return firstReceipt(db, { connection: word.connection, about, topics: CHAT_TOPICS });
}

/** It stands there: taken as what it is. */
async function count(context: AppContext, posting: Posting, receipt: string | null): Promise<Taken> {
  const { word, connection, signal, call } = posting;
  if (word.place === 'chat') return countInChat(context, call, word, receipt);
  const { issue } = (await issueOfChange(context.db, word.change_id)) ?? {};
  const seen = await heedIssue(context, connection, issue ?? '', signal);
  if (seen.kind === 'later') return seen;
  const counted = await countedSince(context.db, word);
  const because = counted
    ? null
    : `it stands at ${connection.name}, and did not count: the history of the change says why`;
  return settle(context, word, { counted, because, receipt });
}

async function countInChat(
  context: AppContext,
  call: Call,
  word: OwnWordRow,
  receipt: string | null,
): Promise<Taken> {
  const deed = { type: 'change.approved', action: 'approve', object: `change/${word.change_id}` };
  const approval = { as: 'eoc', for: 'start', digest: word.digest } as const;
  const outcome = await carryOut(context, call, deed, async (tx) =>
    (await insertDelivery(tx, `${word.connection} words`, receipt ?? word.id))
      ? giveWord(tx, { context, call }, word.change_id, { via: 'chat', approval })
      : refuse('conflict', 'expected a message that was not taken yet, got one that was'),
  );
  return settle(
    context,
    word,
    outcome.ok
      ? { counted: true, receipt }
      : {
          counted: false,
          because: `it stands there, and did not count: ${outcome.refusal.because}`,
          receipt,
        },
  );
}

/** What may come right by itself is tried again while there is time. */
function unusable(
  context: AppContext,
  word: OwnWordRow,
  said: Exclude<Taken, { kind: 'taken' }>,
): Promise<Taken> | Taken {
  if (said.kind === 'later') return said;
  const because = `it was not posted: ${context.connections.mask(said.because)}. Write it there yourself, or press again`;
  return settle(context, word, { counted: false, because });
}

/** What was settled is settled, and nobody has to look after it: its person sees it where the press was made. */
async function settle(
  context: AppContext,
  { id, change_id: change, connection, digest, person }: OwnWordRow,
  {
    counted,
    because = null,
    receipt = null,
  }: { readonly counted: boolean; readonly because?: string | null; readonly receipt?: string | null },
): Promise<Taken> {
  await transact(context.db, async (tx) => {
    await settleOwnWord(tx, id, { counted, because, receipt });
    if (counted) return;
    await record(tx, {
      ...entryBase(context, systemCall(connection)),
      type: 'change.own-word-refused',
      action: 'post-approval',
      object: `change/${change}`,
      outcome: 'deny',
      reason: because ?? 'it did not count',
      before: null,
      after: null,
      digests: { plan: digest },
      details: { word: id, person },
    });
  });
  return { kind: 'taken', receipt: null };
}
