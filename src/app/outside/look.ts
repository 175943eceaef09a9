import type {
  ConnectionState,
  MessageLog,
  MessageQuery,
  TestedConnection,
} from '../../contract/integrations/state.ts';
import { AppError } from '../../contract/errors.ts';
import { clock } from '../../store/clock.ts';
import { lastHeard } from '../../store/peer-answers.ts';
import { reviveSending, sendingsOf, sendingStates, type LoggedSending } from '../../store/outbox-sending.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { endRests } from '../gate/ask-peers.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { pageOf } from '../page-of.ts';
import type { Connection } from '../ports/connection.ts';
import { attempt } from './attempt.ts';

/** Somebody waits for the answer. */
const TEST_MS = 5_000;

/** The peers of this server, and how it goes with each. */
export async function readConnections({ db, connections }: AppContext): Promise<ConnectionState[]> {
  const names = connections.all.map(({ name }) => name);
  const states = await sendingStates(db, names);
  const asked = await lastHeard(db, names);
  return connections.all.map(({ name, peer, offers, hears, listens }) => {
    const state = states.find(({ connection }) => connection === name);
    const heard = asked.find(({ connection }) => connection === name);
    return {
      name,
      peer,
      offers: Object.keys(offers),
      hears: hears !== null || listens !== undefined,
      waiting: state?.waiting ?? 0,
      givenUp: state?.given_up ?? 0,
      takenAt: state?.taken_at?.toISOString() ?? null,
      failedAt: state?.failed_at?.toISOString() ?? null,
      failure: state?.failure ?? null,
      heardAt: heard?.heard_at?.toISOString() ?? null,
      unheard: heard?.unheard ?? null,
    };
  });
}

/** Asks a peer now whether it would take something of us. It leaves nothing there. @throws {AppError} `not_found` */
export async function testConnection(context: AppContext, name: string): Promise<TestedConnection> {
  const connection = held(context, name);
  const said = await attempt((signal) => connection.test(signal), context.connections.mask, TEST_MS);
  const at = new Date(await clock(context.db)).toISOString();
  if (said.kind === 'taken') endRests(context);
  return said.kind === 'taken'
    ? { name, at, ok: true, text: context.connections.mask(said.receipt ?? connection.peer) }
    : { name, at, ok: false, text: said.because };
}

/** What became of the messages to a peer, a page, the newest first. @throws {AppError} `not_found` */
export async function readMessages(
  context: AppContext,
  name: string,
  { state, before, limit }: MessageQuery,
): Promise<MessageLog> {
  held(context, name);
  const from = before === undefined ? null : BigInt(before);
  const asked = { state: state ?? null, before: from, limit: limit + 1 };
  const { page, next } = pageOf(await sendingsOf(context.db, name, asked), limit, ({ id }) => id.toString());
  return { messages: page.map(messageView), next };
}

/** Sends a message once more that was given up. */
export async function sendMessageAgain(
  context: AppContext,
  call: Call,
  name: string,
  message: string,
): Promise<Outcome<{ readonly id: string }>> {
  held(context, name);
  const deed = { type: 'integration.sent-again', action: 'send-again', object: `integration/${name}` };
  return carryOutValue(context, call, deed, async (tx) => {
    if (!(await reviveSending(tx, name, BigInt(message))))
      return refuse('not_found', `expected a message to \`${name}\` that was given up, got \`${message}\``);
    return done({ value: { id: message }, reason: `message ${message} once more` });
  });
}

function held({ connections }: AppContext, name: string): Connection {
  const found = connections.all.find((one) => one.name === name);
  if (!found) throw new AppError('not_found', `expected a peer of \`integrations.yaml\`, got \`${name}\``);
  return found;
}

function messageView(row: LoggedSending): MessageLog['messages'][number] {
  const state = row.delivered_at !== null ? 'taken' : row.given_up_at !== null ? 'given-up' : 'waiting';
  return {
    id: row.id.toString(),
    key: row.key,
    topic: row.topic,
    about: row.about,
    createdAt: row.created_at.toISOString(),
    state,
    nextAttemptAt: state === 'waiting' ? row.next_attempt_at.toISOString() : null,
    receipt: row.receipt,
    attempts: row.log.map(({ at, outcome, because }) => ({
      at: new Date(at).toISOString(),
      outcome: outcome as MessageLog['messages'][number]['attempts'][number]['outcome'],
      because,
    })),
  };
}
