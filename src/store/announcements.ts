import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Asks for the announcement of a start; false where it was asked for this digest before. */
export async function insertAnnouncement(
  tx: Transaction,
  { changeId, digest, by }: { readonly changeId: string; readonly digest: string; readonly by: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into announcements (change_id, digest, by) values (${changeId}, ${digest}, ${by})
    on conflict do nothing returning change_id`.execute(tx);
  return rows.length === 1;
}

/** Notes the delivery, with the message that is its receipt. */
export async function deliverAnnouncement(
  tx: Transaction,
  {
    changeId,
    digest,
    receipt,
  }: { readonly changeId: string; readonly digest: string; readonly receipt: bigint },
): Promise<void> {
  await sql`
    update announcements set delivered_at = clock_timestamp(), receipt = ${receipt}
    where change_id = ${changeId} and digest = ${digest} and delivered_at is null`.execute(tx);
}

/** When the start of the plan of this digest was announced; `null` if it was not delivered. */
export async function announcedAt(db: Queries, changeId: string, digest: string): Promise<Date | null> {
  const { rows } = await sql<{ delivered_at: Date | null }>`
    /* prepared: announced_at */ select delivered_at from announcements
    where change_id = ${changeId} and digest = ${digest}`.execute(db);
  return rows[0]?.delivered_at ?? null;
}
