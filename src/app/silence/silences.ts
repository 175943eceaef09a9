import type { HandedSilence, NewSilence, SilenceList } from '../../contract/silences.ts';
import { AppError } from '../../contract/errors.ts';
import { isAbout } from '../../kernel/verify/targets.ts';
import { findChange } from '../../store/changes.ts';
import { clock } from '../../store/clock.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { onDutyNow } from '../../store/rota.ts';
import { latestRunOf } from '../../store/runs.ts';
import {
  handSilence,
  insertSilence,
  lockSilence,
  silencesOf,
  type SilenceRow,
} from '../../store/silences.ts';
import type { Call } from '../actor.ts';
import { carryOutValue } from '../carry-out.ts';
import { holdFor } from '../change/standing.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { endAtPeer } from './end.ts';

const MINUTE_MS = 60_000;

/** The silences of a request. @throws {AppError} `not_found` */
export async function readSilences(db: Queries, changeId: string): Promise<SilenceList> {
  if (!(await findChange(db, changeId)))
    throw new AppError('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  return { silences: (await silencesOf(db, changeId)).map((row) => viewOf(row)) };
}

/**
 * Has the alerts of a target of a live run notify nobody, for as long as the run may last by its estimates and not longer. It ends with the
 * run; what has to stay is handed to the engineer on call.
 */
export async function makeSilence(
  context: AppContext,
  call: Call,
  id: string,
  { matchers, minutes, reason }: NewSilence,
): Promise<Outcome<SilenceList>> {
  const deed = { type: 'silence.made', action: 'silence', object: `change/${id}` };
  return carryOutValue(context, call, deed, async (tx) => {
    const peer = peerOf(context);
    if (typeof peer !== 'string') return peer;
    const held = await holdFor(tx, call, id, 'silence');
    if (!held.ok) return held;
    const { plan } = held.revision;
    const run = await latestRunOf(tx, id);
    if (run === null || run.endedAt !== null) return refuse('conflict', 'expected a live run, got none');
    const { targetLabels } = context.policy.file.monitoring;
    if (!(run.targets ?? []).some((target) => isAbout(matchers, target, targetLabels)))
      return refuse(
        'invalid',
        `expected a label of ${targetLabels.join(' or ')} that names a target of the plan, got none`,
      );
    const now = await clock(tx);
    const longest = plan.estimate.steps + plan.estimate.rollback;
    const to = now + Math.min(minutes * MINUTE_MS, Math.max(longest, MINUTE_MS));
    const { person: by } = call.actor;
    const made = { change_id: id, run_id: run.id, matchers, reason, by, ends_at: new Date(to) };
    const number = await insertSilence(tx, made);
    await askForIt(tx, peer, { ...made, id: number, silence: null }, { from: now, key: `silence:${number}` });
    const silences = (await silencesOf(tx, id)).map((row) => viewOf(row));
    return done({
      value: { silences },
      reason: `silence ${number} until ${new Date(to).toISOString()}`,
      details: { silence: number.toString(), run: run.id },
    });
  });
}

/** Ends a silence before its run does, or what was handed on. */
export async function endSilenceNow(
  context: AppContext,
  call: Call,
  id: string,
  silence: string,
): Promise<Outcome<SilenceList>> {
  const deed = { type: 'silence.ended', action: 'end-silence', object: `change/${id}` };
  return onSilence(context, call, { id, silence, deed }, async (tx, row) => {
    await endAtPeer(tx, row);
    return { reason: `silence ${row.id} is to end` };
  });
}

/** Gives a silence to the engineer on call, beyond its run: it has an end of its own, and somebody who knows of it. */
export async function handOverSilence(
  context: AppContext,
  call: Call,
  { id, silence }: { readonly id: string; readonly silence: string },
  { minutes, because }: HandedSilence,
): Promise<Outcome<SilenceList>> {
  const deed = { type: 'silence.handed-over', action: 'hand-over', object: `change/${id}` };
  return onSilence(context, call, { id, silence, deed }, async (tx, row) => {
    const peer = peerOf(context);
    if (typeof peer !== 'string') return peer;
    const { eoc } = await onDutyNow(tx);
    if (eoc === undefined) return refuse('conflict', 'expected an engineer on call to have it, got nobody');
    const now = await clock(tx);
    const endsAt = new Date(now + minutes * MINUTE_MS);
    await handSilence(tx, row.id, { person: eoc, because, endsAt });
    await askForIt(
      tx,
      peer,
      { ...row, ends_at: endsAt },
      { from: now, key: `silence:${row.id}:${endsAt.getTime()}` },
    );
    await tellPeople(tx, {
      to: [eoc],
      key: `silence-handed:${row.id}:${endsAt.getTime()}`,
      kind: 'silence-handed',
      about: `change/${id}`,
      body: `${call.actor.person} hands you a silence of ${id} until ${endsAt.toISOString()}: ${labelsOf(row)}. ${because}`,
    });
    return { reason: `silence ${row.id} to ${eoc} until ${endsAt.toISOString()}` };
  });
}

async function onSilence(
  context: AppContext,
  call: Call,
  {
    id,
    silence,
    deed,
  }: { readonly id: string; readonly silence: string; readonly deed: Parameters<typeof carryOutValue>[2] },
  work: (tx: Transaction, row: SilenceRow) => Promise<{ readonly reason: string } | Refused>,
): Promise<Outcome<SilenceList>> {
  return carryOutValue(context, call, deed, async (tx) => {
    const row = await lockSilence(tx, id, BigInt(silence));
    if (!row) return refuse('not_found', `expected a silence of ${id}, got \`${silence}\``);
    const mine = row.by === call.actor.person || row.handed_to === call.actor.person;
    if (!mine && !call.actor.onDuty.includes('eoc')) {
      const held = await holdFor(tx, call, id, 'silence');
      if (!held.ok) return held;
    }
    if (row.ended_at !== null)
      return refuse('conflict', 'expected a silence that stands, got one that has ended');
    const came = await work(tx, row);
    if ('ok' in came) return came;
    return done({
      value: { silences: (await silencesOf(tx, id)).map((one) => viewOf(one)) },
      reason: came.reason,
    });
  });
}

function peerOf({ connections }: AppContext): string | Refused {
  const peer = connections.all.find(({ offers }) => offers.silences);
  return peer?.name ?? refuse('conflict', 'expected an Alertmanager that is configured, got none');
}

async function askForIt(
  tx: Transaction,
  connection: string,
  row: Pick<SilenceRow, 'id' | 'change_id' | 'run_id' | 'matchers' | 'reason' | 'by' | 'ends_at' | 'silence'>,
  { from, key }: { readonly from: number; readonly key: string },
): Promise<void> {
  const about = `change/${row.change_id}`;
  const payload = {
    silence: row.id.toString(),
    matchers: row.matchers,
    from,
    to: row.ends_at.getTime(),
    by: row.by,
    comment: `${row.change_id}, ${row.run_id}: ${row.reason}`,
    known: row.silence,
    about,
  };
  await insertEffect(tx, { key, topic: 'silence', payload, connection, about });
}

export function labelsOf({ matchers }: Pick<SilenceRow, 'matchers'>): string {
  return Object.entries(matchers)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** A silence as its readers see it. */
export function viewOf(row: SilenceRow): SilenceList['silences'][number] {
  return {
    id: row.id.toString(),
    run: row.run_id,
    matchers: { ...row.matchers },
    reason: row.reason,
    by: row.by,
    at: row.at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    silence: row.silence,
    handedTo: row.handed_to,
    endedAt: row.ended_at?.toISOString() ?? null,
    state: stateOf(row),
  };
}

function stateOf({ ended_at, silence, handed_to, run_ended_at }: SilenceRow) {
  if (ended_at !== null) return 'ended';
  if (silence === null) return 'waiting';
  if (handed_to !== null) return 'handed';
  return run_ended_at === null ? 'active' : 'outlives';
}
