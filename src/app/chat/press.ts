import { effect } from '../../contract/effects.ts';
import { clock } from '../../store/clock.ts';
import { transact } from '../../store/database.ts';
import { areAnswered } from '../../store/idempotent-answers.ts';
import { insertEffect } from '../../store/outbox.ts';
import { effectOfReceipt } from '../../store/outbox-sending.ts';
import type { Call } from '../actor.ts';
import { approveChange } from '../change/approve.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Outcome, type Refused } from '../outcome.ts';
import { isChat } from '../outside/chat-text.ts';
import type { Taken } from '../ports/connection.ts';
import { recordDenied } from '../record-denied.ts';
import { layVeto } from '../veto/veto.ts';
import { readAct, shownBy, TITLES, type ChatAct, type Shown } from './buttons.ts';
import { answered, callOfPeer, talkOf, toldOr, whoCalls, wordsOf, type ChatHeard } from './heard.ts';

type Press = ChatHeard<'chat-press'>;

/** A word is given for what is seen now: a press that could not be taken up for so long is made again. */
const STALE_MS = 600_000;

/**
 * Takes a press up: as the person who linked the account, for what the message showed by our own record of it. The bytes were the
 * channel's, so who pressed is proven; what the button says is compared with what was sent.
 */
export async function heedPress(context: AppContext, press: Press): Promise<Taken> {
  const { event, signal } = press;
  const said = await outcomeOf(context, press);
  if ('kind' in said) return said;
  return toldOr(await talkOf(press).answer(event.reply, said.text, signal));
}

/** What came of it, for its person; or why that is not known yet. */
async function outcomeOf(
  context: AppContext,
  press: Press,
): Promise<{ readonly text: string } | Extract<Taken, { kind: 'later' }>> {
  const act = readAct(press.event.act);
  const who = await whoCalls(context, press);
  const isDone = who.ok && (await wasDone(context, who.value));
  const read = act === null ? notOurs() : await shownUnder(context, press, { act, isDone });
  const refused = read.ok ? (who.ok ? null : who) : read;
  if (refused !== null || !read.ok || !who.ok || act === null)
    return deny(context, who.ok ? who.value : callOfPeer(press), refused);
  const call = who.value;
  if (act.kind === 'approve' && !isDone) {
    const person = await talkOf(press).isPerson(press.event.who, press.signal);
    if (person.kind === 'later') return person;
    if (person.kind === 'refused') return deny(context, call, refuse('not_permitted', person.because));
  }
  const outcome = await answered(() => carryOutAct(context, call, act, read.value));
  if (!outcome.ok) return { text: wordsOf(outcome.refusal) };
  await sayInThread(context, press, { changeId: read.value.changeId, body: outcome.value });
  return { text: outcome.value };
}

/** Whether it was carried out before: what is left is to say so, however late whoever pressed can be told. */
async function wasDone({ db }: AppContext, { actor: { person }, repeat }: Call): Promise<boolean> {
  if (repeat === undefined) return false;
  const [isDone = false] = await areAnswered(db, [{ person, key: repeat.key }]);
  return isDone;
}

/** What the message showed, by what was sent and is known by its receipt; or why nothing under it counts. */
async function shownUnder(
  context: AppContext,
  { connection, event }: Press,
  { act, isDone }: { readonly act: ChatAct; readonly isDone: boolean },
): Promise<Outcome<Shown>> {
  const row = await effectOfReceipt(context.db, connection.name, event.message);
  const read = effect.safeParse({ topic: row?.topic, payload: row?.payload });
  const shown = read.success && isChat(read.data) ? shownBy(read.data) : null;
  if (shown === null)
    return refuse(
      'not_permitted',
      'expected a message of the production channel that this server sent, got another',
    );
  if (act.kind === 'veto' || isDone) return { ok: true, value: shown };
  if (context.policy.file.connections.chat !== connection.name)
    return refuse(
      'not_permitted',
      `expected it in \`${context.policy.file.connections.chat}\`, which the policy names, got it in \`${connection.name}\``,
    );
  if (!event.asSent)
    return refuse('not_permitted', 'expected the message as it was sent, got one that was edited since');
  if (act.digest !== shown.digest || act.for !== shown.for)
    return refuse('not_permitted', 'expected a button of this message, got one of another');
  if ((await clock(context.db)) > event.at + STALE_MS)
    return refuse(
      'not_permitted',
      'expected a press within the last ten minutes, got an older one: press again',
    );
  return { ok: true, value: shown };
}

function notOurs(): Refused {
  return refuse('invalid', 'expected a button of this server, got another');
}

async function carryOutAct(
  context: AppContext,
  call: Call,
  act: ChatAct,
  { changeId }: Shown,
): Promise<Outcome<string>> {
  const { person } = call.actor;
  if (act.kind === 'veto') {
    const reason = 'Vetoed by a button in the production channel.';
    const laid = await layVeto(context, call, { change: changeId, reason, stopsRollback: false });
    return laid.ok ? { ok: true, value: `${person} vetoed ${changeId}.` } : laid;
  }
  const approval = { as: act.as, for: act.for, digest: act.digest };
  const given = await approveChange(context, call, changeId, { via: 'chat', approval });
  if (!given.ok) return given;
  return {
    ok: true,
    value: `${person} approved the ${act.for} of ${changeId} as ${TITLES[act.as]}, for plan ${act.digest}.`,
  };
}

/** Everybody sees who said what, where it was said. */
async function sayInThread(
  { db }: AppContext,
  { connection, event }: Press,
  { changeId, body }: { readonly changeId: string; readonly body: string },
): Promise<void> {
  const about = `change/${changeId}`;
  const key = `chat:${connection.name}:${event.id}`;
  await transact(db, (tx) =>
    insertEffect(tx, { key, topic: 'chat', payload: { about, body }, connection: connection.name, about }),
  );
}

async function deny(
  context: AppContext,
  call: Call,
  refused: Refused | null,
): Promise<{ readonly text: string }> {
  const { refusal } = refused ?? notOurs();
  await recordDenied(context, call, `chat/${call.source}`, refusal.because);
  return { text: wordsOf(refusal) };
}
