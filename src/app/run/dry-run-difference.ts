import type { AcceptedAs, DryRunDifference, DryRunView } from '../../contract/dry-run.ts';
import { mayDifferOf } from '../../contract/plan-dry-run.ts';
import { mayAct, type Standing } from '../../kernel/run/acts.ts';
import { compareOutputs } from '../../kernel/verify/dry-run-output.ts';
import { findChange, findRevision, lockChange, type ChangeRow } from '../../store/changes.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { acceptDryRun, dryRunOutput, dryRunsOf, type DryRunRow } from '../../store/dry-runs.ts';
import { isSameHuman } from '../../store/humans.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { dryRunShown } from './dry-run.ts';
import { standingsOf } from './standings.ts';

/** Where a repeated dry run differs from the one that it was compared with, line beside line. */
export async function readDifference(
  db: Queries,
  changeId: string,
  dryRun: string,
): Promise<Outcome<DryRunDifference>> {
  const row = await findChange(db, changeId);
  const revision = row && (await findRevision(db, changeId, row.revision));
  const twin = (await dryRunsOf(db, changeId)).find(({ id }) => id.toString() === dryRun);
  if (!revision || twin === undefined || twin.compared_with === null)
    return refuse('not_found', `expected a dry run of \`${changeId}\` that was compared, got \`${dryRun}\``);
  // What may differ is the plan's, so that of another plan says nothing here.
  const mayDiffer = twin.plan_digest === revision.digest ? mayDifferOf(revision.plan.dryRunMayDiffer) : [];
  const [reviewed, repeated] = await Promise.all(
    [twin.compared_with, twin.id].map(async (id) => (await dryRunOutput(db, changeId, id))?.toString('utf8')),
  );
  const { differences, more } = compareOutputs(reviewed ?? '', repeated ?? '', mayDiffer);
  return done({ dryRun, comparedWith: twin.compared_with.toString(), differences: [...differences], more });
}

/**
 * A person other than executor and author takes the difference of the newest repeated dry run upon themselves: as the EOC on duty,
 * else as a reviewer. It counts once both have, two people.
 */
export async function acceptDifference(
  context: AppContext,
  call: Call,
  {
    changeId,
    dryRun,
    because,
  }: { readonly changeId: string; readonly dryRun: string; readonly because: string },
): Promise<Outcome<Recorded<DryRunView>>> {
  const deed = { type: 'change.difference-accepted', action: 'accept', object: `change/${changeId}` };
  return carryOut(context, call, deed, async (tx) => {
    const row = await lockChange(tx, changeId);
    const twin = (await dryRunsOf(tx, changeId)).find((one) => one.twin);
    if (!row || twin === undefined || twin.id.toString() !== dryRun) {
      return refuse('not_found', 'expected the newest repeated dry run of this change');
    }
    const as = await acceptedAs(tx, call, row, twin);
    if (typeof as !== 'string') return as;
    await acceptDryRun(tx, { dryRun: twin.id, person: call.actor.person, as, because });
    const accepted = (await dryRunsOf(tx, changeId)).find(({ id }) => id === twin.id);
    if (accepted === undefined) throw new Error(`expected dry run \`${twin.id}\`, got none`);
    return done({
      value: dryRunShown(accepted),
      reason: `dry run ${dryRun}, as ${as}`,
      digests: { plan: twin.plan_digest, output: twin.output_digest },
      details: { as, 'dry-run': dryRun },
    });
  });
}

/** In which capacity who calls may accept a difference, or why not. */
async function acceptedAs(
  tx: Transaction,
  call: Call,
  row: ChangeRow,
  twin: DryRunRow,
): Promise<AcceptedAs | Refused> {
  const { person, botOf } = call.actor;
  const standings = await standingsOf(tx, call, row.id);
  const involved = [row.author, row.author_bot_of, row.executor];
  if (
    !mayAct('accept-difference', standings) ||
    (await isSameHuman(tx, person, involved)) ||
    botOf !== null
  ) {
    return refuse(
      'not_permitted',
      `expected a reviewer or the EOC, neither author nor executor, got \`${person}\``,
    );
  }
  if (twin.same !== false || !twin.ok)
    return refuse('conflict', 'expected a dry run that succeeded and differs');
  const before = twin.acceptances.map(({ by }) => by);
  if (await isSameHuman(tx, person, before))
    return refuse('conflict', `expected another person than \`${person}\`, who has accepted it`);
  return (
    capacityLeft(twin, standings) ??
    refuse('conflict', 'expected a word that is wanted still, of the EOC or a reviewer')
  );
}

/** In which capacity somebody's word is wanted: an EOC who is a reviewer too speaks as the EOC first. */
function capacityLeft({ acceptances }: DryRunRow, standings: readonly Standing[]): AcceptedAs | null {
  const wanted = (['eoc', 'reviewer'] as const).filter((as) => acceptances.every((one) => one.as !== as));
  return wanted.find((as) => standings.includes(as)) ?? null;
}
