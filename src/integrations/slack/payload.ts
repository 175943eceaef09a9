import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HeardEvent, Received } from '../../app/ports/connection.ts';
import { plain } from './blocks.ts';

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

const option = z.object({ value: z.string() });
const submission = z.object({
  ...who,
  type: z.literal('view_submission'),
  view: z.object({
    id,
    state: z.object({
      values: z.record(
        z.string().max(100),
        z.record(z.string(), z.object({ value: z.string().nullish(), selected_option: option.nullish() })),
      ),
    }),
  }),
});

const NOTHING = { contentType: 'text/plain; charset=utf-8', body: '' };
/** While it is filed: what came of it is shown in the same place. */
const FILING = {
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify({
    response_action: 'update',
    view: {
      type: 'modal',
      title: plain('Declare a change'),
      blocks: [{ type: 'section', text: plain('It is being filed.') }],
    },
  }),
};

type Heard = Extract<Received, { kind: 'heard' }>;
type WithoutMark<T> = T extends unknown ? Omit<T, 'id' | 'at'> : never;
type Told = WithoutMark<Extract<HeardEvent, { id: string }>>;

/** What Slack says in a request or over its socket, by the bytes that it sent: the same bytes are the same delivery. */
export function heardOf(bytes: string | Uint8Array, payload: unknown, at: number): Heard {
  const delivery = createHash('sha256').update(bytes).digest('hex');
  const told = toldBy(payload);
  // What is not for us is heard, and nothing follows: whoever sent it need not send it again.
  if (told === null) return { kind: 'heard', delivery, events: [], answer: NOTHING };
  const event = clean({ ...told, id: delivery, at }) as HeardEvent;
  return { kind: 'heard', delivery, events: [event], answer: told.kind === 'chat-form' ? FILING : NOTHING };
}

function toldBy(payload: unknown): Told | null {
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
  const filled = submission.safeParse(payload);
  if (!filled.success) return null;
  const { view } = filled.data;
  return {
    kind: 'chat-form',
    who: accountOf(filled.data),
    view: view.id,
    fields: fieldsOf(view.state.values),
  };
}

/** A person is known by team and user: the same user id may stand in two teams. */
function accountOf({ user, team }: Pick<z.output<typeof press>, 'user' | 'team'>): string {
  return `${user.team_id ?? team?.id ?? ''}/${user.id}`;
}

function fieldsOf(values: z.output<typeof submission>['view']['state']['values']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, inputs]) => {
      const [input] = Object.values(inputs);
      return [name, input?.selected_option?.value ?? input?.value ?? ''];
    }),
  );
}

/** Without what cannot be kept: NUL, and halves of characters. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
}
