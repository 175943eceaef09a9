import { sql } from 'kysely';
import type { MonitoringProof, ProbeResult } from '../contract/monitoring.ts';
import type { Part } from '../kernel/verify/probe.ts';
import { transact, type Database, type Queries, type Transaction } from './database.ts';
import { digestOfProof } from './proof-digest.ts';

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
  /** Of all that is kept of it, by which the ledger names it. */
  readonly digest: string;
  /** How old it was at the statement, by the database's clock. */
  readonly age_ms: number;
}

const columns = sql<ProofRow>`
  id, environment, prometheus, alertmanager, thanos, places, proved_at, digest,
  (extract(epoch from clock_timestamp() - proved_at) * 1000)::float8 as age_ms`;

/** Targets in the one order in which they are stored and compared. */
const stored = (targets: readonly string[] | null) => (targets ?? []).toSorted();

/** Stores a proof with its raw answers and its digest, which is taken here once for all that rests on it; answers its row. */
export async function insertProof(
  db: Queries,
  environment: string,
  targets: readonly string[] | null,
  proof: MonitoringProof,
): Promise<ProofRow> {
  const { prometheus, alertmanager, thanos, places } = proof;
  const sorted = stored(targets);
  const probes = withoutNul(JSON.stringify(proof.probes));
  const proved_at = new Date(proof.provedAt);
  const read: unknown = JSON.parse(probes);
  const kept = {
    environment,
    targets: sorted,
    prometheus,
    alertmanager,
    thanos,
    probes: read,
    places,
    proved_at,
  };
  const { rows } = await sql<ProofRow>`
    insert into monitoring_proofs
      (environment, targets, prometheus, alertmanager, thanos, probes, places, proved_at, digest)
    values (${environment}, ${sorted}::text[], ${prometheus}, ${alertmanager}, ${thanos}, ${probes}::jsonb,
      ${JSON.stringify(places)}::jsonb, ${proved_at}, ${digestOfProof(kept)})
    returning ${columns}`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('expected the inserted proof, got no row');
  return row;
}

/** The newest proof of an environment with exactly these targets; one of before proofs had digests is none. */
export async function newestProof(
  db: Queries,
  environment: string,
  targets: readonly string[] | null,
): Promise<ProofRow | undefined> {
  const { rows } = await sql<Omit<ProofRow, 'digest'> & { readonly digest: string | null }>`
    /* prepared: newest_proof */ select ${columns} from monitoring_proofs
    where environment = ${environment} and targets = ${stored(targets)}::text[]
      and hash_array_extended(targets, 0) = hash_array_extended(${stored(targets)}::text[], 0)
    order by proved_at desc, id desc limit 1`.execute(db);
  const [row] = rows;
  return row && row.digest !== null ? { ...row, digest: row.digest } : undefined;
}

/**
 * Since when an environment's stored proofs do not pass, as far as they reach back without a silence longer than
 * `silenceMs`; `null` where the newest passes, or there is none.
 *
 * @param parts those that the environment has
 */
export async function deadSince(
  db: Queries,
  environment: string,
  { parts, silenceMs }: { readonly parts: readonly Part[]; readonly silenceMs: number },
): Promise<Date | null> {
  const { rows } = await sql<{ since: Date | null }>`
    with proofs as (
      select proved_at, ${parts}::text[] <@ array_remove(array[
          case when prometheus = 'pass' then 'prometheus' end, case when alertmanager = 'pass' then 'alertmanager' end,
          case when thanos = 'pass' then 'thanos' end], null) as alive,
        lag(proved_at) over (order by proved_at) as before
      from monitoring_proofs where environment = ${environment} and targets = '{}'
        and hash_array_extended(targets, 0) = hash_array_extended('{}'::text[], 0) and proved_at > now() - interval '1 day'
    )
    select min(proved_at) as since from proofs
    where proved_at > coalesce((select max(proved_at) from proofs where alive), '-infinity')
      and proved_at >= coalesce(
        (select max(proved_at) from proofs where before < proved_at - make_interval(secs => ${silenceMs / 1_000})),
        '-infinity')`.execute(db);
  return rows[0]?.since ?? null;
}

/**
 * Does something about an environment's monitoring on one server at a time; `null` where another is at it. The lock ends with its
 * transaction, and so with whatever becomes of this process.
 */
export async function aloneAtProving<T>(
  db: Database,
  environment: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T | null> {
  return transact(db, async (tx) => {
    const { rows } = await sql<{ alone: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('interlock monitoring'), hashtext(${environment})) as alone`.execute(
      tx,
    );
    return rows[0]?.alone === true ? work(tx) : null;
  });
}

/** The probes of a proof with their raw answers; many kilobytes, so no decision reads them. */
export async function probesOf(db: Queries, id: bigint): Promise<readonly ProbeResult[]> {
  const { rows } = await sql<{ probes: readonly ProbeResult[] }>`
    select probes from monitoring_proofs where id = ${id}`.execute(db);
  return rows[0]?.probes ?? [];
}

/** Marks a proof as one that something rests on: it is never thinned out. */
export async function keepProof(db: Queries, id: bigint): Promise<void> {
  await sql`
    /* prepared: proof_keep */ update monitoring_proofs set kept = true where id = ${id} and not kept`.execute(
    db,
  );
}

/** Deletes proofs that nothing rests on: older than an hour where they passed, than a day where they did not. */
export async function thinProofs(db: Queries): Promise<void> {
  await sql`
    delete from monitoring_proofs
    where not kept and proved_at < now() - case
      when prometheus = 'pass' and alertmanager = 'pass' and thanos = 'pass' then interval '1 hour' else interval '1 day' end`.execute(
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
