import type { HandOffFacts } from '../../contract/hand-offs.ts';
import type { HandOff } from '../../contract/runs.ts';
import type { Transaction } from '../../store/database.ts';
import { ACCEPT_HAND_OFF, acceptKey, insertSending } from '../../store/hand-offs.ts';
import { isSameHuman } from '../../store/humans.ts';
import { onDutyNow, shiftsBetween, transactionInstant, type ShiftRow } from '../../store/rota.ts';
import { tellPeople } from '../notice/tell.ts';
import { openTask } from '../task/open.ts';

const HOUR_MS = 3_600_000;
const AHEAD_MS = 14 * 24 * HOUR_MS;

interface Written {
  readonly note: HandOff;
  readonly facts: HandOffFacts;
  readonly by: string;
}

/**
 * Sends a note that was just written to the next engineer on call, as a task, and tells the one on duty. Gives whom it was sent
 * to; `null` where the rota names nobody but its writer.
 */
export async function sendHandOff(tx: Transaction, { note, facts, by }: Written): Promise<string | null> {
  const { change, run } = facts;
  const to = await receiverOf(tx, by);
  await insertSending(tx, { changeId: change, facts, sentTo: to?.person ?? null });
  const { eoc } = await onDutyNow(tx);
  const about = `change/${change}`;
  const told = [to?.person, eoc].filter((person) => person !== undefined && person !== by) as string[];
  await tellPeople(tx, {
    to: told,
    key: `hand-off:${change}`,
    kind: 'hand-off',
    about,
    body: textOf(by, run, note),
  });
  if (to === null) return null;
  await openTask(tx, {
    key: acceptKey(change),
    kind: ACCEPT_HAND_OFF,
    change,
    title: `accept the hand-off of ${change}: interlock hand-off accept ${run}`,
    owner: to.person,
    dueAt: new Date(to.from.getTime() + HOUR_MS),
  });
  return to.person;
}

/** Whose shift follows that of whoever is on duty now, else whoever is on duty; never the writer. */
async function receiverOf(
  tx: Transaction,
  by: string,
): Promise<{ readonly person: string; readonly from: Date } | null> {
  const { now, shifts } = await shiftsAhead(tx);
  const present = shifts.find(({ start }) => start <= now);
  const next = shifts.filter(({ start, person }) => start > now && person !== present?.person);
  for (const { person, start } of [...next, ...(present ? [present] : [])]) {
    if (!(await isSameHuman(tx, person, [by]))) return { person, from: start > now ? start : now };
  }
  return null;
}

/** Who is engineer on call now and in the next shifts, in their order: each may accept a hand-off once on duty. */
export async function engineersAhead(tx: Transaction): Promise<readonly string[]> {
  return (await shiftsAhead(tx)).shifts.map(({ person }) => person);
}

async function shiftsAhead(tx: Transaction): Promise<{ readonly now: Date; readonly shifts: ShiftRow[] }> {
  const now = await transactionInstant(tx);
  const shifts = await shiftsBetween(tx, now, new Date(now.getTime() + AHEAD_MS));
  return { now, shifts: shifts.filter(({ rota }) => rota === 'eoc') };
}

function textOf(by: string, run: string, { state, silences, graphs }: HandOff): string {
  return [
    `${by} hands off ${run}: ${state}`,
    ...silences.map((one) => `Silenced: ${one}`),
    ...graphs.map((one) => `Watch: ${one}`),
  ].join('\n');
}
