import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { onDutyNow } from '../../store/rota.ts';
import {
  endSilence,
  lockSilence,
  lockSilenceNumbered,
  noteSilence,
  standingSilences,
  type SilenceRow,
} from '../../store/silences.ts';
import type { AppContext } from '../context.ts';
import { eachByItself } from '../each-by-itself.ts';
import { tellPeople } from '../notice/tell.ts';

/** A peer has so long to take the end of a silence before people are told that it outlives its run. */
const OUTLIVES_AFTER_MS = 60_000;

/** Has a silence ended where it is. The peer that has it is the one that took it. */
export async function endAtPeer(tx: Transaction, row: SilenceRow): Promise<void> {
  // Not taken yet: once it is, the next look ends it.
  if (row.silence === null) return;
  const about = `change/${row.change_id}`;
  const payload = { silence: row.id.toString(), known: row.silence, about };
  await insertEffect(tx, {
    key: `unsilence:${row.id}:${row.silence}`,
    topic: 'unsilence',
    payload,
    connection: 'alertmanager',
    about,
  });
}

/** Notes what the peer knows a silence by. One that was ended while this was on its way is ended there too. */
export async function noteSilenceTaken(tx: Transaction, id: bigint, known: string): Promise<void> {
  await noteSilence(tx, id, known);
  const row = await lockSilenceNumbered(tx, id);
  if (row && row.ended_at !== null) await endAtPeer(tx, row);
}

/** Notes that the peer has ended a silence. Handed on meanwhile, it is known there by another name, and that one is to end. */
export async function noteSilenceEnded(tx: Transaction, id: bigint, known: string): Promise<void> {
  const row = await lockSilenceNumbered(tx, id);
  if (row && row.silence !== known) return endAtPeer(tx, row);
  await endSilence(tx, id);
}

/**
 * Ends every silence with its run, unless it was handed to somebody; one whose time has passed has ended by itself. Where the peer does not take the end,
 * those who executed and the engineer on call are told that it outlives its change. Gives how many stand that should not.
 */
export async function endSilencesOfRuns(context: AppContext): Promise<number> {
  const { db } = context;
  return eachByItself(context, 'silences', await standingSilences(db), ({ id, change_id }) =>
    transact(db, async (tx) => {
      const row = await lockSilence(tx, change_id, id);
      if (!row || row.ended_at !== null) return 0;
      const now = await clock(tx);
      if (row.ends_at.getTime() <= now) {
        await endSilence(tx, id);
        return 0;
      }
      if (row.handed_to !== null || row.run_ended_at === null) return 0;
      await endAtPeer(tx, row);
      if (now - row.run_ended_at.getTime() > OUTLIVES_AFTER_MS) await warn(tx, row);
      return 1;
    }),
  );
}

async function warn(tx: Transaction, { id, change_id, by, matchers, ends_at }: SilenceRow): Promise<void> {
  const { eoc } = await onDutyNow(tx);
  const labels = Object.entries(matchers).map(([name, value]) => `${name}=${value}`);
  await tellPeople(tx, {
    to: [by, ...(eoc === undefined ? [] : [eoc])],
    key: `silence-outlives:${id}`,
    kind: 'silence-outlives',
    about: `change/${change_id}`,
    body: `${change_id} has ended, and its silence of ${labels.join(', ')} may still hide alerts until ${ends_at.toISOString()}: Alertmanager has not taken its end.`,
  });
}
