import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Keeps that a source told us something, in the transaction of its effect; false where it was heard before. */
export async function insertDelivery(tx: Transaction, source: string, delivery: string): Promise<boolean> {
  const { rows } = await sql`
    insert into heard_deliveries (source, delivery) values (${source}, ${delivery}) on conflict do nothing
    returning delivery`.execute(tx);
  return rows.length === 1;
}

/** Whether a source told us this before. */
export async function wasHeard(db: Queries, source: string, delivery: string): Promise<boolean> {
  const { rows } = await sql`
    select from heard_deliveries where source = ${source} and delivery = ${delivery}`.execute(db);
  return rows.length === 1;
}
