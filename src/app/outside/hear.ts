import { clock } from '../../store/clock.ts';
import type { AppContext } from '../context.ts';
import type { Connection, RawRequest, Received, Told } from '../ports/connection.ts';
import { choicesNow, NOT_NOW, takeForm } from './hear-form.ts';
import { inTime } from './in-time.ts';
import { keepHeard, type Heard } from './keep-heard.ts';

/**
 * Takes what a peer tells us, by its bytes. Who sent it is looked at before anybody reads it; then it is kept, once, with what follows
 * from it, and answered: that is done afterwards, from the outbox, so that no peer waits for it and nothing is lost.
 */
export async function hear(
  context: AppContext,
  name: string,
  request: Omit<RawRequest, 'receivedAtMs'>,
): Promise<Heard> {
  const connection = context.connections.all.find((one) => one.name === name);
  // A name that nobody has and a wrong signature are answered alike.
  if (!connection?.hears) return { kind: 'unverified' };
  const received = await atItsTime(context, (receivedAtMs) =>
    connection.hears?.({ ...request, receivedAtMs }),
  );
  if (received === undefined || received.kind === 'unverified') return { kind: 'unverified' };
  return received.kind === 'answered' ? received : takeUp(context, connection, received);
}

/** The database's clock is waited for so long where somebody looks at a form meanwhile. */
const CLOCK_MS = 800;

/**
 * Reads what a peer says, by the database's clock. Whoever hands a form in waits for seconds: where the database does not answer they are
 * told so in the form, by this server's own clock; nothing else is done by that.
 */
async function atItsTime<T extends Received | undefined>(
  { db }: AppContext,
  read: (receivedAtMs: number) => T,
): Promise<T | Extract<Heard, { kind: 'answered' }>> {
  const time = clock(db);
  const away = await inTime(CLOCK_MS, () => time).then(
    () => false,
    () => true,
  );
  const early = away ? read(Date.now()) : undefined;
  if (early?.kind !== 'form' && early?.kind !== 'choices') return read(await time);
  time.catch(() => undefined);
  return { kind: 'answered', ...(early.kind === 'form' ? early.answers.wrong([NOT_NOW]) : early.answer([])) };
}

/** What was verified: kept, or answered at once. */
async function takeUp(context: AppContext, connection: Connection, told: Told): Promise<Heard> {
  if (told.kind === 'heard') return keepHeard(context, connection.name, told);
  if (told.kind === 'form') return takeForm(context, connection, told);
  return { kind: 'answered', ...told.answer(await choicesNow(context, connection, told.wanted)) };
}

/** Hears every peer that tells over a connection of ours, until each is stopped. */
export function listenToPeers(context: AppContext): { stop(): Promise<void> }[] {
  return context.connections.all.flatMap((connection) => listenTo(context, connection) ?? []);
}

function listenTo(context: AppContext, connection: Connection) {
  const { name, listens } = connection;
  return listens?.(
    async (read) => {
      const told = await atItsTime(context, read);
      const heard = told.kind === 'answered' ? told : await takeUp(context, connection, told);
      if (heard.kind === 'answered') return { answer: heard };
      return heard.kind === 'heard' && heard.answer ? { answer: heard.answer } : {};
    },
    (because) =>
      context.log.warn(
        { connection: name, because: context.connections.mask(because) },
        'not heard; it will be tried again',
      ),
  );
}
