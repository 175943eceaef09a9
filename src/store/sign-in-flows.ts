import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Longest time that somebody may take at the provider, and with the code for a terminal. */
const MINUTES = 10;

export interface NewFlow {
  readonly id: string;
  /** SHA-256 of the cookie's value. */
  readonly secretHash: Uint8Array;
  readonly again: boolean;
  /** SHA-256 of what a terminal keeps, where one waits. */
  readonly challenge: Uint8Array | null;
}

export async function insertFlow(tx: Transaction, flow: NewFlow): Promise<void> {
  await tx
    .insertInto('sign_in_flows')
    .values({
      id: flow.id,
      secret_hash: flow.secretHash,
      again: flow.again,
      challenge: flow.challenge,
      person: null,
      code_hash: null,
    })
    .execute();
}

export interface FlowRow {
  readonly id: string;
  readonly again: boolean;
  readonly challenge: Uint8Array | null;
  readonly started_at: Date;
}

/** Takes a flow that came back, once: what comes back a second time finds it taken. */
export async function takeFlow(db: Queries, secretHash: Uint8Array): Promise<FlowRow | undefined> {
  const { rows } = await sql<FlowRow>`
    update sign_in_flows set returned_at = now()
    where secret_hash = ${secretHash} and returned_at is null
      and started_at > now() - make_interval(mins => ${MINUTES})
    returning id, again, challenge, started_at`.execute(db);
  return rows[0];
}

/** Keeps what was proven for the terminal that waits. */
export async function keepForTerminal(
  tx: Transaction,
  id: string,
  kept: { readonly person: string; readonly codeHash: Uint8Array; readonly authenticatedAt: Date | null },
): Promise<void> {
  await tx
    .updateTable('sign_in_flows')
    .set({ person: kept.person, code_hash: kept.codeHash, authenticated_at: kept.authenticatedAt })
    .where('id', '=', id)
    .execute();
}

/** Redeems a code at the terminal that began the flow, once. */
export async function redeemFlow(
  tx: Transaction,
  challenge: Uint8Array,
  codeHash: Uint8Array,
): Promise<
  { readonly id: string; readonly person: string; readonly authenticatedAt: Date | null } | undefined
> {
  const { rows } = await sql<{ id: string; person: string; authenticated_at: Date | null }>`
    update sign_in_flows set redeemed_at = now()
    where challenge = ${challenge} and code_hash = ${codeHash} and redeemed_at is null
      and returned_at > now() - make_interval(mins => ${MINUTES})
    returning id, person, authenticated_at`.execute(tx);
  const row = rows[0];
  return row && { id: row.id, person: row.person, authenticatedAt: row.authenticated_at };
}

/** Forgets flows that are long over; the ledger has what came of them. */
export async function forgetFlows(db: Queries): Promise<void> {
  await sql`delete from sign_in_flows where started_at < now() - interval '1 day'`.execute(db);
}
