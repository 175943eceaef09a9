import type { DryRunView, NewDryRun, PlanToRun } from '../../contract/dry-run.ts';
import { whyNot } from '../../kernel/change/capability.ts';
import { mayAct } from '../../kernel/run/acts.ts';
import { findChange, findRevision, lockChange, type ChangeRow } from '../../store/changes.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import {
  acceptDryRun,
  dryRunOutput,
  dryRunsOf,
  insertDryRun,
  reviewedDryRun,
  type DryRunRow,
} from '../../store/dry-runs.ts';
import { isSameHuman } from '../../store/humans.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { settleWords } from '../change/settle-words.ts';
import { standingsOf } from './standings.ts';

/** The plan of a change as it is now, with its scripts. */
export async function planToDryRun(db: Queries, changeId: string): Promise<Outcome<PlanToRun>> {
  const row = await findChange(db, changeId);
  const revision = row && (await findRevision(db, changeId, row.revision));
  if (!revision) return refuse('not_found', `expected a change, got \`${changeId}\``);
  const { plan_text: text, plan_file: file, digest, scripts } = revision;
  return done({ change: changeId, text, file, digest, scripts: { ...scripts } });
}

/**
 * Attaches a dry run that was made on a bastion to its change, bound to the digest of the plan. A repeated one is compared
 * with the reviewed one: byte for byte, once line ends are the same, and nothing else.
 */
export async function attachDryRun(
  context: AppContext,
  call: Call,
  changeId: string,
  dryRun: NewDryRun,
): Promise<Outcome<Recorded<DryRunView>>> {
  const deed = { type: 'change.dry-run', action: 'dry-run', object: `change/${changeId}` };
  return carryOut(context, call, deed, (tx) => attach(tx, context, call, { changeId, dryRun }));
}

async function attach(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { changeId, dryRun }: { readonly changeId: string; readonly dryRun: NewDryRun },
): Promise<Outcome<Result<DryRunView>>> {
  const row = await lockChange(tx, changeId);
  const revision = row && (await findRevision(tx, changeId, row.revision));
  if (!row || !revision) return refuse('not_found', `expected a change, got \`${changeId}\``);
  const { person, kind, standing, onDuty, host } = call.actor;
  const not = whyNot(
    'dry-run',
    { person, isService: kind === 'service', roles: standing, onDuty },
    { state: row.state, author: row.author, executor: row.executor, team: revision.plan.team },
  );
  if (not !== null) return refuse('not_permitted', not);
  if (dryRun.planDigest !== row.digest) {
    return refuse(
      'stale',
      `expected a dry run of plan \`${row.digest}\`, got one of \`${dryRun.planDigest}\``,
    );
  }
  if (host?.environment !== revision.plan.environment) {
    return refuse('not_permitted', `expected a bastion of \`${revision.plan.environment}\``);
  }
  const output = Buffer.from(dryRun.output.replaceAll(/\r\n?/g, '\n'));
  const outputDigest = `sha256:${Buffer.from(context.hash(output)).toString('hex')}`;
  const reviewed = dryRun.twin ? await reviewedDryRun(tx, changeId, row.digest) : null;
  const same = reviewed === null ? null : reviewed.output.equals(output);
  if (!dryRun.twin) await settlePrinted(tx, context, call, { row, outputDigest });
  const id = await insertDryRun(tx, {
    ...dryRun,
    changeId,
    output,
    outputDigest,
    person,
    host: host.name,
    comparedWith: reviewed?.id ?? null,
    same,
  });
  const view = (await dryRunsOf(tx, changeId)).map(viewOf).find((one) => one.id === id.toString());
  if (view === undefined) throw new Error(`expected dry run \`${id}\`, got none`);
  return done({
    value: view,
    reason: `${view.ok ? 'ok' : 'failed'}${view.twin ? `, repeated: ${sameText(view.same)}` : ''}`,
    digests: { plan: row.digest, output: outputDigest },
    details: { twin: view.twin, ok: view.ok, same: view.same, 'dry-run': view.id },
  });
}

/** Whoever reviewed the plan reviewed what its dry run printed: another output, or a first one, is not what they saw. */
async function settlePrinted(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, outputDigest }: { readonly row: ChangeRow; readonly outputDigest: string },
): Promise<void> {
  const { id, digest, revision } = row;
  const before = (await dryRunsOf(tx, id)).find((one) => !one.twin && one.plan_digest === digest);
  if (before?.output_digest === outputDigest) return;
  const was = before ? `dry run ${before.id}` : 'no dry run';
  await settleWords(tx, context, call, {
    changeId: id,
    revision,
    from: digest,
    to: digest,
    changed: ['dry-run'],
    differences: [`dry run: ${was} → another output`],
  });
}

/** A person other than executor and author takes the difference of the newest repeated dry run upon themselves. */
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
    const { person, botOf } = call.actor;
    const involved = [row.author, row.author_bot_of, row.executor];
    if (
      !mayAct('accept-difference', await standingsOf(tx, call, changeId)) ||
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
    await acceptDryRun(tx, { dryRun: twin.id, person, because });
    return done({
      value: viewOf({ ...twin, accepted_by: person }),
      reason: `dry run ${dryRun}, by ${person}`,
      digests: { plan: twin.plan_digest, output: twin.output_digest },
    });
  });
}

/** Every dry run of a change, the newest first. */
export async function listDryRuns(db: Queries, changeId: string): Promise<DryRunView[]> {
  return (await dryRunsOf(db, changeId)).map(viewOf);
}

/** What a dry run printed; `null` if there is no such dry run of this change. */
export function readDryRun(db: Queries, changeId: string, id: bigint): Promise<Buffer | null> {
  return dryRunOutput(db, changeId, id);
}

function viewOf(row: DryRunRow): DryRunView {
  return {
    id: row.id.toString(),
    at: row.at.toISOString(),
    by: row.person,
    host: row.host,
    planDigest: row.plan_digest,
    twin: row.twin,
    ok: row.ok,
    steps: [...row.steps],
    outputDigest: row.output_digest,
    comparedWith: row.compared_with?.toString() ?? null,
    same: row.same,
    acceptedBy: row.accepted_by,
  };
}

function sameText(same: boolean | null): string {
  return same === null ? 'nothing to compare with' : same ? 'the same' : 'different';
}
