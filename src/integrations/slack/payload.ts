import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FormValues, HeardEvent, Told } from '../../app/ports/connection.ts';
import { choicesAnswer, fieldOfBlock, formAnswers } from './form.ts';

const id = z.string().min(1).max(100);
const handle = z.string().max(2_000);

const command = z.object({
  team_id: id,
  user_id: id,
  user_name: z.string().max(200).default(''),
  text: z.string().max(4_000).default(''),
  response_url: handle,
  trigger_id: handle,
});

const who = { user: z.object({ id, team_id: id.optional() }), team: z.object({ id }).nullish() };

const press = z.object({
  ...who,
  type: z.literal('block_actions'),
  channel: z.object({ id }),
  message: z.object({ ts: id, edited: z.unknown().optional() }),
  actions: z.array(z.object({ value: z.string().max(200) })).length(1),
  response_url: handle,
});

const option = z.object({ value: z.string().max(200) });
const input = z.object({
  value: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).max(200).optional(),
  selected_date_time: z.int().min(0).max(9_999_999_999).nullish(),
});
const block = z.string().max(255);
const view = z.object({
  id,
  private_metadata: z.string().max(3_000).default(''),
  state: z.object({ values: z.record(block, z.record(z.string(), input)) }),
});
const submission = z.object({
  ...who,
  type: z.literal('view_submission'),
  view: view.extend({ title: z.object({ text: z.string().max(24) }) }),
});
const touch = z.object({
  ...who,
  type: z.literal('block_actions'),
  view: view.extend({ hash: id }),
});
const suggestion = z.object({
  ...who,
  type: z.literal('block_suggestion'),
  block_id: block,
  value: z.string().max(1_000).default(''),
  view: z.object({ private_metadata: z.string().max(3_000).default('') }),
});

const NOTHING = { contentType: 'text/plain; charset=utf-8', body: '' };

type WithoutMark<T> = T extends unknown ? Omit<T, 'id' | 'at'> : never;
type Event = WithoutMark<Extract<HeardEvent, { id: string }>>;

/** What Slack says in a request or over its socket, by the bytes that it sent: the same bytes are the same delivery. */
export function heardOf(bytes: string | Uint8Array, payload: unknown, at: number): Told {
  const delivery = createHash('sha256').update(bytes).digest('hex');
  const sought = suggestion.safeParse(payload);
  if (sought.success) {
    const { block_id: of, value: typed, view: inView } = sought.data;
    const wanted = {
      who: accountOf(sought.data),
      about: inView.private_metadata,
      field: fieldOfBlock(of),
      typed,
    };
    return { kind: 'choices', wanted: clean(wanted) as typeof wanted, answer: choicesAnswer };
  }
  const filled = submission.safeParse(payload);
  if (filled.success) {
    const { view: form } = filled.data;
    const event = {
      kind: 'chat-form' as const,
      who: accountOf(filled.data),
      ...formIn(form),
      id: delivery,
      at,
    };
    const answers = formAnswers(form.title.text, Object.keys(form.state.values));
    return { kind: 'form', delivery, event: clean(event) as typeof event, answers };
  }
  const told = toldBy(payload);
  // What is not for us is heard, and nothing follows: whoever sent it need not send it again.
  const events = told === null ? [] : [clean({ ...told, id: delivery, at }) as HeardEvent];
  return { kind: 'heard', delivery, events, answer: NOTHING };
}

function toldBy(payload: unknown): Event | null {
  const typed = command.safeParse(payload);
  if (typed.success) {
    const {
      team_id,
      user_id,
      user_name: shownAs,
      text,
      response_url: reply,
      trigger_id: trigger,
    } = typed.data;
    return { kind: 'chat-command', who: `${team_id}/${user_id}`, shownAs, text, reply, trigger };
  }
  const pressed = press.safeParse(payload);
  if (pressed.success) {
    const { channel, message, actions, response_url: reply } = pressed.data;
    return {
      kind: 'chat-press',
      who: accountOf(pressed.data),
      message: `${channel.id}/${message.ts}`,
      asSent: message.edited === undefined || message.edited === null,
      act: actions[0]?.value ?? '',
      reply,
    };
  }
  const touched = touch.safeParse(payload);
  if (!touched.success) return null;
  const { view: form } = touched.data;
  // With what Slack knows this state of it by: it shows nothing in the place of a later one.
  const filled = { ...formIn(form), view: `${form.id} ${form.hash}` };
  return { kind: 'chat-form-touched', who: accountOf(touched.data), ...filled };
}

/** A person is known by team and user: the same user id may stand in two teams. */
function accountOf({ user, team }: Pick<z.output<typeof press>, 'user' | 'team'>): string {
  return `${user.team_id ?? team?.id ?? ''}/${user.id}`;
}

function formIn({ id: of, private_metadata: about, state }: z.output<typeof view>) {
  const fields: FormValues = Object.fromEntries(
    Object.entries(state.values).map(([name, inputs]) => {
      const [one] = Object.values(inputs);
      return [fieldOfBlock(name), one ? valueOf(one) : ''];
    }),
  );
  return { view: of, about, fields };
}

function valueOf({ value, selected_option, selected_options, selected_date_time }: z.output<typeof input>) {
  if (selected_options !== undefined) return selected_options.map((one) => one.value);
  if (typeof selected_date_time === 'number') return new Date(selected_date_time * 1_000).toISOString();
  return selected_option?.value ?? value ?? '';
}

/** Without what cannot be kept: NUL, and halves of characters. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
}
