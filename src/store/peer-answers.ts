import { sql } from 'kysely';
import type { RawAnswer } from '../contract/monitoring.ts';
import type { RotaName } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

/** What a peer was asked about. */
export type AskedAbout = RotaName | 'incidents';

/** What a peer answered, or that it did not. */
export interface PeerAnswerRow {
  readonly id: bigint;
  readonly connection: string;
  readonly about: AskedAbout;
  readonly heard: boolean;
  readonly because: string;
  readonly asked_at: Date;
  /** How old it was at the statement, by the database's clock. */
  readonly age_ms: number;
}

const columns = sql`id, connection, about, heard, because, asked_at,
  (extract(epoch from clock_timestamp() - asked_at) * 1000)::float8 as age_ms`;

/** Keeps an answer with its raw bytes. */
export async function insertAnswer(
  db: Queries,
  answer: Pick<PeerAnswerRow, 'connection' | 'about' | 'heard' | 'because'> & {
    readonly askedAtMs: number;
    readonly raw: readonly RawAnswer[];
  },
): Promise<void> {
  const { connection, about, heard, because, askedAtMs, raw } = answer;
  // A raw answer may hold a NUL, which no `jsonb` can; the escape is kept visible.
  const answers = JSON.stringify(raw).replaceAll('\\u0000', '\\ufffd');
  await sql`
    insert into peer_answers (connection, about, heard, because, raw, asked_at)
    values (${connection}, ${about}, ${heard}, ${because}, ${answers}::jsonb, ${new Date(askedAtMs)})`.execute(
    db,
  );
}

/** The newest answer that was heard of a peer about something, and the newest attempt where that came to nothing since. */
export async function newestAnswers(
  db: Queries,
  connection: string,
  about: AskedAbout,
): Promise<{ readonly heard: PeerAnswerRow | null; readonly failed: PeerAnswerRow | null }> {
  const { rows } = await sql<PeerAnswerRow>`
    /* prepared: newest_answers */ (select ${columns} from peer_answers
      where connection = ${connection} and about = ${about} order by asked_at desc, id desc limit 1)
    union all
    (select ${columns} from peer_answers
      where connection = ${connection} and about = ${about} and heard order by asked_at desc, id desc limit 1)`.execute(
    db,
  );
  return { heard: rows.find(({ heard }) => heard) ?? null, failed: rows.find(({ heard }) => !heard) ?? null };
}

/** Of these peers, where they were asked something: when each was last heard about all of it, and why not where that is newer. */
export async function lastHeard(
  db: Queries,
  connections: readonly string[],
): Promise<
  { readonly connection: string; readonly heard_at: Date | null; readonly unheard: string | null }[]
> {
  return (
    await sql<{ connection: string; heard_at: Date | null; unheard: string | null }>`
      select name as connection, min(good.asked_at) as heard_at,
        max(newest.because) filter (where not newest.heard) as unheard
      from unnest(${connections}::text[]) name
        cross join unnest(array['eoc', 'imoc', 'cmoc', 'incidents']) subject
        cross join lateral (select heard, because from peer_answers
          where connection = name and about = subject order by asked_at desc, id desc limit 1) newest
        left join lateral (select asked_at from peer_answers
          where connection = name and about = subject and heard order by asked_at desc, id desc limit 1) good on true
      group by name`.execute(db)
  ).rows;
}

/** Marks answers as ones that a decision rests on: they are never thinned out. */
export async function keepAnswers(tx: Transaction, ids: readonly string[]): Promise<void> {
  await sql`update peer_answers set kept = true where id = any(${ids}::bigint[]) and not kept`.execute(tx);
}

/** Deletes answers of more than a day ago that nothing rests on. */
export async function thinAnswers(db: Queries): Promise<void> {
  await sql`delete from peer_answers where not kept and asked_at < now() - interval '1 day'`.execute(db);
}
