import { sql } from 'kysely';
import type { RotaName } from '../contract/people.ts';
import type { PersonMapping, SourceOverride, UnmappedEvent } from '../contract/rota-sources.ts';
import type { Queries, Transaction } from './database.ts';

/** What says elsewhere who is on call: an address, or a schedule of a peer of `integrations.yaml`. */
export interface SourceRow {
  readonly id: bigint;
  readonly rota: RotaName;
  readonly url: string | null;
  readonly format: 'icalendar' | 'timeline';
  readonly connection: string | null;
  readonly schedule: string | null;
  readonly zone: string | null;
  readonly people: readonly PersonMapping[];
  readonly added_at: Date;
  readonly added_by: string;
  readonly tried_at: Date | null;
  readonly failure: string | null;
  readonly good_at: Date | null;
  readonly good_until: Date | null;
  readonly read_at: Date | null;
  readonly etag: string | null;
  readonly modified: string | null;
  readonly unmapped: readonly UnmappedEvent[];
  readonly overrides: readonly SourceOverride[];
  /** Whether it may no longer be relied on, by the database's clock. */
  readonly lapsed: boolean;
}

const columns = sql`id, rota, url, format, connection, schedule, zone, people, added_at, added_by, tried_at, failure, good_at, good_until, read_at, etag,
  modified, unmapped, overrides, coalesce(good_until <= now(), true) as lapsed`;

export async function insertSource(
  tx: Transaction,
  source: Pick<SourceRow, 'rota' | 'url' | 'format' | 'connection' | 'schedule' | 'zone' | 'people'> & {
    readonly by: string;
  },
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    insert into rota_sources (rota, url, format, connection, schedule, zone, people, added_by)
    values (${source.rota}, ${source.url}, ${source.format}, ${source.connection}, ${source.schedule}, ${source.zone}, ${JSON.stringify(source.people)}, ${source.by})
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new source, got no row');
  return row.id;
}

/** The calendar that sets a rota, if one does. */
export async function sourceOf(db: Queries, rota: RotaName): Promise<SourceRow | undefined> {
  return (
    await sql<SourceRow>`
      select ${columns} from rota_sources where rota = ${rota} and removed_at is null`.execute(db)
  ).rows[0];
}

/** Every calendar that sets a rota. */
export async function sourcesInForce(db: Queries): Promise<SourceRow[]> {
  return (
    await sql<SourceRow>`
      select ${columns} from rota_sources where removed_at is null order by rota`.execute(db)
  ).rows;
}

export async function removeSource(tx: Transaction, id: bigint, by: string): Promise<void> {
  await sql`update rota_sources set removed_at = now(), removed_by = ${by} where id = ${id}`.execute(tx);
}

/** An answer of a calendar that could be read; without `read` it was that nothing changed. */
export interface GoodAnswer {
  readonly validForMs: number;
  readonly read?: {
    readonly etag: string | null;
    readonly modified: string | null;
    readonly unmapped: readonly UnmappedEvent[];
    readonly overrides: readonly SourceOverride[];
  };
}

export async function noteAnswer(
  tx: Transaction,
  id: bigint,
  { validForMs, read }: GoodAnswer,
): Promise<void> {
  const until = sql`now() + make_interval(secs => ${validForMs / 1_000})`;
  await sql`
    update rota_sources set tried_at = now(), failure = null, good_at = now(), good_until = ${until}
    where id = ${id}`.execute(tx);
  if (!read) return;
  await sql`
    update rota_sources set read_at = now(), etag = ${read.etag}, modified = ${read.modified},
      unmapped = ${JSON.stringify(read.unmapped)}, overrides = ${JSON.stringify(read.overrides)} where id = ${id}`.execute(
    tx,
  );
}

/** What went wrong with an attempt; what was imported before stays as long as it may be relied on, or ends now. */
export async function noteFailure(
  tx: Transaction,
  id: bigint,
  { failure, lapses }: { readonly failure: string; readonly lapses: boolean },
): Promise<void> {
  await sql`
    update rota_sources set tried_at = now(), failure = ${failure},
      good_until = case when ${lapses} and good_until > now() then now() else good_until end
    where id = ${id}`.execute(tx);
}
