import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A silence that was made for a run. */
export interface SilenceRow {
  readonly id: bigint;
  readonly change_id: string;
  readonly run_id: string;
  readonly matchers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  readonly ends_at: Date;
  /** What Alertmanager knows it by; `null`: it was not taken yet. */
  readonly silence: string | null;
  readonly handed_to: string | null;
  readonly handed_because: string | null;
  readonly ended_at: Date | null;
  /** When its run ended; `null`: it is live. */
  readonly run_ended_at: Date | null;
}

const rows = sql`
  select s.id, s.change_id, run_id, matchers, reason, by, s.at, ends_at, silence, handed_to, handed_because, s.ended_at,
    runs.ended_at as run_ended_at
  from change_silences s join runs on runs.id = s.run_id`;

export async function insertSilence(
  tx: Transaction,
  silence: Pick<SilenceRow, 'change_id' | 'run_id' | 'matchers' | 'reason' | 'by' | 'ends_at'>,
): Promise<bigint> {
  const { change_id, run_id, matchers, reason, by, ends_at } = silence;
  const inserted = await sql<{ id: bigint }>`
    insert into change_silences (change_id, run_id, matchers, reason, by, ends_at)
    values (${change_id}, ${run_id}, ${JSON.stringify(matchers)}, ${reason}, ${by}, ${ends_at}) returning id`.execute(
    tx,
  );
  const row = inserted.rows[0];
  if (!row) throw new Error('expected the number of the new silence, got no row');
  return row.id;
}

export async function silencesOf(db: Queries, changeId: string): Promise<SilenceRow[]> {
  return (await sql<SilenceRow>`${rows} where s.change_id = ${changeId} order by s.id`.execute(db)).rows;
}

/** Of every change: those that may still hide an alert, and those that ended since an instant. The newest first, at most so many. */
export async function silencesSince(db: Queries, since: Date, most: number): Promise<SilenceRow[]> {
  return (
    await sql<SilenceRow>`${rows} where s.ended_at is null or s.ended_at >= ${since}
      order by s.ended_at is null desc, s.id desc limit ${most}`.execute(db)
  ).rows;
}

/** Those that may still hide an alert. */
export async function standingSilences(db: Queries): Promise<SilenceRow[]> {
  return (await sql<SilenceRow>`${rows} where s.ended_at is null order by s.id`.execute(db)).rows;
}

/** One by its number, held until the transaction ends. */
export async function lockSilenceNumbered(tx: Transaction, id: bigint): Promise<SilenceRow | undefined> {
  return (await sql<SilenceRow>`${rows} where s.id = ${id} for update of s`.execute(tx)).rows[0];
}

/** One of a change, held until the transaction ends. */
export async function lockSilence(
  tx: Transaction,
  changeId: string,
  id: bigint,
): Promise<SilenceRow | undefined> {
  return (
    await sql<SilenceRow>`${rows} where s.change_id = ${changeId} and s.id = ${id} for update of s`.execute(
      tx,
    )
  ).rows[0];
}

/** Notes what Alertmanager knows it by. */
export async function noteSilence(tx: Transaction, id: bigint, silence: string): Promise<void> {
  await sql`update change_silences set silence = ${silence} where id = ${id}`.execute(tx);
}

export async function endSilence(tx: Transaction, id: bigint): Promise<void> {
  await sql`update change_silences set ended_at = clock_timestamp() where id = ${id} and ended_at is null`.execute(
    tx,
  );
}

/** Gives it to somebody beyond its run, until another time. */
export async function handSilence(
  tx: Transaction,
  id: bigint,
  to: { readonly person: string; readonly because: string; readonly endsAt: Date },
): Promise<void> {
  await sql`
    update change_silences set handed_to = ${to.person}, handed_because = ${to.because}, ends_at = ${to.endsAt}
    where id = ${id} and ended_at is null`.execute(tx);
}
