import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Something that was found wrong with the ledger, and was not lifted since. */
export interface StandingFreeze {
  readonly number: bigint;
  readonly because: string;
  /** The signed checkpoint that its finder holds outside the database; `null` where it holds none that can be opened. */
  readonly anchor: string | null;
}

/** Why nothing may be executed, as any server found it; `null` where nothing stands. Asked before every decision. */
export async function standingFreeze(db: Queries): Promise<string | null> {
  const { rows } = await sql<{ because: string }>`
    /* prepared: freeze_standing */ select because from ledger_freezes
    where lifted_at is null order by number limit 1`.execute(db);
  return rows[0]?.because ?? null;
}

/** Everything that stands, the oldest first. */
export async function standingFreezes(db: Queries): Promise<StandingFreeze[]> {
  return (
    await sql<StandingFreeze>`
      select number, because, anchor from ledger_freezes where lifted_at is null order by number`.execute(db)
  ).rows;
}

/** Keeps what was found, unless the same stands already. */
export async function insertFreeze(
  tx: Transaction,
  { because, anchor }: Omit<StandingFreeze, 'number'>,
): Promise<void> {
  await sql`
    insert into ledger_freezes (because, anchor) select ${because}, ${anchor}::text
    where not exists (
      select from ledger_freezes
      where lifted_at is null and because = ${because} and anchor is not distinct from ${anchor}::text
    )`.execute(tx);
}

export async function liftFreezes(tx: Transaction, numbers: readonly bigint[]): Promise<void> {
  await sql`
    update ledger_freezes set lifted_at = clock_timestamp()
    where number = any(${numbers.map(String)}::bigint[]) and lifted_at is null`.execute(tx);
}
