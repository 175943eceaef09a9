import { effect, type Effect } from '../../contract/effects.ts';
import { transact } from '../../store/database.ts';
import {
  firstReceipt,
  restConnection,
  settleSending,
  takeSendings,
  type Attempt,
  type Direction,
  type SendingRow,
} from '../../store/outbox-sending.ts';
import { buttonsFor, shownBy } from '../chat/buttons.ts';
import type { AppContext } from '../context.ts';
import type { Connection, Handed, Taken } from '../ports/connection.ts';
import { againAfter, LEASE_MS, SCHEDULES } from './again.ts';
import { attempt } from './attempt.ts';
import { bodyOf, CHAT_TOPICS, isChat, type ChatEffect } from './chat-text.ts';
import { keepEvent } from '../calendar/keep-event.ts';
import { lookAtCalendar } from '../calendar/look.ts';
import { giveBack } from '../account-link/lent.ts';
import { postOwnWord } from '../own-word/post.ts';
import { closeMoved } from '../tracker/close-moved.ts';
import { keepIssue } from '../tracker/keep-issue.ts';
import { heed } from './heed.ts';
import { noteTaken } from './note-taken.ts';

/** Most that one connection is asked at once. */
const AT_ONCE = 4;

/** Every connection in both directions: each is a queue of its own, so that a peer that hangs keeps no other waiting. */
export function queuesOf({ connections }: Pick<AppContext, 'connections'>) {
  return connections.all.flatMap((connection) =>
    (['out', 'in'] as const).map((direction) => ({ connection, direction })),
  );
}

/** Carries what is due for one connection. Gives how many effects were taken. */
export async function carry(
  context: AppContext,
  connection: Connection,
  direction: Direction,
): Promise<number> {
  const queue = { connection: connection.name, direction };
  const due = await transact(context.db, (tx) =>
    takeSendings(tx, queue, { limit: AT_ONCE, leaseMs: LEASE_MS }),
  );
  const taken = await Promise.all(due.map((row) => carryOne(context, connection, row)));
  return taken.filter(Boolean).length;
}

/** Outside of any transaction: a peer may take its time. */
async function carryOne(context: AppContext, connection: Connection, row: SendingRow): Promise<boolean> {
  const read = effect.safeParse({ topic: row.topic, payload: row.payload });
  const said: Taken = read.success
    ? await attempt(
        (signal) => ask(context, connection, { row, what: read.data, signal }),
        context.connections.mask,
      )
    : { kind: 'refused', because: `expected an effect of a known topic, got \`${row.topic}\`` };
  const came = outcomeOf(said, row.attempts);
  context.metrics.count('interlock_outside_attempts_total', {
    connection: connection.name,
    outcome: came.outcome,
  });
  if (came.outcome !== 'taken') {
    const fields = { connection: connection.name, effect: row.key, attempts: row.attempts };
    context.log.warn(fields, `${came.outcome === 'later' ? 'not taken yet' : 'given up'}: ${came.because}`);
  }
  return transact(context.db, async (tx) => {
    const settled = await settleSending(tx, row.id, came);
    if (said.kind === 'later' && said.retryAfterMs !== null && came.outcome === 'later')
      await restConnection(tx, connection.name, came.againInMs);
    if (!settled || came.outcome !== 'taken' || !read.success) return false;
    await noteTaken(tx, context, { connection: connection.name, what: read.data, receipt: came.receipt });
    return true;
  });
}

function outcomeOf(said: Taken, attempts: number): Attempt {
  if (said.kind === 'taken') return { outcome: 'taken', receipt: said.receipt };
  if (said.kind === 'refused') return { outcome: 'refused', because: said.because };
  const againInMs = againAfter(SCHEDULES.connection, attempts, said.retryAfterMs);
  return againInMs === null
    ? { outcome: 'refused', because: `${said.because}, ${attempts} times` }
    : { outcome: 'later', because: said.because, againInMs };
}

interface Asking {
  readonly row: SendingRow;
  readonly what: Effect;
  readonly signal: AbortSignal;
}

/** Asks the connection for what it has to offer for this. */
async function ask(context: AppContext, connection: Connection, asking: Asking): Promise<Taken> {
  const { row, what, signal } = asking;
  const { mail, posts, audience, annotations, silences, tracker } = connection.offers;
  const handed = { id: row.key, about: row.about ?? 'interlock' };
  if (isChat(what)) return say(context, connection, { handed, what }, signal);
  switch (what.topic) {
    case 'direct':
      return connection.talk
        ? connection.talk.tell(what.payload.account, { ...what.payload, ...handed }, signal)
        : cannot(connection, 'talk');
    case 'mail':
      return mail ? mail.send({ ...what.payload, ...handed }, signal) : cannot(connection, 'mail');
    case 'publish':
      return posts ? posts.post({ ...what.payload, ...handed }, signal) : cannot(connection, 'posts');
    case 'audience':
      return audience
        ? audience.tell({ ...what.payload, ...handed, id: idForOthers(context, row) }, signal)
        : cannot(connection, 'audience');
    case 'annotate':
      return annotations
        ? annotations.annotate({ ...what.payload, ...handed }, signal)
        : cannot(connection, 'annotations');
    case 'silence':
      return silences
        ? silences.silence({ ...what.payload, ...handed }, signal)
        : cannot(connection, 'silences');
    case 'unsilence':
      return silences ? silences.expire(what.payload.known, signal) : cannot(connection, 'silences');
    case 'comment':
      return tracker
        ? tracker.comment({ ...what.payload, ...handed }, signal)
        : cannot(connection, 'tracker');
    case 'close-issue':
      return tracker
        ? closeMoved(context, { connection: connection.name, tracker }, { handed, ...what.payload }, signal)
        : cannot(connection, 'tracker');
    case 'issue':
      return issue(context, connection, { handed, ...what.payload }, signal);
    case 'calendar':
      return keepEvent(context, connection, { handed, ...what.payload }, signal);
    case 'calendar-look':
      return lookAtCalendar(context, connection, what.payload.place, signal);
    case 'own-word':
      return postOwnWord(context, connection, { id: what.payload.word, key: row.key }, signal);
    case 'give-back':
      return giveBack(context, connection, what.payload.link, signal);
    case 'heard':
      return heed(context, connection, what.payload, signal);
  }
}

function issue(
  context: AppContext,
  connection: Connection,
  wanted: { readonly handed: Handed; readonly change: string },
  signal: AbortSignal,
): Promise<Taken> | Taken {
  const { tracker } = connection.offers;
  return tracker
    ? keepIssue(context, { connection: connection.name, tracker }, wanted, signal)
    : cannot(connection, 'tracker');
}

/** Whoever is outside the company learns no number of a change by what a message is known by. */
function idForOthers({ ledger }: AppContext, { key }: SendingRow): string {
  return Buffer.from(ledger.book.key.derive(`told ${key}`)).toString('hex', 0, 16);
}

/** In the thread of what it is about. */
async function say(
  context: AppContext,
  connection: Connection,
  { handed, what }: { readonly handed: Handed; readonly what: ChatEffect },
  signal: AbortSignal,
): Promise<Taken> {
  const { chat } = connection.offers;
  if (!chat) return cannot(connection, 'chat');
  const place = { connection: connection.name, about: handed.about, topics: CHAT_TOPICS };
  const thread = await firstReceipt(context.db, place);
  return chat.post({ ...handed, ...messageOf(context, what), thread }, signal);
}

/** A message that asks for a word says for which plan: what is pressed under it counts for that alone. */
function messageOf({ policy }: AppContext, what: ChatEffect) {
  const shown = shownBy(what);
  const body = bodyOf(what);
  return {
    body: shown === null ? body : `${body}\n\nplan ${shown.digest}`,
    buttons: buttonsFor(what, policy),
  };
}

function cannot({ name }: Connection, what: string): Taken {
  return { kind: 'refused', because: `expected \`${name}\` to offer ${what}, which it does not` };
}
