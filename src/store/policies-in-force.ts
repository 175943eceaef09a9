import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

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
  { digest, name }: { readonly digest: string; readonly name: string },
): Promise<void> {
  await sql`insert into policies_in_force (digest, name) values (${digest}, ${name})`.execute(tx);
}
