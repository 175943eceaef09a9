import { sql, type RawBuilder } from 'kysely';
import type { Queries, Transaction } from './database.ts';
import type { Given } from './rows-in-json.ts';
import { writeStanding } from './standing.ts';

/** A veto of one request, of one claim, or of all (both null). */
export interface VetoRow {
  readonly id: bigint;
  readonly change_id: string | null;
  readonly claim_id: string | null;
  readonly by: string;
  readonly reason: string;
  readonly stops_rollback: boolean;
  readonly at: Date;
  readonly lifted_at: Date | null;
  readonly lifted_by: string | null;
}

const columns = sql`id, change_id, claim_id, by, reason, stops_rollback, at, lifted_at, lifted_by`;

/** Lays a veto and gives its number. */
export async function insertVeto(
  tx: Transaction,
  veto: Pick<VetoRow, 'change_id' | 'claim_id' | 'by' | 'reason' | 'stops_rollback'>,
): Promise<bigint> {
  await writeStanding(tx);
  const { rows } = await sql<{ id: bigint }>`
    insert into vetoes (change_id, claim_id, by, reason, stops_rollback, at)
    values (${veto.change_id}, ${veto.claim_id}, ${veto.by}, ${veto.reason}, ${veto.stops_rollback}, clock_timestamp())
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new veto, got no row');
  return row.id;
}

/** Lifts a veto; false where none of this number stands. */
export async function liftVeto(tx: Transaction, id: bigint, by: string): Promise<boolean> {
  await writeStanding(tx);
  const { rows } = await sql`
    update vetoes set lifted_at = clock_timestamp(), lifted_by = ${by} where id = ${id} and lifted_at is null
    returning id`.execute(tx);
  return rows.length === 1;
}

/** What a veto stands on: a request, a claim, or `*`. */
export function vetoed({ change_id, claim_id }: Pick<VetoRow, 'change_id' | 'claim_id'>): string {
  return change_id ?? claim_id ?? '*';
}

/** One veto, standing or lifted. */
export async function findVeto(db: Queries, id: bigint): Promise<VetoRow | undefined> {
  return (await sql<VetoRow>`select ${columns} from vetoes where id = ${id}`.execute(db)).rows[0];
}

/** Every veto that stands. */
export async function standingVetoes(db: Queries): Promise<VetoRow[]> {
  return (await sql<VetoRow>`select ${columns} from vetoes where lifted_at is null order by id`.execute(db))
    .rows;
}

/** A veto as whoever decides sees it. */
export interface StandingVeto extends Pick<VetoRow, 'by' | 'at' | 'stops_rollback'> {
  /** A request, a claim, or `*`. */
  readonly vetoed: string;
}

/** The vetoes that stand: of all, and of these requests and claims. */
export function vetoesOn(on: Given<readonly string[]>): RawBuilder<StandingVeto> {
  return sql`
    select by, at, stops_rollback, coalesce(change_id, claim_id, '*') as vetoed from vetoes
    where lifted_at is null and coalesce(change_id, claim_id, '*') = any(array_append(${on}::text[], '*')) order by id`;
}
