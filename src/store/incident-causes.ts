import { sql } from 'kysely';
import { insertEvent } from './incident-events.ts';
import type { Queries, Transaction } from './database.ts';
import { writeStanding } from './standing.ts';

/** An incident laid at the door of a change. */
export interface CauseRow {
  readonly change: string;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
}

/** Lays an incident at the door of a change; false where it lies there already. */
export async function insertCause(
  tx: Transaction,
  incident: string,
  { change, reason, by }: Omit<CauseRow, 'at'>,
): Promise<boolean> {
  await writeStanding(tx);
  const { rows } = await sql`
    insert into incident_causes (incident_id, change_id, reason, by) values (${incident}, ${change}, ${reason}, ${by})
    on conflict do nothing returning change_id`.execute(tx);
  if (rows.length === 1)
    await insertEvent(tx, incident, { kind: 'note', by, text: `caused by ${change}: ${reason}` });
  return rows.length === 1;
}

/** The changes at whose door an incident was laid, the first first. */
export async function causesOf(db: Queries, incident: string): Promise<CauseRow[]> {
  return (
    await sql<CauseRow>`
      select change_id as change, reason, by, at from incident_causes where incident_id = ${incident} order by at`.execute(
      db,
    )
  ).rows;
}

/** Whether a request has a run: what never ran has caused nothing. */
export async function hasRun(db: Queries, change: string): Promise<boolean> {
  return (await sql`select from runs where change_id = ${change} limit 1`.execute(db)).rows.length === 1;
}
