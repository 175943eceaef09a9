import { sql } from 'kysely';
import type { AcceptedAs, DryRunStep } from '../contract/dry-run.ts';
import type { Queries, Transaction } from './database.ts';

/** Of the dry run repeated before the start: whether it differs from the reviewed one; `null` if it was not repeated. */
export type DryRunTwin = 'same' | 'different' | 'accepted' | null;

export interface NewDryRun {
  readonly changeId: string;
  readonly idempotencyKey: string;
  readonly planDigest: string;
  readonly twin: boolean;
  readonly ok: boolean;
  readonly steps: unknown;
  readonly output: Buffer;
  readonly outputDigest: string;
  readonly fingerprint: string;
  readonly person: string;
  readonly host: string;
  readonly comparedWith: bigint | null;
  readonly same: boolean | null;
}

/** How long a repeated dry run counts as made just before the start. */
const TWIN_IS_FRESH_MS = 15 * 60_000;

/** Inserts a dry run and gives its number; the same key again gives the first one's. */
export async function insertDryRun(tx: Transaction, run: NewDryRun): Promise<bigint> {
  const inserted = await tx
    .insertInto('dry_runs')
    .values({
      change_id: run.changeId,
      idempotency_key: run.idempotencyKey,
      plan_digest: run.planDigest,
      twin: run.twin,
      ok: run.ok,
      steps: JSON.stringify(run.steps),
      output: run.output,
      output_digest: run.outputDigest,
      fingerprint: run.fingerprint,
      // Not when the transaction began: it may have waited for the approval that did not see it.
      at: sql<Date>`clock_timestamp()`,
      person: run.person,
      host: run.host,
      compared_with: run.comparedWith,
      same: run.same,
    })
    .onConflict((conflict) => conflict.columns(['change_id', 'idempotency_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return inserted.id;
  const first = await tx
    .selectFrom('dry_runs')
    .select('id')
    .where('change_id', '=', run.changeId)
    .where('idempotency_key', '=', run.idempotencyKey)
    .executeTakeFirstOrThrow();
  return first.id;
}

/**
 * The dry runs of a change that were attached for review, the one that its reviewers saw first: the newest that lay there at the
 * last approval of that plan. One attached since was seen by nobody; it comes first only where there was none to see.
 */
const seenFirst = (changeId: string) => sql`
  select d.* from dry_runs d where d.change_id = ${changeId} and not d.twin
  order by d.plan_digest = (select c.digest from changes c where c.id = d.change_id) desc,
    d.at <= (select max(a.at) from approvals a where a.change_id = d.change_id and a.subject = 'plan'
      and a.digest = d.plan_digest and a.withdrawn_at is null) desc nulls last, d.id desc`;

/** What a repeated dry run of this very plan is compared with, successful or not. */
export async function reviewedDryRun(
  db: Queries,
  changeId: string,
  planDigest: string,
): Promise<{ readonly id: bigint; readonly ok: boolean; readonly output: Buffer } | null> {
  const { rows } = await sql<{ id: bigint; ok: boolean; output: Buffer; plan_digest: string }>`
    select id, ok, output, plan_digest from (${seenFirst(changeId)} limit 1) reviewed`.execute(db);
  const row = rows[0];
  return row === undefined || row.plan_digest !== planDigest ? null : row;
}

/** The newest dry run of a change that was attached for review, and what its repetition showed. */
export async function latestDryRuns(
  db: Queries,
  changeId: string,
): Promise<{
  readonly reviewed: { readonly digest: string; readonly at: string; readonly ok: boolean } | null;
  readonly twin: DryRunTwin;
}> {
  const { rows } = await sql<DryRunPair>`
    /* prepared: dry_runs_latest */ select r.plan_digest as digest, r.at, r.ok, t.same, t.ok as twin_ok,
      t.plan_digest as twin_digest, t.at > clock_timestamp() - ${TWIN_IS_FRESH_MS} * interval '1 ms' as fresh,
      t.compared_with = s.id as of_this,
      (select count(*) = 2 from dry_run_acceptances a where a.dry_run = t.id) as accepted
    from (select * from dry_runs where change_id = ${changeId} and not twin order by id desc limit 1) r
    left join lateral (${seenFirst(changeId)} limit 1) s on true
    left join lateral (select * from dry_runs where change_id = ${changeId} and twin order by id desc limit 1) t on true`.execute(
    db,
  );
  const pair = rows[0];
  if (pair === undefined) return { reviewed: null, twin: null };
  const reviewed = { digest: pair.digest, at: pair.at.toISOString(), ok: pair.ok };
  return { reviewed, twin: twinOf(pair) };
}

/** A person took a difference upon themselves. */
export interface DryRunAcceptance {
  readonly by: string;
  readonly as: AcceptedAs;
  readonly because: string;
  readonly at: string;
}

/** A dry run without its output, and who accepted its difference. */
export interface DryRunRow {
  readonly id: bigint;
  readonly plan_digest: string;
  readonly twin: boolean;
  readonly ok: boolean;
  readonly steps: readonly DryRunStep[];
  readonly output_digest: string;
  readonly fingerprint: string | null;
  readonly person: string;
  readonly host: string;
  readonly at: Date;
  readonly compared_with: bigint | null;
  readonly same: boolean | null;
  readonly acceptances: readonly DryRunAcceptance[];
}

/** Every dry run of a change, the newest first. */
export async function dryRunsOf(db: Queries, changeId: string): Promise<DryRunRow[]> {
  const { rows } = await sql<DryRunRow>`
    select d.id, d.plan_digest, d.twin, d.ok, d.steps, d.output_digest, d.fingerprint, d.person, d.host, d.at,
      d.compared_with, d.same,
      (select coalesce(json_agg(json_build_object('by', a.person, 'as', a.capacity, 'because', a.because, 'at', a.at)
        order by a.at), '[]') from dry_run_acceptances a where a.dry_run = d.id) as acceptances
    from dry_runs d
    where d.change_id = ${changeId} order by d.id desc`.execute(db);
  return rows;
}

/** What a dry run printed; `null` if there is no such dry run of this change. */
export async function dryRunOutput(db: Queries, changeId: string, id: bigint): Promise<Buffer | null> {
  const row = await db
    .selectFrom('dry_runs')
    .select('output')
    .where('change_id', '=', changeId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.output ?? null;
}

/** A person takes a difference upon themselves, in a capacity that nobody has taken before. */
export async function acceptDryRun(
  tx: Transaction,
  acceptance: {
    readonly dryRun: bigint;
    readonly person: string;
    readonly as: AcceptedAs;
    readonly because: string;
  },
): Promise<void> {
  const { dryRun: dry_run, person, as: capacity, because } = acceptance;
  await tx.insertInto('dry_run_acceptances').values({ dry_run, person, capacity, because }).execute();
}

interface DryRunPair {
  readonly digest: string;
  readonly at: Date;
  readonly ok: boolean;
  readonly same: boolean | null;
  readonly twin_ok: boolean | null;
  readonly twin_digest: string | null;
  readonly fresh: boolean | null;
  readonly of_this: boolean | null;
  readonly accepted: boolean;
}

function twinOf(pair: DryRunPair): DryRunTwin {
  if (pair.fresh !== true || pair.of_this !== true || pair.twin_digest !== pair.digest) return null;
  if (pair.same === true && pair.twin_ok === true) return 'same';
  // A difference can be accepted, a failure cannot.
  return pair.accepted && pair.twin_ok === true ? 'accepted' : 'different';
}
