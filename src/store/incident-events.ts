import { sql } from 'kysely';
import type { Severity } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';
import { writeStanding } from './standing.ts';

export const INCIDENT_EVENTS = ['opened', 'severity', 'note', 'quiet', 'firing', 'resolved'] as const;

/** Something that was said or seen of an incident. */
export interface IncidentEventRow {
  readonly kind: (typeof INCIDENT_EVENTS)[number];
  readonly by: string;
  readonly text: string;
  readonly at: Date;
}

/** Writes into the record of an incident. */
export async function insertEvent(
  tx: Transaction,
  incident: string,
  { kind, by, text }: Omit<IncidentEventRow, 'at'>,
): Promise<void> {
  await sql`insert into incident_events (incident_id, kind, by, text) values (${incident}, ${kind}, ${by}, ${text})`.execute(
    tx,
  );
}

/** The record of an incident, the oldest first. */
export async function eventsOf(db: Queries, incident: string): Promise<IncidentEventRow[]> {
  return (
    await sql<IncidentEventRow>`
      select kind, by, text, at from incident_events where incident_id = ${incident} order by id`.execute(db)
  ).rows;
}

/** A request that names the incident it resolves. */
export interface ResolvingChange {
  readonly id: string;
  readonly title: string;
  readonly state: string;
}

/** The requests whose plan as it is now resolves an incident. */
export async function changesResolving(db: Queries, incident: string): Promise<ResolvingChange[]> {
  return (
    await sql<ResolvingChange>`
      select c.id, c.title, c.state from change_revisions r join changes c on c.id = r.change_id and c.revision = r.revision
      where r.plan ->> 'resolvesIncident' = ${incident} order by c.number`.execute(db)
  ).rows;
}

/** Sets the severity of an incident; false where it is not active. */
export async function setSeverity(
  tx: Transaction,
  id: string,
  { severity, by, text }: { readonly severity: Severity; readonly by: string; readonly text: string },
): Promise<boolean> {
  await writeStanding(tx);
  const { rows } = await sql`
    update incidents set severity = ${severity} where id = ${id} and resolved_at is null returning id`.execute(
    tx,
  );
  if (rows.length === 1) await insertEvent(tx, id, { kind: 'severity', by, text });
  return rows.length === 1;
}

/** Notes that an active incident's source no longer sees it, or does again; false where that was known. */
export async function setQuiet(
  tx: Transaction,
  id: string,
  { quiet, by, text }: { readonly quiet: boolean; readonly by: string; readonly text: string },
): Promise<boolean> {
  const { rows } = await sql`
    update incidents set quiet_since = case when ${quiet}::boolean then clock_timestamp() end
    where id = ${id} and resolved_at is null and (quiet_since is not null) is distinct from ${quiet}::boolean
    returning id`.execute(tx);
  if (rows.length === 1) await insertEvent(tx, id, { kind: quiet ? 'quiet' : 'firing', by, text });
  return rows.length === 1;
}
