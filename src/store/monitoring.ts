import { sql } from 'kysely';
import type { MonitoringProof, ProbeResult } from '../contract/monitoring.ts';
import type { Queries } from './database.ts';

/** A stored proof. */
export interface ProofRow {
  readonly id: bigint;
  readonly environment: string;
  readonly prometheus: 'pass' | 'fail' | 'unknown';
  readonly alertmanager: 'pass' | 'fail' | 'unknown';
  readonly thanos: 'pass' | 'fail' | 'unknown';
  /** Environments in which each target was seen. */
  readonly places: MonitoringProof['places'];
  readonly proved_at: Date;
  /** How old it was at the statement, by the database's clock. */
  readonly age_ms: number;
}

const columns = sql<ProofRow>`
  id, environment, prometheus, alertmanager, thanos, places, proved_at,
  (extract(epoch from clock_timestamp() - proved_at) * 1000)::float8 as age_ms`;

/** Targets in the one order in which they are stored and compared. */
const stored = (targets: readonly string[] | null) => (targets ?? []).toSorted();

/** Stores a proof with its raw answers; answers its row. */
export async function insertProof(
  db: Queries,
  environment: string,
  targets: readonly string[] | null,
  proof: MonitoringProof,
): Promise<ProofRow> {
  const { rows } = await sql<ProofRow>`
    insert into monitoring_proofs (environment, targets, prometheus, alertmanager, thanos, probes, places, proved_at)
    values (${environment}, ${stored(targets)}::text[], ${proof.prometheus}, ${proof.alertmanager}, ${proof.thanos},
      ${withoutNul(JSON.stringify(proof.probes))}::jsonb, ${JSON.stringify(proof.places)}::jsonb, ${new Date(proof.provedAt)})
    returning ${columns}`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('expected the inserted proof, got no row');
  return row;
}

/** The newest proof of an environment with exactly these targets. */
export async function newestProof(
  db: Queries,
  environment: string,
  targets: readonly string[] | null,
): Promise<ProofRow | undefined> {
  const { rows } = await sql<ProofRow>`
    /* prepared: newest_proof */ select ${columns} from monitoring_proofs
    where environment = ${environment} and targets = ${stored(targets)}::text[]
    order by proved_at desc, id desc limit 1`.execute(db);
  return rows[0];
}

/** The probes of a proof with their raw answers; many kilobytes, so no decision reads them. */
export async function probesOf(db: Queries, id: bigint): Promise<readonly ProbeResult[]> {
  const { rows } = await sql<{ probes: readonly ProbeResult[] }>`
    select probes from monitoring_proofs where id = ${id}`.execute(db);
  return rows[0]?.probes ?? [];
}

/** Marks a proof as one that something rests on: it is never thinned out. */
export async function keepProof(db: Queries, id: bigint): Promise<void> {
  await sql`update monitoring_proofs set kept = true where id = ${id} and not kept`.execute(db);
}

/** Deletes proofs that nothing rests on: older than an hour where they passed, than a day where they did not. */
export async function thinProofs(db: Queries): Promise<void> {
  await sql`
    delete from monitoring_proofs
    where not kept and proved_at < now() - case
      when prometheus = 'pass' and alertmanager = 'pass' then interval '1 hour' else interval '1 day' end`.execute(
    db,
  );
}

/** The database's clock, epoch milliseconds. */
export async function databaseClockMs(db: Queries): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('expected the time of the database, got no row');
  return row.ms;
}

/** A raw answer may hold a NUL, which no `jsonb` can; the escape is kept visible. */
function withoutNul(json: string): string {
  return json.replaceAll('\\u0000', '\\ufffd');
}
