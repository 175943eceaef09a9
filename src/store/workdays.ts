import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** When a person works, in their own zone; `begins` and `ends` as `HH:MM`. */
export interface WorkdayRow {
  readonly zone: string;
  readonly begins: string;
  readonly ends: string;
}

export async function workdayOf(db: Queries, person: string): Promise<WorkdayRow | undefined> {
  return (
    await sql<WorkdayRow>`
      select zone, to_char(begins, 'HH24:MI') as begins, to_char(ends, 'HH24:MI') as ends
      from workdays where person = ${person}`.execute(db)
  ).rows[0];
}

export async function setWorkday(tx: Transaction, person: string, workday: WorkdayRow): Promise<void> {
  await sql`
    insert into workdays (person, zone, begins, ends)
    values (${person}, ${workday.zone}, ${workday.begins}, ${workday.ends})
    on conflict (person) do update set zone = excluded.zone, begins = excluded.begins, ends = excluded.ends,
      set_at = now()`.execute(tx);
}
