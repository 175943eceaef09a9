import type { OpenedChange } from '../../contract/changes.ts';
import type { Call } from '../actor.ts';
import { openChange } from '../change/open.ts';
import { scheduleChange } from '../change/schedule.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { refuse, type Outcome } from '../outcome.ts';
import type { ChatForm, Taken } from '../ports/connection.ts';
import { recordDenied } from '../record-denied.ts';
import { readBeginning, type Beginning } from './declare-beginning.ts';
import { isRequest } from './declare-look.ts';
import { planWith, slotOf } from './declare-plan.ts';
import { formOf, TITLE } from './declare.ts';
import { answered, callOfPeer, talkOf, toldOr, whoCalls, wordsOf, type ChatHeard } from './heard.ts';

type Filled = ChatHeard<'chat-form'>;

/**
 * Takes a form up that was handed in, found sound and kept: files the request by the way that every request is filed, and shows what came
 * of it. One form is one request, however often it is handed in.
 */
export async function heedForm(context: AppContext, filled: Filled): Promise<Taken> {
  const { event } = filled;
  const who = await whoCalls(context, filled);
  if (!who.ok) {
    const peer = callOfPeer(filled);
    await recordDenied(context, peer, `chat/${peer.source}`, who.refusal.because);
    return show(filled, saying(wordsOf(who.refusal)));
  }
  const begun = await readBeginning(context, event.about);
  if (!begun.ok) return show(filled, saying(wordsOf(begun.refusal)));
  const filing = { begun: begun.value, filled };
  const filed = await answered(() => file(context, onceFor(context, who.value, filled, 'open'), filing));
  if (filed.ok) return show(filled, saying(await cameTo(context, who.value, filed.value, filing)));
  const because = wordsOf(filed.refusal);
  return show(filled, await formOf(context, who.value, begun.value, { values: event.fields, because }));
}

interface Filing {
  readonly begun: Beginning;
  readonly filled: Filled;
}

async function file(
  context: AppContext,
  call: Call,
  { begun, filled: { event } }: Filing,
): Promise<Outcome<OpenedChange>> {
  const draft = !isRequest(event.fields);
  const filed = await openChange(context, call, { ...planWith(begun, event.fields), draft });
  return !filed.ok && filed.refusal.code === 'conflict'
    ? refuse(
        'conflict',
        'expected a form that was not filed yet, got one that was, with other words: `/change list`',
      )
    : filed;
}

/** The call for one of the two acts that a form asks for. Its key is of the form: what was filed once is not filed again. */
function onceFor(context: AppContext, call: Call, { connection, event }: Filled, act: string): Call {
  const key = `${connection.name}:${act}:${event.view}`.slice(0, 200);
  const digest = digestOf(context, { about: event.about, fields: event.fields });
  return { ...call, repeat: { key, route: `chat form ${act}`, digest } };
}

async function cameTo(
  context: AppContext,
  call: Call,
  change: OpenedChange,
  { begun, filled }: Filing,
): Promise<string> {
  const { id, findings, needs } = change;
  const left = findings.filter(({ level, excepted }) => level === 'error' && !excepted).length;
  const toWrite = `${left} ${left === 1 ? 'thing' : 'things'} of its plan to be written: \`interlock change show ${id}\`.`;
  if (!isRequest(filled.event.fields)) return `${id} is filed as a draft. ${toWrite}`;
  const slot = await pencilled(context, onceFor(context, call, filled, 'slot'), id, { begun, filled });
  const unmet = new Set(needs.filter(({ met }) => !met).map(({ what }) => `- ${what}`));
  return [
    `${id} is opened.${slot}${left === 0 ? '' : ` ${toWrite}`}`,
    ...(unmet.size === 0 ? [] : ['What it needs before it is over:', ...unmet]),
  ].join('\n');
}

/** The slot that the form says, as one that is chosen on the page is: only pencilled in. */
async function pencilled(
  context: AppContext,
  call: Call,
  id: string,
  { begun, filled }: Filing,
): Promise<string> {
  const said = slotOf(begun, filled.event.fields);
  if (said === null) return '';
  const slot = { start: Date.parse(said.start), end: Date.parse(said.end) };
  const wanted = { slot, tentative: true, acknowledgesConflicts: [] };
  const asked = await answered(() => scheduleChange(context, call, id, wanted));
  return asked.ok
    ? ` Its slot is pencilled in: ${said.start} to ${said.end}.`
    : ` Its slot could not be pencilled in: ${wordsOf(asked.refusal)}`;
}

function saying(text: string): ChatForm {
  return { title: TITLE, text, about: '', fields: [] };
}

async function show(filled: Filled, form: ChatForm): Promise<Taken> {
  return toldOr(await talkOf(filled).showForm(filled.event.view, form, filled.signal));
}
