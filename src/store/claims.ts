import { sql, type Selectable } from 'kysely';
import type { KindOfChange } from '../contract/gate.ts';
import type { ClaimTables } from './claim-tables.ts';
import type { Queries, Transaction } from './database.ts';
import { queueForStage, takingTheStage } from './stage.ts';

export type ClaimRow = Selectable<ClaimTables['claims']>;

export interface InsertedClaim {
  readonly person: string;
  readonly key: string;
  readonly requestDigest: string;
  readonly asked: KindOfChange;
  /** Index of the ledger's entry of the decision that it rests on. */
  readonly decision: bigint;
  readonly host: { readonly name: string; readonly role: 'bastion' | 'deployer' } | null;
  readonly leaseMs: number;
}

/** Inserts a claim, which takes its place on the stage. @throws {RunInTheWay} */
export async function insertClaim(tx: Transaction, claim: InsertedClaim): Promise<ClaimRow> {
  await queueForStage(tx);
  const { asked, host } = claim;
  const { rows } = await takingTheStage(() =>
    sql<ClaimRow>`
      insert into claims (person, idempotency_key, request_digest, asked, decision, environment, severity, host, host_role,
        lease_expires_at)
      values (${claim.person}, ${claim.key}, ${claim.requestDigest}, ${JSON.stringify(asked)}, ${claim.decision},
        ${asked.environment}, ${asked.severity}, ${host?.name ?? null}, ${host?.role ?? null},
        clock_timestamp() + ${claim.leaseMs} * interval '1 ms')
      returning *`.execute(tx),
  );
  const row = rows[0];
  if (!row) throw new Error('expected the inserted claim, got no row');
  return row;
}

/** A claim under its row's lock, with the database's clock read once the lock was had. */
export async function lockClaim(
  tx: Transaction,
  id: string,
): Promise<{ readonly claim: ClaimRow; readonly now: Date } | null> {
  const { rows } = await sql<ClaimRow & { now: Date }>`
    /* prepared: claim_lock */ select *, clock_timestamp() as now from claims where id = ${id} for no key update`.execute(
    tx,
  );
  const row = rows[0];
  return row === undefined ? null : { claim: row, now: row.now };
}

export async function findClaim(db: Queries, id: string): Promise<ClaimRow | undefined> {
  return db.selectFrom('claims').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whether a claim of this person's human, or of a bot of theirs, runs or is unknown. */
export async function hasLiveClaim(db: Queries, person: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (
      select from claims where ended_at is null and human_of(person) = human_of(${person})
    ) as has`.execute(db);
  return rows[0]?.has ?? true;
}

/** The claim that was made with this key, if any. */
export async function claimByKey(db: Queries, person: string, key: string): Promise<ClaimRow | undefined> {
  return db
    .selectFrom('claims')
    .selectAll()
    .where('person', '=', person)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** Every claim that runs or is unknown, the oldest first. */
export async function liveClaims(db: Queries): Promise<ClaimRow[]> {
  return db.selectFrom('claims').selectAll().where('ended_at', 'is', null).orderBy('number').execute();
}

/** Ids of the claims whose lease has ended unnoticed, at most `limit`. */
export async function lostClaims(db: Queries, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    /* prepared: claims_lost */ select id from claims
    where ended_at is null and lease_expires_at < clock_timestamp() order by lease_expires_at limit ${limit}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Renews a lease, and notes which rules the last recorded answer named. Gives when the lease ends now. */
export async function renewClaim(
  tx: Transaction,
  id: string,
  { leaseMs, denied }: { readonly leaseMs: number; readonly denied: readonly string[] },
): Promise<Date> {
  const { rows } = await sql<{ until: Date }>`
    /* prepared: claim_renew */ update claims
    set lease_expires_at = clock_timestamp() + ${leaseMs} * interval '1 ms', denied = ${[...denied]}::text[]
    where id = ${id} returning lease_expires_at as until`.execute(tx);
  const until = rows[0]?.until;
  if (until === undefined) throw new Error(`expected ${id} to be renewed, got no row`);
  return until;
}

/** Nobody knows what its claimant did or does: it keeps its place until it is settled. */
export async function loseClaim(tx: Transaction, id: string, settleFrom: Date): Promise<void> {
  await sql`update claims set state = 'unknown', lease_expires_at = null, settle_from = ${settleFrom} where id = ${id}`.execute(
    tx,
  );
}

/** Ends a claim, which leaves the stage; `settledBy` where a person states it. */
export async function endClaim(
  tx: Transaction,
  id: string,
  { outcome, settledBy }: { readonly outcome: 'succeeded' | 'failed'; readonly settledBy: string | null },
): Promise<ClaimRow> {
  const { rows } = await sql<ClaimRow>`
    update claims set state = ${outcome}, ended_at = clock_timestamp(), lease_expires_at = null, settle_from = null,
      settled_by = ${settledBy} where id = ${id} returning *`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error(`expected ${id} to be ended, got no row`);
  return row;
}
