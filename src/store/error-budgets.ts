import { sql } from 'kysely';
import type { RawAnswer } from '../contract/monitoring.ts';
import type { Queries } from './database.ts';

/** What was read of a service's error budget. */
export interface BudgetReadingRow {
  readonly service: string;
  /** Share that is left; `null` where it could not be told, and `because` says why. */
  readonly remaining: number | null;
  readonly because: string;
  readonly read_at: Date;
  /** How old it was at the statement, by the database's clock. */
  readonly age_ms: number;
}

/** Keeps a reading with its raw answers. */
export async function insertReading(
  db: Queries,
  reading: Pick<BudgetReadingRow, 'service' | 'remaining' | 'because'> & {
    readonly query: string;
    readonly raw: readonly RawAnswer[];
  },
): Promise<void> {
  const { service, query, remaining, because, raw } = reading;
  // A raw answer may hold a NUL, which no `jsonb` can; the escape is kept visible.
  const answers = JSON.stringify(raw).replaceAll('\\u0000', '\\ufffd');
  await sql`
    insert into error_budget_readings (service, query, remaining, because, raw)
    values (${service}, ${query}, ${remaining}, ${because}, ${answers}::jsonb)`.execute(db);
}

/** The newest reading of a service by exactly this query, whatever it says. */
export async function newestReading(
  db: Queries,
  service: string,
  query: string,
): Promise<BudgetReadingRow | undefined> {
  const { rows } = await sql<BudgetReadingRow>`
    /* prepared: newest_budget */ select service, remaining, because, read_at,
      (extract(epoch from clock_timestamp() - read_at) * 1000)::float8 as age_ms
    from error_budget_readings where service = ${service} and query = ${query}
    order by read_at desc, id desc limit 1`.execute(db);
  return rows[0];
}

/** Deletes readings older than a month: what a decision saw of them stands in its facts. */
export async function thinReadings(db: Queries): Promise<void> {
  await sql`delete from error_budget_readings where read_at < now() - interval '30 days'`.execute(db);
}
