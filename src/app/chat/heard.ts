import { linkedCall } from '../account-link/linked-call.ts';
import type { Call } from '../actor.ts';
import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import type { Connection, HeardEvent, Taken, Talk } from '../ports/connection.ts';

/** What somebody asked for in a channel, as whoever takes it up is given it. */
export interface ChatHeard<K extends HeardEvent['kind']> {
  readonly connection: Connection;
  readonly event: Extract<HeardEvent, { kind: K }>;
  readonly signal: AbortSignal;
}

/** As far as all of them are alike. */
interface FromChat {
  readonly connection: Connection;
  readonly event: Pick<Extract<HeardEvent, { id: string }>, 'kind' | 'id' | 'who'>;
}

/** A call of the peer itself: of an account that nobody linked. It holds no role and no scope. */
export function callOfPeer({ connection, event }: FromChat): Call {
  return {
    actor: {
      person: connection.name,
      kind: 'system',
      issuer: connection.name,
      subject: event.who,
      botOf: null,
      agent: false,
      standing: [],
      onDuty: [],
      scopes: [],
      credential: { kind: 'none', id: event.who },
      host: null,
    },
    requestId: `${connection.name}:${event.id}`.slice(0, 200),
    source: connection.name,
  };
}

/**
 * The call of whoever linked the account, as the database knows them now: through the door of the channel, carried out once however often
 * it is taken up. Or why it is nobody's.
 */
export async function whoCalls(context: AppContext, { connection, event }: FromChat): Promise<Outcome<Call>> {
  const key = `${connection.name}:${event.id}`.slice(0, 200);
  const call = await linkedCall(context.db, connection.name, event.who, key);
  if (call === null) return refuse('not_permitted', notLinked(connection.name));
  const digest = digestOf(context, event);
  return done({ ...call, repeat: { key, route: `chat ${event.kind}`, digest } });
}

/** What is said to an account that nobody linked. */
export function notLinked(connection: string): string {
  return `expected an account that its person linked while signed in, got one without a link: run \`interlock account link ${connection}\``;
}

/** What a refusal or an error says, in the words that it has everywhere. */
export function wordsOf(refused: Refused['refusal'] | AppError): string {
  const because = refused instanceof AppError ? refused.message : refused.because;
  const problems = refused.details?.['problems'];
  const more = Array.isArray(problems) ? problems.filter((one) => typeof one === 'string') : [];
  return [because, ...more].join('\n');
}

/** Does what somebody asked for; what is thrown as an answer is one. Anything else is tried again. */
export async function answered<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    const later: readonly ErrorCode[] = ['internal', 'unavailable', 'no_evidence'];
    if (!(error instanceof AppError) || later.includes(error.code)) throw error;
    return refuse(error.code, error.message, error.details);
  }
}

/** The channel that can talk; a connection whose peer tells such things has one. */
export function talkOf({ connection }: { readonly connection: Connection }): Talk {
  if (!connection.talk) throw new Error(`expected \`${connection.name}\` to talk with people, got none`);
  return connection.talk;
}

/**
 * What was done is done, whether or not its person can be told: an answer that does not arrive is worth no second act. One that may arrive
 * later is tried again with the rest, which is carried out once.
 */
export function toldOr(said: Taken): Taken {
  return said.kind === 'later'
    ? said
    : { kind: 'taken', receipt: said.kind === 'taken' ? said.receipt : said.because };
}
