import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** What an announcement is of: a request, its plan, its slot. */
export interface AnnouncedOf {
  readonly id: string;
  readonly digest: string;
  readonly slot_edition: number;
}

/** Asks for the announcement of a start and gives its number. */
export async function insertAnnouncement(
  tx: Transaction,
  { id, digest, slot_edition }: AnnouncedOf,
  by: string,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    insert into announcements (change_id, digest, slot_edition, by, asked_at)
    values (${id}, ${digest}, ${slot_edition}, ${by}, clock_timestamp()) returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new announcement, got no row');
  return row.id;
}

/** Notes the delivery, with the message that is its receipt. */
export async function deliverAnnouncement(tx: Transaction, id: bigint, receipt: bigint): Promise<void> {
  await sql`
    update announcements set delivered_at = clock_timestamp(), receipt = ${receipt}
    where id = ${id} and delivered_at is null`.execute(tx);
}

/** When the start of this very plan in this very slot was first announced; `null` if that was not delivered. */
export async function announcedAt(
  db: Queries,
  { id, digest, slot_edition }: AnnouncedOf,
): Promise<Date | null> {
  const { rows } = await sql<{ delivered_at: Date | null }>`
    /* prepared: announced_at */ select min(delivered_at) as delivered_at from announcements
    where change_id = ${id} and digest = ${digest} and slot_edition = ${slot_edition}`.execute(db);
  return rows[0]?.delivered_at ?? null;
}
