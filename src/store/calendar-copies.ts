import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** An event of the calendar in a collection elsewhere: what is wanted there, and what is known to stand there. */
export interface CopyRow {
  readonly uid: string;
  readonly generation: number;
  readonly event: unknown;
  readonly wanted: string | null;
  readonly written: string | null;
  readonly tag: string | null;
  readonly sequence: bigint | null;
}

/** An event with what there is to do about it, by a number that grows. */
export interface DueCopy {
  readonly uid: string;
  readonly generation: number;
}

const columns = sql`uid, generation, event, wanted, written, tag, sequence`;

/**
 * Takes a collection for comparing it, where something was recorded since that was last done, or it was long ago; the size of the log
 * then. Nobody else gets it until the transaction ends.
 */
export async function takePlace(
  tx: Transaction,
  place: string,
  everyMs: number,
): Promise<{ readonly size: bigint } | undefined> {
  await sql`
    insert into calendar_places (place, log_size, compared_at) values (${place}, 0, '-infinity')
    on conflict (place) do nothing`.execute(tx);
  const { rows } = await sql<{ size: bigint }>`
    select head.size from calendar_places p, ledger_head head
    where p.place = ${place} and (p.log_size <> head.size
      or p.compared_at <= now() - ${everyMs}::float8 * interval '1 millisecond')
    for update of p skip locked`.execute(tx);
  return rows[0];
}

export async function notePlace(tx: Transaction, place: string, size: bigint): Promise<void> {
  await sql`update calendar_places set log_size = ${size}, compared_at = now() where place = ${place}`.execute(
    tx,
  );
}

/** What is wanted of each event in a collection, those that have left too. */
export async function copiesIn(db: Queries, place: string): Promise<CopyRow[]> {
  return (await sql<CopyRow>`select ${columns} from calendar_copies where place = ${place}`.execute(db)).rows;
}

export async function findCopy(db: Queries, place: string, uid: string): Promise<CopyRow | undefined> {
  const { rows } = await sql<CopyRow>`
    select ${columns} from calendar_copies where place = ${place} and uid = ${uid}`.execute(db);
  return rows[0];
}

/** Wants events to stand there, or, where `event` is `null`, to be gone. */
export async function wantCopies(
  tx: Transaction,
  place: string,
  events: readonly { readonly uid: string; readonly event: unknown; readonly wanted: string | null }[],
): Promise<DueCopy[]> {
  const { rows } = await sql<DueCopy>`
    insert into calendar_copies (place, uid, generation, event, wanted)
    select ${place}, w.uid, 1, w.event, w.wanted
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as w (uid text, event jsonb, wanted text)
    on conflict (place, uid) do update
      set event = excluded.event, wanted = excluded.wanted, generation = calendar_copies.generation + 1
      where calendar_copies.wanted is distinct from excluded.wanted
    returning uid, generation`.execute(tx);
  return rows;
}

/** Notes what stands there now. */
export async function noteCopy(
  tx: Transaction,
  place: string,
  {
    uid,
    written,
    tag,
    sequence,
  }: {
    readonly uid: string;
    readonly written: string | null;
    readonly tag: string | null;
    readonly sequence: number | null;
  },
): Promise<void> {
  await sql`
    update calendar_copies set written = ${written}, tag = ${tag},
      sequence = greatest(sequence, ${sequence}::bigint)
    where place = ${place} and uid = ${uid}`.execute(tx);
}

/** Begins to write those anew of which something else was seen than the tag that is known; one that was written meanwhile is not. */
export async function restoreCopies(
  tx: Transaction,
  place: string,
  seen: readonly { readonly uid: string; readonly tag: string }[],
): Promise<DueCopy[]> {
  const { rows } = await sql<DueCopy>`
    update calendar_copies c set written = null, generation = generation + 1
    from jsonb_to_recordset(${JSON.stringify(seen)}::jsonb) as s (uid text, tag text)
    where c.place = ${place} and c.uid = s.uid and c.tag = s.tag and c.written = c.wanted
    returning c.uid, c.generation`.execute(tx);
  return rows;
}

/**
 * Once the other server answers again: what waits for it longer is due now, unless it was busy just now; and what was given up because it
 * did not answer, not because it would not, is to be done anew.
 */
export async function resumeCopies(tx: Transaction, connection: string, place: string): Promise<DueCopy[]> {
  await sql`
    update outbox set next_attempt_at = now()
    where connection = ${connection} and topic = 'calendar' and delivered_at is null and given_up_at is null
      and last_error is not null and next_attempt_at > now() + interval '1 minute'
      and not exists (
        select from outbox_attempts a join outbox o on o.id = a.effect
        where o.connection = ${connection} and a.outcome = 'later' and a.at > now() - interval '1 minute')`.execute(
    tx,
  );
  const { rows } = await sql<DueCopy>`
    update calendar_copies c set generation = generation + 1
    where place = ${place} and written is distinct from wanted and (
      select o.given_up_at is not null
        and (select count(*) from outbox_attempts a where a.effect = o.id and a.outcome = 'later') > 0
      from outbox o where o.connection = ${connection} and o.topic = 'calendar' and o.about = 'calendar/' || c.uid
      order by o.id desc limit 1)
    returning uid, generation`.execute(tx);
  return rows;
}

/** Whether something of a topic waits for a connection. */
export async function waitsFor(db: Queries, connection: string, topic: string): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select from outbox where connection = ${connection} and topic = ${topic}
      and delivered_at is null and given_up_at is null) as waits`.execute(db);
  return rows[0]?.waits === true;
}
