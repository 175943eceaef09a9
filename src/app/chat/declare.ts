import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, type Outcome } from '../outcome.ts';
import type { ChatForm, FormValues, Taken } from '../ports/connection.ts';
import { readBeginning, type Beginning } from './declare-beginning.ts';
import { fieldsOf, shownField, writtenIn } from './declare-fields.ts';
import { countsAs } from './declare-look.ts';
import { textOf } from './declare-plan.ts';
import { talkOf, toldOr, whoCalls, type ChatHeard } from './heard.ts';

export const TITLE = 'Declare a change';
/** What most requests are. */
const USUAL = 'C3';
const HINT =
  'Steps, checks and the way back come from what it is begun from. A draft asks nothing of anybody until it is submitted.';

/** Opens the form for whoever asked; it has to be quick, for the channel waits for seconds only. `from`: what it is begun from. */
export async function openDeclaration(
  context: AppContext,
  { event, signal, ...command }: ChatHeard<'chat-command'>,
  call: Call,
  from: string,
): Promise<Outcome<Taken>> {
  const begun = await readBeginning(context, from === '' ? USUAL : from);
  if (!begun.ok) return begun;
  const form = await formOf(context, call, begun.value, { values: firstValues(begun.value, call) });
  return done(await talkOf(command).openForm(event.trigger, form, signal));
}

/** Shows the form anew, as what was chosen in it asks for; nothing else follows. */
export async function heedTouched(
  context: AppContext,
  touched: ChatHeard<'chat-form-touched'>,
): Promise<Taken> {
  const who = await whoCalls(context, touched);
  const { about, view, fields } = touched.event;
  const begun = await readBeginning(context, textOf(fields['begin']));
  if (!who.ok || !begun.ok) return { kind: 'taken', receipt: null };
  const begin = begun.value.name;
  const values =
    begin === about
      ? fields
      : { ...firstValues(begun.value, who.value), ...(await ownWords(context, about, fields)), begin };
  const form = await formOf(context, who.value, begun.value, { values });
  return toldOr(await talkOf(touched).showForm(view, form, touched.signal));
}

/** Where the text names nobody yet: whoever asks. */
function firstValues(begun: Beginning, { actor: { person } }: Call): FormValues {
  const open = fieldsOf(begun).filter(
    (field) =>
      ['executor', 'team'].includes(field.name) && ['', 'fill-me'].includes(textOf(writtenIn(begun, field))),
  );
  return Object.fromEntries(open.map(({ name, kind }) => [name, kind === 'choices' ? [person] : person]));
}

/** What somebody wrote who then begins from something else: neither what the former text had, nor its parameters. */
async function ownWords(context: AppContext, about: string, fields: FormValues): Promise<FormValues> {
  const before = await readBeginning(context, about);
  if (!before.ok) return {};
  const own = fieldsOf(before.value).filter((field) => {
    const text = textOf(fields[field.name]);
    return text !== '' && !field.name.startsWith('with.') && text !== textOf(writtenIn(before.value, field));
  });
  return Object.fromEntries(own.map(({ name }) => [name, fields[name] ?? '']));
}

/** What is begun from, with what was filled in so far, and what that counts as; or why it was not filed. */
export async function formOf(
  context: AppContext,
  call: Call,
  begun: Beginning,
  { values, because }: { readonly values: FormValues; readonly because?: string },
): Promise<ChatForm> {
  const { policy } = context.policy;
  const fields = fieldsOf(begun).map((field) => shownField(policy, begun, field, values));
  const filled = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const text = because ?? `${HINT}\n\n${await countsAs(context, call, begun, filled)}`;
  return { title: TITLE, text, about: begun.name, fields };
}
