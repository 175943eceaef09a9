import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';
import type { OutboxRow } from './outbox.ts';

/** An effect that a connection carries, as somebody has it for the time of an attempt. */
export interface SendingRow extends OutboxRow {
  readonly about: string | null;
}

/** What is asked of a connection; what it told us waits in a queue of its own, so that neither keeps the other. */
export type Direction = 'out' | 'in';

/** The topic of what a connection told us. */
export const HEARD = 'heard';

/** Words to people: those about one thing are said one after another, so that they stand in their order and in one thread. */
const IN_ORDER = [
  'announce',
  'say',
  'tell',
  'chat',
  'comment',
  'issue',
  'close-issue',
  'publish',
  'audience',
  'calendar',
];

/**
 * Takes what is due for a connection, what is new before what was tried in vain already: a veto does not wait behind answers that a peer which
 * hangs has not taken. Of both the oldest first. Nobody else gets it for `leaseMs`, counted from now: whoever took it may die with
 * it. `attempts` counts this one too.
 */
export async function takeSendings(
  tx: Transaction,
  queue: { readonly connection: string; readonly direction: Direction },
  { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
): Promise<SendingRow[]> {
  const { rows } = await sql<SendingRow>`
    with taken as (
      select id from outbox
      where connection = ${queue.connection} and (topic = ${HEARD}) = ${queue.direction === 'in'}
        and delivered_at is null and given_up_at is null and next_attempt_at <= now()
        and not (topic = any(${IN_ORDER}) and exists (
          select from outbox earlier
          where earlier.connection = outbox.connection and earlier.about = outbox.about and earlier.id < outbox.id
            and earlier.topic = any(${IN_ORDER}) and earlier.delivered_at is null and earlier.given_up_at is null))
      order by attempts > 0, id limit ${limit} for update skip locked
    )
    update outbox set attempts = attempts + 1,
      next_attempt_at = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
    where id in (select id from taken)
    returning id, key, topic, payload, attempts, about`.execute(tx);
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** What an attempt came to. */
export type Attempt =
  | { readonly outcome: 'taken'; readonly receipt: string | null }
  | { readonly outcome: 'later'; readonly because: string; readonly againInMs: number }
  | { readonly outcome: 'refused'; readonly because: string };

/** Notes an attempt and what follows; false where it was settled meanwhile, as by whoever had it before its lease ended. */
export async function settleSending(tx: Transaction, id: bigint, attempt: Attempt): Promise<boolean> {
  const because = attempt.outcome === 'taken' ? null : attempt.because;
  await sql`
    insert into outbox_attempts (effect, outcome, because) values (${id}, ${attempt.outcome}, ${because})`.execute(
    tx,
  );
  const set =
    attempt.outcome === 'taken'
      ? sql`delivered_at = clock_timestamp(), receipt = ${attempt.receipt}, last_error = null`
      : attempt.outcome === 'refused'
        ? sql`given_up_at = clock_timestamp(), last_error = ${because}`
        : sql`last_error = ${because}, next_attempt_at = clock_timestamp() + ${attempt.againInMs}::float8 * interval '1 millisecond'`;
  const { numAffectedRows } = await sql`
    update outbox set ${set} where id = ${id} and delivered_at is null and given_up_at is null`.execute(tx);
  return numAffectedRows === 1n;
}

/** Lets nothing be sent through a connection before its peer wants to be asked again. */
export async function restConnection(tx: Transaction, connection: string, ms: number): Promise<void> {
  await sql`
    update outbox set next_attempt_at = clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    where connection = ${connection} and topic <> ${HEARD} and delivered_at is null and given_up_at is null
      and next_attempt_at < clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`.execute(tx);
}

/** Sends what was given up once more, now; the count of attempts begins anew. Gives whether there is such a one. */
export async function reviveSending(tx: Transaction, connection: string, id: bigint): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update outbox set given_up_at = null, attempts = 0, next_attempt_at = now()
    where id = ${id} and connection = ${connection} and given_up_at is not null`.execute(tx);
  return numAffectedRows === 1n;
}

/** The receipt of the first message about something that a connection took: what later ones belong to. */
export async function firstReceipt(
  db: Queries,
  {
    connection,
    about,
    topics,
  }: { readonly connection: string; readonly about: string; readonly topics: readonly string[] },
): Promise<string | null> {
  const { rows } = await sql<{ receipt: string }>`
    select receipt from outbox where about = ${about} and connection = ${connection} and receipt is not null
      and topic = any(${topics}) order by id limit 1`.execute(db);
  return rows[0]?.receipt ?? null;
}

/** What a connection took under a receipt. */
export async function effectOfReceipt(
  db: Queries,
  connection: string,
  receipt: string,
): Promise<{ readonly topic: string; readonly payload: unknown } | undefined> {
  const { rows } = await sql<{ topic: string; payload: unknown }>`
    select topic, payload from outbox
    where connection = ${connection} and receipt = ${receipt} and topic <> ${HEARD}`.execute(db);
  return rows[0];
}

/** How much waits and was given up, and what the last attempts came to, a connection. */
export interface SendingState {
  readonly connection: string;
  readonly waiting: number;
  readonly given_up: number;
  readonly taken_at: Date | null;
  readonly failed_at: Date | null;
  readonly failure: string | null;
}

export async function sendingStates(db: Queries, names: readonly string[]): Promise<SendingState[]> {
  const of = sql`select from outbox where connection = named.connection`;
  return (
    await sql<SendingState>`
      select named.connection,
        (select count(*) from (${of} and delivered_at is null and given_up_at is null) one)::int as waiting,
        (select count(*) from (${of} and given_up_at is not null) one)::int as given_up,
        (select max(delivered_at) from outbox where connection = named.connection) as taken_at,
        last.at as failed_at, last.because as failure
      from unnest(${names}::text[]) as named (connection)
      left join lateral (
        select a.at, a.because from outbox_attempts a join outbox o on o.id = a.effect
        where o.connection = named.connection and a.outcome <> 'taken' order by a.number desc limit 1
      ) last on true`.execute(db)
  ).rows;
}

/** One effect with the log of its attempts. */
export interface LoggedSending extends SendingRow {
  readonly created_at: Date;
  readonly next_attempt_at: Date;
  readonly delivered_at: Date | null;
  readonly given_up_at: Date | null;
  readonly receipt: string | null;
  readonly log: readonly { readonly at: string; readonly outcome: string; readonly because: string | null }[];
}

/** The newest effects of a connection; those of one state alone where it is named. */
export async function sendingsOf(
  db: Queries,
  connection: string,
  {
    state,
    before,
    limit,
  }: {
    readonly state: 'waiting' | 'taken' | 'given-up' | null;
    readonly before: bigint | null;
    readonly limit: number;
  },
): Promise<LoggedSending[]> {
  return (
    await sql<LoggedSending>`
      select id, key, topic, payload, attempts, about, created_at, next_attempt_at, delivered_at, given_up_at, receipt, (
        select coalesce(json_agg(json_build_object('at', at, 'outcome', outcome, 'because', because) order by number), '[]')
        from outbox_attempts where effect = outbox.id
      ) as log
      from outbox where connection = ${connection} and (${state}::text is null or ${state} = case
        when delivered_at is not null then 'taken' when given_up_at is not null then 'given-up' else 'waiting' end)
        and (${before}::bigint is null or id < ${before})
      order by id desc limit ${limit}`.execute(db)
  ).rows;
}
