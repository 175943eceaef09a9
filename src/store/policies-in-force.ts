import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** One time at which a policy was put in force. */
export interface PolicyInForceRow {
  readonly number: bigint;
  readonly digest: string;
  readonly name: string;
  readonly since: Date;
  /** When the next one took over; `null` for the one in force. */
  readonly until: Date | null;
  readonly started_by: string | null;
  readonly ledger_index: bigint | null;
  /** As it was written; `null` where it was put in force before texts were kept. */
  readonly text: string | null;
}

/** The digest of the policy that the newest server was started with; `null` where none has been. Asked before every decision. */
export async function policyOnDatabase(db: Queries): Promise<string | null> {
  const { rows } = await sql<{ digest: string }>`
    /* prepared: policy_in_force */ select digest from policies_in_force order by number desc limit 1`.execute(
    db,
  );
  return rows[0]?.digest ?? null;
}

/** Lets no other server put a policy in force until the transaction ends. */
export async function holdPolicy(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('interlock policy'))`.execute(tx);
}

export async function insertPolicyInForce(
  tx: Transaction,
  {
    digest,
    name,
    startedBy,
    index,
  }: {
    readonly digest: string;
    readonly name: string;
    readonly startedBy: string;
    readonly index: bigint;
  },
): Promise<void> {
  await sql`insert into policies_in_force (digest, name, started_by, ledger_index)
    values (${digest}, ${name}, ${startedBy}, ${index})`.execute(tx);
}

/** Keeps what a policy says, once. */
export async function keepPolicyText(tx: Transaction, digest: string, text: string): Promise<void> {
  await sql`insert into policy_texts (digest, text) values (${digest}, ${text})
    on conflict (digest) do nothing`.execute(tx);
}

/** Every time that a policy was put in force, the newest first. */
export async function policiesInForce(db: Queries): Promise<PolicyInForceRow[]> {
  const { rows } = await sql<PolicyInForceRow>`
    select number, digest, name, since, lead(since) over (order by number) as until, started_by, ledger_index, text
    from policies_in_force left join policy_texts using (digest)
    order by number desc`.execute(db);
  return rows;
}
