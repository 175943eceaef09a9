import { sql, type RawBuilder } from 'kysely';
import type { ChangeState } from '../kernel/change/state.ts';
import type { Criticality, Kind, Severity } from '../kernel/policy/facts.ts';
import type { ChangeRow } from './changes.ts';
import type { Queries } from './database.ts';

/** What a list of requests is narrowed by; absent means any. */
export interface ChangeFilter {
  readonly state?: ChangeState | undefined;
  readonly environment?: string | undefined;
  readonly service?: string | undefined;
  readonly criticality?: Criticality | undefined;
  readonly severity?: Severity | undefined;
  readonly kind?: Kind | undefined;
  readonly author?: string | undefined;
  readonly executor?: string | undefined;
  /** Requests whose slot, tentative or accepted, has a part in this span, half open. */
  readonly slot?: { readonly start: Date; readonly end: Date } | undefined;
  /** Words that the request is found by, all of them. */
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
  const { text } = filter;
  const rare = text !== undefined && (await isRare(db, text));
  // Few: found by their words, then put in order. Many: met soon by whoever walks from the newest.
  const found = rare
    ? sql`with found as materialized (select number from changes where ${holds(text)})`
    : sql``;
  const conditions = conditionsOf(filter);
  if (rare) conditions.push(sql`number in (select number from found)`);
  else if (text !== undefined) conditions.push(holds(text));
  const { rows } = await sql<ChangeRow & { number: bigint }>`
    ${found} select number, id, state, revision, version, author, author_bot_of, lower(slot) as slot_start,
      upper(slot) as slot_end, slot_edition, slot_accepted, on_calendar, retry_of, opened_at, title, environment, services,
      criticality, severity, kind, executor, digest
    from changes where ${sql.join([sql`true`, ...conditions], sql` and `)}
    order by number desc limit ${limit}`.execute(db);
  return rows;
}

function holds(text: string): RawBuilder<unknown> {
  return sql`search @@ plainto_tsquery('simple', ${text})`;
}

/**
 * Whether one of the words is none that many requests hold, as the statistics of the database name those. Left to itself
 * PostgreSQL walks a million requests from the newest for fifty that are not there.
 */
async function isRare(db: Queries, text: string): Promise<boolean> {
  const { rows } = await sql<{ rare: boolean }>`
    select exists (
      select from unnest(tsvector_to_array(to_tsvector('simple', ${text}))) as word
      where word not in (
        select unnest(most_common_elems::text::text[]) from pg_stats
        where schemaname = 'public' and tablename = 'changes' and attname = 'search'
      )
    ) as rare`.execute(db);
  return rows[0]?.rare === true;
}

function conditionsOf(filter: ChangeFilter): RawBuilder<unknown>[] {
  const { state, environment, service, criticality, severity, kind, author, executor, slot, before } = filter;
  const conditions: RawBuilder<unknown>[] = [];
  if (state !== undefined) conditions.push(sql`state = ${state}`);
  if (environment !== undefined) conditions.push(sql`environment = ${environment}`);
  if (service !== undefined) conditions.push(sql`services @> array[${service}]`);
  if (criticality !== undefined) conditions.push(sql`criticality = ${criticality}`);
  if (severity !== undefined) conditions.push(sql`severity = ${severity}`);
  if (kind !== undefined) conditions.push(sql`kind = ${kind}`);
  if (author !== undefined) conditions.push(sql`author = ${author}`);
  if (executor !== undefined) conditions.push(sql`executor = ${executor}`);
  if (slot !== undefined) conditions.push(sql`slot && tstzrange(${slot.start}, ${slot.end})`);
  if (before !== undefined) conditions.push(sql`number < ${before}`);
  return conditions;
}
