import type { GuardedCommand, GuardedQuery, GuardedReview } from '../../contract/guarded-commands.ts';
import type { Transaction } from '../../store/database.ts';
import { listGuarded, lockGuarded, reviewGuarded } from '../../store/guarded-commands.ts';
import { isSameHuman } from '../../store/humans.ts';
import { rolesOf } from '../../store/people.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { guardedView } from './view.ts';

/** A page of what was done by hand, the newest first; those that wait for a review unless all are asked for. */
export async function readGuarded(
  context: AppContext,
  { open, incident, before, limit }: GuardedQuery,
): Promise<{ commands: GuardedCommand[]; next: string | null }> {
  const from = before === undefined ? null : BigInt(before.slice('GUARD-'.length));
  const filter = { open, incident: incident ?? null, before: from, limit: limit + 1 };
  const rows = await listGuarded(context.db, filter);
  const page = rows.slice(0, limit);
  return { commands: page.map(guardedView), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Reviews what was done by hand: as a reviewer or an EOC or IMOC on duty, by neither who did it nor who looked on. */
export async function reviewGuardedCommand(
  context: AppContext,
  call: Call,
  id: string,
  { text }: GuardedReview,
): Promise<Outcome<GuardedCommand>> {
  const { person } = call.actor;
  const deed = { type: 'guard.reviewed', action: 'review-guarded', object: `guard/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const row = await lockGuarded(tx, id);
    if (row === null)
      return refuse('not_found', `expected a guarded command, got \`${id}\`, which there is none of`);
    if (row.reviewed_by !== null)
      return refuse(
        'conflict',
        `expected one that is to be reviewed, got one that \`${row.reviewed_by}\` has`,
      );
    if (await isSameHuman(tx, person, [row.person, row.observer]))
      return refuse('not_permitted', 'expected somebody who neither did it nor looked on');
    if (!(await mayReview(tx, call)))
      return refuse('not_permitted', `expected a reviewer or an EOC or IMOC on duty, got \`${person}\``);
    const before = digestOf(context, guardedView(row));
    const value = guardedView(await reviewGuarded(tx, id, { by: person, text }));
    return done({
      value,
      reason: 'reviewed',
      before,
      after: digestOf(context, value),
      digests: { text: digestOf(context, text) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function mayReview(tx: Transaction, { actor: { onDuty, person } }: Call): Promise<boolean> {
  if (onDuty.includes('eoc') || onDuty.includes('imoc')) return true;
  return (await rolesOf(tx, [person]))[person]?.includes('reviewer') === true;
}
