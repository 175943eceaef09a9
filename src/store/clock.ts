import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** The database's clock, in epoch milliseconds, rounded up: never before an instant that it gave to a row. */
export async function clock(db: Queries): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    /* prepared: clock */ select ceil(extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(
    db,
  );
  const row = rows[0];
  if (!row) throw new Error("expected the database's time, got no row");
  return row.ms;
}
