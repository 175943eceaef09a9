import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A witness's signature line below the checkpoint of a size. */
export interface CosignatureRow {
  readonly size: bigint;
  readonly witness: string;
  readonly line: string;
  readonly cosigned_at: Date;
}

/** The cosignatures of one checkpoint, by witness. */
export async function readCosignatures(db: Queries, size: bigint): Promise<CosignatureRow[]> {
  const { rows } = await sql<CosignatureRow>`
    select size, witness, line, cosigned_at from ledger_cosignatures where size = ${size} order by witness`.execute(
    db,
  );
  return rows;
}

/** The newest checkpoint that a witness cosigned. */
export async function lastCosigned(db: Queries, witness: string): Promise<CosignatureRow | null> {
  const { rows } = await sql<CosignatureRow>`
    select size, witness, line, cosigned_at from ledger_cosignatures
    where witness = ${witness} order by size desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Keeps a cosignature; the first of a witness for a size stands. */
export async function insertCosignature(tx: Transaction, row: CosignatureRow): Promise<void> {
  await sql`
    insert into ledger_cosignatures (size, witness, line, cosigned_at)
    values (${row.size}, ${row.witness}, ${row.line}, ${row.cosigned_at})
    on conflict do nothing`.execute(tx);
}
