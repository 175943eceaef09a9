import { sql } from 'kysely';
import type { OwnPlace } from './lent-right-tables.ts';
import type { Queries, Transaction } from './database.ts';

/** A word that a person has posted at a peer, as themselves. */
export interface OwnWordRow {
  readonly id: string;
  readonly change_id: string;
  readonly person: string;
  readonly place: OwnPlace;
  readonly connection: string;
  readonly link: string;
  readonly digest: string;
  readonly body: string;
  readonly asked_at: Date;
  readonly settled_at: Date | null;
  readonly counted: boolean | null;
  readonly because: string | null;
  readonly receipt: string | null;
}

const COLUMNS = sql`id, change_id, person, place, connection, link, digest, body, asked_at, settled_at, counted, because, receipt`;

export async function insertOwnWord(
  tx: Transaction,
  word: Pick<OwnWordRow, 'id' | 'change_id' | 'person' | 'place' | 'connection' | 'link' | 'digest' | 'body'>,
): Promise<void> {
  await sql`
    insert into own_words (id, change_id, person, place, connection, link, digest, body)
    values (${word.id}, ${word.change_id}, ${word.person}, ${word.place}, ${word.connection}, ${word.link}, ${word.digest}, ${word.body})`.execute(
    tx,
  );
}

export async function findOwnWord(
  db: Queries,
  id: string,
): Promise<(OwnWordRow & { readonly age_seconds: number }) | undefined> {
  const { rows } = await sql<OwnWordRow & { age_seconds: number }>`
    select ${COLUMNS}, extract(epoch from clock_timestamp() - asked_at)::float8 as age_seconds
    from own_words where id = ${id}`.execute(db);
  return rows[0];
}

/** The newest first, with why one waits. */
export async function ownWordsOf(
  db: Queries,
  changeId: string,
): Promise<(OwnWordRow & { readonly waits_because: string | null; readonly age_seconds: number })[]> {
  const { rows } = await sql<OwnWordRow & { waits_because: string | null; age_seconds: number }>`
    select w.*, extract(epoch from clock_timestamp() - w.asked_at)::float8 as age_seconds, case when w.settled_at is null then o.last_error end as waits_because
    from own_words w left join outbox o on o.key = 'own-word:' || w.id
    where w.change_id = ${changeId} order by w.asked_at desc, w.id limit 50`.execute(db);
  return rows;
}

/** Whether a word of this person on this plan is on its way or has counted there. */
export async function isUnderWay(
  tx: Transaction,
  { change_id, person, place, digest }: Pick<OwnWordRow, 'change_id' | 'person' | 'place' | 'digest'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from own_words where change_id = ${change_id} and person = ${person} and place = ${place}
      and digest = ${digest} and settled_at is null
      and asked_at > clock_timestamp() - interval '10 minutes'`.execute(tx);
  return rows.length > 0;
}

/** Says what came of it, once. */
export async function settleOwnWord(
  tx: Transaction,
  id: string,
  came: { readonly counted: boolean; readonly because: string | null; readonly receipt: string | null },
): Promise<void> {
  await sql`
    update own_words set settled_at = clock_timestamp(), counted = ${came.counted}, because = ${came.because}, receipt = ${came.receipt}
    where id = ${id} and settled_at is null`.execute(tx);
}

/** Whether an approval of the start by this person came through a door since a word was asked for. */
export async function countedSince(
  db: Queries,
  word: Pick<OwnWordRow, 'change_id' | 'person' | 'place' | 'digest' | 'asked_at'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from approvals where change_id = ${word.change_id} and person = ${word.person} and via = ${word.place}
      and subject = 'start' and capacity = 'eoc' and digest = ${word.digest} and at >= ${word.asked_at}`.execute(
    db,
  );
  return rows.length > 0;
}
