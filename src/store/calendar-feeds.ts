import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A secret address of calendars, without what proves it. */
export interface FeedRow {
  readonly id: string;
  readonly person: string;
  readonly label: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

const columns = sql`id, person, label, created_at, revoked_at`;

export interface NewFeed {
  readonly id: string;
  readonly person: string;
  readonly label: string;
  /** SHA-256 of the secret. */
  readonly secretHash: Uint8Array;
}

/** Inserts a feed. */
export async function insertFeed(tx: Transaction, feed: NewFeed): Promise<FeedRow> {
  const { rows } = await sql<FeedRow>`
      insert into calendar_feeds (id, person, label, secret_hash)
      values (${feed.id}, ${feed.person}, ${feed.label}, ${feed.secretHash}) returning ${columns}`.execute(
    tx,
  );
  const row = rows[0];
  if (!row) throw new Error('expected the feed that was just written, got no row');
  return row;
}

/** The feeds of a person, revoked ones too. */
export async function feedsOf(db: Queries, person: string): Promise<FeedRow[]> {
  return (
    await sql<FeedRow>`
      select ${columns} from calendar_feeds where person = ${person} order by created_at, id`.execute(db)
  ).rows;
}

/** Revokes a person's own feed; false where it is not theirs or revoked already. */
export async function revokeFeed(tx: Transaction, id: string, person: string): Promise<boolean> {
  const { rows } = await sql`
    update calendar_feeds set revoked_at = now(), revoked_by = ${person}
    where id = ${id} and person = ${person} and revoked_at is null returning id`.execute(tx);
  return rows.length > 0;
}

/** Whether a secret opens a feed: it stands, and whoever made it is not shut out. */
export async function feedOpens(db: Queries, secretHash: Uint8Array): Promise<boolean> {
  const { rows } = await sql`
    select f.id from calendar_feeds f join people p on p.name = f.person
    where f.secret_hash = ${secretHash} and f.revoked_at is null and p.disabled_at is null`.execute(db);
  return rows.length > 0;
}
