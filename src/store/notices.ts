import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Something that one person was told. */
export interface NoticeRow {
  readonly id: bigint;
  readonly person: string;
  readonly kind: string;
  readonly about: string;
  readonly body: string;
  readonly at: Date;
  readonly read_at: Date | null;
}

/** What is told, and to whom. */
export interface NewNotice {
  readonly to: readonly string[];
  /** One reason: the same person is told of it once. */
  readonly key: string;
  readonly kind: string;
  /** `change/CHG-1`, as the ledger names it. */
  readonly about: string;
  readonly body: string;
}

/** Puts a notice into the inbox of each person who has not had it. Gives who got it now. */
export async function insertNotices(tx: Transaction, notice: NewNotice): Promise<string[]> {
  const { to, key, kind, about, body } = notice;
  const { rows } = await sql<{ person: string }>`
    insert into notices (key, person, kind, about, body)
    select ${key}, name, ${kind}, ${about}, ${body} from unnest(${to}::text[]) as name
    on conflict (person, key) do nothing
    returning person`.execute(tx);
  return rows.map(({ person }) => person);
}

/** Who has read what was told under a key. */
export async function readersOf(db: Queries, key: string): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select person from notices where key = ${key} and read_at is not null order by read_at`.execute(db);
  return rows.map(({ person }) => person);
}

/** A page of somebody's notices, the newest first; `before` is the number of the last of the page before. */
export async function noticesOf(
  db: Queries,
  person: string,
  page: { readonly unread: boolean; readonly before?: bigint | undefined; readonly limit: number },
): Promise<NoticeRow[]> {
  return (
    await sql<NoticeRow>`
      select id, person, kind, about, body, at, read_at from notices
      where person = ${person} and (${!page.unread} or read_at is null)
        and (${page.before ?? null}::bigint is null or id < ${page.before ?? null})
      order by id desc limit ${page.limit}`.execute(db)
  ).rows;
}

/** Marks what somebody has read, up to and with a number. Gives how many it were. */
export async function markRead(tx: Transaction, person: string, upTo: bigint): Promise<number> {
  const { rows } = await sql`
    update notices set read_at = clock_timestamp()
    where person = ${person} and id <= ${upTo} and read_at is null returning id`.execute(tx);
  return rows.length;
}
