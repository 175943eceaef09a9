import { wasHeard } from '../../store/heard-deliveries.ts';
import { choicesFor } from '../chat/declare-choices.ts';
import { lookAtForm } from '../chat/declare-look.ts';
import type { AppContext } from '../context.ts';
import type { Choice, ChoicesWanted, Connection, FieldFlaw, Told } from '../ports/connection.ts';
import { inTime } from './in-time.ts';
import { keepHeard, type Heard } from './keep-heard.ts';

/** Slack wants its answer within three seconds; the way there and back is in them. */
const LOOK_MS = 2_000;

/** What was written stays in the form: nothing of it is lost. */
export const NOT_NOW: FieldFlaw = {
  field: null,
  because: 'Nothing was filed: this server cannot look at it at this moment. Press again in a moment.',
};

type Form = Extract<Told, { kind: 'form' }>;

/**
 * Takes a form that is handed in. It is looked at as a plan that is being written is, and what is wrong with it is the answer. A sound one
 * is kept before it is answered, and filed from the queue; so is one of an account that is nobody's, whose refusal is recorded there.
 *
 * INVARIANT: no record, no action. What could not be looked at, or not kept, in time is answered as that, and is not kept later.
 */
export async function takeForm(context: AppContext, connection: Connection, form: Form): Promise<Heard> {
  const { delivery, event, answers } = form;
  const { name } = connection;
  const take = async (over: AbortSignal): Promise<Heard> => {
    if (await wasHeard(context.db, name, delivery))
      return { kind: 'heard', heard: 'before', answer: answers.kept };
    const look = await lookAtForm(context, connection, event);
    if (look.kind === 'wrong') return { kind: 'answered', ...answers.wrong(look.flaws) };
    const answer = look.kind === 'nobody' ? answers.says(look.because) : answers.kept;
    return keepHeard(context, name, { delivery, events: [event], answer }, over);
  };
  try {
    return await inTime(LOOK_MS, take);
  } catch (error) {
    const because = context.connections.mask(String(error));
    context.log.warn({ connection: name, because }, 'a form was not looked at in time, and is not kept');
    return { kind: 'answered', ...answers.wrong([NOT_NOW]) };
  }
}

/** What can be chosen; nothing where it cannot be found in time. */
export async function choicesNow(
  context: AppContext,
  connection: Connection,
  wanted: ChoicesWanted,
): Promise<readonly Choice[]> {
  try {
    return await inTime(LOOK_MS, () => choicesFor(context, connection, wanted));
  } catch (error) {
    const because = context.connections.mask(String(error));
    context.log.warn({ connection: connection.name, because }, 'what can be chosen was not found in time');
    return [];
  }
}
