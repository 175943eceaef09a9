import type { StartRun } from '../../contract/runs.ts';
import type { WaitAnswer } from '../../contract/waits.ts';
import { findChange, type ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { lockWait, type WaitRow } from '../../store/waits.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import type { AppContext } from '../context.ts';
import { previewChange } from '../decide.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import type { JudgedUnrecorded } from '../record-decision.ts';
import { timingOf } from './timing.ts';

export interface WaitOf {
  readonly changeId: string;
  readonly id: string;
}

/** A wait that goes on and is this call's to speak for. */
export async function heldBy(
  tx: Transaction,
  { actor }: Call,
  { changeId, id }: WaitOf,
): Promise<Outcome<{ readonly wait: WaitRow; readonly row: ChangeRow; readonly now: number }>> {
  const locked = await lockWait(tx, id);
  const row = await findChange(tx, changeId);
  if (locked === null || !row || locked.wait.change_id !== changeId)
    return refuse('not_found', `expected a wait of \`${changeId}\`, got \`${id}\``);
  const { wait, now } = locked;
  const there = actor.host?.name === wait.host && actor.host.environment === wait.host_environment;
  if (actor.person !== wait.person || !there)
    return refuse('not_permitted', `expected ${wait.person} on ${wait.host}, who waits as ${id}`);
  if (wait.outcome === 'vanished' || (wait.ended_at === null && wait.lease_expires_at.getTime() < now))
    return refuse('lease_lost', `${id} was not heard in time and has lost its place: wait anew`);
  if (wait.ended_at !== null)
    return refuse('conflict', `expected a wait that goes on, got one that ended: ${wait.outcome}`);
  return done({ wait, row, now });
}

/** The start as it would be answered now; nothing is recorded. */
export function previewStart(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { changeId, multiplexer }: { readonly changeId: string; readonly multiplexer: StartRun['multiplexer'] },
): Promise<JudgedUnrecorded> {
  const host = hostFacts(call.actor, multiplexer);
  return previewChange(tx, context, call, { action: 'start', changeId, host });
}

/** What whoever waits hears. */
export function answerOf(
  context: AppContext,
  { id }: WaitRow,
  {
    turn,
    until,
    judged,
  }: { readonly turn: boolean; readonly until: number; readonly judged: JudgedUnrecorded },
): WaitAnswer {
  const because = judged.document.verdicts.filter(
    ({ verdict }) => verdict === 'deny' || verdict === 'unknown',
  );
  return {
    wait: id,
    turn,
    until: new Date(until).toISOString(),
    because,
    beatMs: timingOf(context).waitBeatMs,
  };
}
