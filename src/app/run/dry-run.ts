import { mayDifferOf } from '../../contract/plan-dry-run.ts';
import type { DryRunView, NewDryRun, PlanToRun } from '../../contract/dry-run.ts';
import { whyNot } from '../../kernel/change/capability.ts';
import { compareOutputs, normalisedOutput } from '../../kernel/verify/dry-run-output.ts';
import {
  findChange,
  findRevision,
  lockChange,
  type ChangeRow,
  type RevisionRow,
} from '../../store/changes.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import {
  dryRunOutput,
  dryRunsOf,
  insertDryRun,
  reviewedDryRun,
  type DryRunRow,
} from '../../store/dry-runs.ts';
import { agentOf, type Call } from '../actor.ts';
import { carryOut, type Recorded, type Result } from '../carry-out.ts';
import { whyNoDeployer } from '../claim/deployer.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { settleWords } from '../change/settle-words.ts';

/** The plan of a change as it is now, with its scripts. */
export async function planToDryRun(db: Queries, changeId: string): Promise<Outcome<PlanToRun>> {
  const row = await findChange(db, changeId);
  const revision = row && (await findRevision(db, changeId, row.revision));
  if (!revision) return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const { plan_text: text, plan_file: file, digest, scripts } = revision;
  return done({ change: changeId, text, file, digest, scripts: { ...scripts } });
}

/**
 * Attaches a dry run that was made on a bastion to its change, bound to the digest of the plan. A repeated one is compared
 * with the reviewed one: byte for byte, once line ends are the same, but for what its plan lets differ.
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
  if (!row || !revision)
    return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const { person, kind, standing, onDuty, host } = call.actor;
  const not = whyNot(
    'dry-run',
    { person, isService: kind === 'service', roles: standing, onDuty, agentOf: agentOf(call.actor) },
    { state: row.state, author: row.author, executor: row.executor, team: revision.plan.team },
  );
  if (not !== null) return refuse('not_permitted', not);
  const elsewhere = host && whyNoDeployer(host, revision.plan);
  if (elsewhere) return elsewhere;
  if (dryRun.planDigest !== row.digest) {
    return refuse(
      'stale',
      `expected a dry run of plan \`${row.digest}\`, got one of \`${dryRun.planDigest}\``,
    );
  }
  if (host?.environment !== revision.plan.environment) {
    return refuse('not_permitted', `expected a bastion of \`${revision.plan.environment}\``);
  }
  const printed = await compared(tx, context, { changeId, revision, dryRun });
  if (!dryRun.twin) await settlePrinted(tx, context, call, { row, fingerprint: printed.fingerprint });
  const id = await insertDryRun(tx, {
    ...dryRun,
    changeId,
    ...printed,
    person,
    host: host.name,
  });
  const view = (await dryRunsOf(tx, changeId)).map(dryRunShown).find((one) => one.id === id.toString());
  if (view === undefined) throw new Error(`expected dry run \`${id}\`, got none`);
  return done({
    value: view,
    reason: `${view.ok ? 'ok' : 'failed'}${view.twin ? `, repeated: ${sameText(view.same)}` : ''}`,
    digests: { plan: row.digest, output: printed.outputDigest },
    details: { twin: view.twin, ok: view.ok, same: view.same, 'dry-run': view.id },
  });
}

/** What was printed, with its digests, and compared with what was reviewed where it was repeated. */
async function compared(
  tx: Transaction,
  context: AppContext,
  {
    changeId,
    revision,
    dryRun,
  }: { readonly changeId: string; readonly revision: RevisionRow; readonly dryRun: NewDryRun },
) {
  const text = dryRun.output.replaceAll(/\r\n?/g, '\n');
  const output = Buffer.from(text);
  const mayDiffer = mayDifferOf(revision.plan.dryRunMayDiffer);
  const reviewed = dryRun.twin ? await reviewedDryRun(tx, changeId, revision.digest) : null;
  return {
    output,
    outputDigest: digestBytes(context, output),
    fingerprint: digestBytes(context, Buffer.from(normalisedOutput(text, mayDiffer))),
    comparedWith: reviewed?.id ?? null,
    same: reviewed === null ? null : compareOutputs(reviewed.output.toString('utf8'), text, mayDiffer).same,
  };
}

/** Whoever reviewed the plan reviewed what its dry run printed: another output, or a first one, is not what they saw. */
async function settlePrinted(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { row, fingerprint }: { readonly row: ChangeRow; readonly fingerprint: string },
): Promise<void> {
  const { id, digest, revision } = row;
  const before = (await dryRunsOf(tx, id)).find((one) => !one.twin && one.plan_digest === digest);
  if (before !== undefined && (before.fingerprint ?? before.output_digest) === fingerprint) return;
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

/** Every dry run of a change, the newest first. */
export async function listDryRuns(db: Queries, changeId: string): Promise<DryRunView[]> {
  return (await dryRunsOf(db, changeId)).map(dryRunShown);
}

/** What a dry run printed; `null` if there is no such dry run of this change. */
export function readDryRun(db: Queries, changeId: string, id: bigint): Promise<Buffer | null> {
  return dryRunOutput(db, changeId, id);
}

/** A dry run as it is shown. */
export function dryRunShown(row: DryRunRow): DryRunView {
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
    fingerprint: row.fingerprint,
    comparedWith: row.compared_with?.toString() ?? null,
    same: row.same,
    acceptances: row.acceptances.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
  };
}

function digestBytes({ hash }: AppContext, bytes: Buffer): string {
  return `sha256:${Buffer.from(hash(bytes)).toString('hex')}`;
}

function sameText(same: boolean | null): string {
  return same === null ? 'nothing to compare with' : same ? 'the same' : 'different';
}
