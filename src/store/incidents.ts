import { sql, type RawBuilder } from 'kysely';
import type { Severity } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';
import { insertEvent } from './incident-events.ts';
import type { Given } from './rows-in-json.ts';
import { writeStanding } from './standing.ts';

export interface IncidentRow {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly source: string;
  readonly opened_by: string;
  readonly opened_at: Date;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly resolution: string | null;
  /** Since when its source no longer sees it. */
  readonly quiet_since: Date | null;
}

const columns = sql`id, title, severity, source, opened_by, opened_at, resolved_at, resolved_by, resolution, quiet_since`;

export interface NewIncident {
  readonly title: string;
  readonly severity: Severity;
  /** Who says so: `app` for a person, `monitoring` for the product's own prover. */
  readonly source: string;
  /** One source has one active incident of a key; `null` for none. */
  readonly sourceKey: string | null;
  readonly by: string;
  /** None is opened where one of that source and key was opened from this instant on, active or not. */
  readonly unlessSince?: Date;
}

/** Opens an incident and gives its id; `null` where that source has one of that key already. */
export async function insertIncident(tx: Transaction, incident: NewIncident): Promise<string | null> {
  await writeStanding(tx);
  const { rows } = await sql<{ id: string }>`
    insert into incidents (title, severity, source, source_key, opened_by, opened_at)
    select ${incident.title}, ${incident.severity}, ${incident.source}, ${incident.sourceKey}, ${incident.by},
      clock_timestamp()
    where not exists (
      select from incidents where source = ${incident.source} and source_key = ${incident.sourceKey}
        and opened_at >= ${incident.unlessSince ?? null}::timestamptz)
    on conflict (source, source_key) where resolved_at is null do nothing
    returning id`.execute(tx);
  const id = rows[0]?.id ?? null;
  const text = `severity ${incident.severity}: ${incident.title}`;
  if (id !== null) await insertEvent(tx, id, { kind: 'opened', by: incident.by, text });
  return id;
}

/** Resolves an incident; false where none of that id is active. */
export async function resolveIncident(
  tx: Transaction,
  id: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<boolean> {
  await writeStanding(tx);
  const { rows } = await sql`
    update incidents set resolved_at = clock_timestamp(), resolved_by = ${by}, resolution = ${reason}
    where id = ${id} and resolved_at is null returning id`.execute(tx);
  if (rows.length === 1) await insertEvent(tx, id, { kind: 'resolved', by, text: reason });
  return rows.length === 1;
}

/** The newest incident of each key of a source, active or not. */
export async function newestOfSource(
  db: Queries,
  source: string,
): Promise<(IncidentRow & { readonly key: string })[]> {
  return (
    await sql<IncidentRow & { key: string }>`
      select distinct on (source_key) ${columns}, source_key as key from incidents
      where source = ${source} and source_key is not null order by source_key, number desc`.execute(db)
  ).rows;
}

/** When the last one to end ended, epoch milliseconds; `null` where none has. */
export async function lastIncidentEnd(db: Queries): Promise<number | null> {
  const { rows } = await sql<{ at: Date | null }>`select max(resolved_at) as at from incidents`.execute(db);
  return rows[0]?.at?.getTime() ?? null;
}

/** Holds an incident until the transaction ends; its record can still be written to. */
export async function holdIncident(tx: Transaction, id: string): Promise<void> {
  await sql`select from incidents where id = ${id} for no key update`.execute(tx);
}

/** One incident, active or resolved. */
export async function findIncident(db: Queries, id: string): Promise<IncidentRow | undefined> {
  return (await sql<IncidentRow>`select ${columns} from incidents where id = ${id}`.execute(db)).rows[0];
}

/** The incidents that are active, and the one that a request names, active or not. */
export async function incidentsFor(db: Queries, named: string | null): Promise<IncidentRow[]> {
  return (await activeOrNamed(named).execute(db)).rows;
}

/** The same as a query. */
export function activeOrNamed(named: Given<string | null>): RawBuilder<IncidentRow> {
  return sql`
    select ${columns} from incidents where resolved_at is null or id = ${named} order by number`;
}

/** Every incident that is active, the newest first. */
export async function activeIncidents(db: Queries): Promise<IncidentRow[]> {
  return (
    await sql<IncidentRow>`select ${columns} from incidents where resolved_at is null order by number desc`.execute(
      db,
    )
  ).rows;
}

/** Incidents that are resolved, the newest first; those older than `before`, where it is named. */
export async function resolvedIncidents(
  db: Queries,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<IncidentRow[]> {
  return (
    await sql<IncidentRow>`
      select ${columns} from incidents where resolved_at is not null
        and (${before}::text is null or number < (select number from incidents where id = ${before}))
      order by number desc limit ${limit}`.execute(db)
  ).rows;
}
