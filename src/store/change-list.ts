import { sql, type RawBuilder } from 'kysely';
import type { ChangeState } from '../kernel/change/state.ts';
import type { Criticality } from '../kernel/policy/facts.ts';
import type { ChangeRow } from './changes.ts';
import type { Queries } from './database.ts';

/** What a list of requests is narrowed by; absent means any. */
export interface ChangeFilter {
  readonly state?: ChangeState | undefined;
  readonly environment?: string | undefined;
  readonly service?: string | undefined;
  readonly criticality?: Criticality | undefined;
  readonly author?: string | undefined;
  /** Words that the title or the environment holds, all of them. */
  readonly text?: string | undefined;
  /** Only requests older than this one: where the page before ended. */
  readonly before?: bigint | undefined;
}

/** A page of requests, the newest first. */
export async function listChanges(
  db: Queries,
  filter: ChangeFilter,
  limit: number,
): Promise<(ChangeRow & { number: bigint })[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.state !== undefined) conditions.push(sql`state = ${filter.state}`);
  if (filter.environment !== undefined) conditions.push(sql`environment = ${filter.environment}`);
  if (filter.service !== undefined) conditions.push(sql`services @> array[${filter.service}]`);
  if (filter.criticality !== undefined) conditions.push(sql`criticality = ${filter.criticality}`);
  if (filter.author !== undefined) conditions.push(sql`author = ${filter.author}`);
  if (filter.text !== undefined) conditions.push(sql`search @@ plainto_tsquery('simple', ${filter.text})`);
  if (filter.before !== undefined) conditions.push(sql`number < ${filter.before}`);
  const { rows } = await sql<ChangeRow & { number: bigint }>`
    select number, id, state, revision, version, author, author_bot_of, lower(slot) as slot_start,
      upper(slot) as slot_end, slot_edition, slot_accepted, on_calendar, retry_of, opened_at, title, environment, services,
      criticality, severity, kind, executor, digest
    from changes where ${sql.join(conditions, sql` and `)}
    order by number desc limit ${limit}`.execute(db);
  return rows;
}
