import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Says whose key signs the ledger, unless that was said before; gives the verifier key that stands. */
export async function nameSigner(db: Database, vkey: string): Promise<string> {
  await sql`insert into ledger_signer (vkey) values (${vkey}) on conflict do nothing`.execute(db);
  const stands = await readSigner(db);
  if (stands === null) throw new Error('expected the signer that was just named, got none');
  return stands;
}

/** The verifier key of whoever signs the ledger; `null` before its first start. */
export async function readSigner(db: Database): Promise<string | null> {
  return (await sql<{ vkey: string }>`select vkey from ledger_signer`.execute(db)).rows[0]?.vkey ?? null;
}
