import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** One message to an endpoint. */
export interface DeliveryRow {
  readonly id: string;
  readonly endpoint: string;
  readonly ledger_index: bigint | null;
  readonly type: string;
  readonly body: string;
  readonly created_at: Date;
  readonly attempts: number;
  readonly next_attempt_at: Date;
  readonly delivered_at: Date | null;
  readonly given_up_at: Date | null;
}

const columns = sql`id, endpoint, ledger_index, type, body, created_at, attempts, next_attempt_at, delivered_at, given_up_at`;

export type NewDelivery = Pick<DeliveryRow, 'id' | 'endpoint' | 'ledger_index' | 'type' | 'body'>;

/** Keeps a message to be sent; one entry of the ledger is told to one endpoint once. */
export async function insertDelivery(tx: Transaction, delivery: NewDelivery): Promise<void> {
  const { id, endpoint, ledger_index, type, body } = delivery;
  await sql`
    insert into webhook_deliveries (id, endpoint, ledger_index, type, body)
    values (${id}, ${endpoint}, ${ledger_index}, ${type}, ${body})
    on conflict (endpoint, ledger_index) do nothing`.execute(tx);
}

/**
 * Takes what is due, a few an endpoint, so that one that hangs keeps no other waiting. Nobody else gets what is taken for
 * `leaseMs`: whoever took it may die with it.
 */
export async function takeDueDeliveries(
  tx: Transaction,
  limit: number,
  leaseMs: number,
): Promise<DeliveryRow[]> {
  return (
    await sql<DeliveryRow>`
      with due as (
        select id, row_number() over (partition by endpoint order by next_attempt_at, id) as place
        from webhook_deliveries
        where delivered_at is null and given_up_at is null and next_attempt_at <= now()
          and endpoint in (select id from webhook_endpoints where disabled_at is null)
      ), taken as (
        select id from webhook_deliveries
        where id in (select id from due where place <= 4)
          and delivered_at is null and given_up_at is null and next_attempt_at <= now()
        order by next_attempt_at limit ${limit} for update skip locked
      )
      update webhook_deliveries set attempts = attempts + 1,
        next_attempt_at = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
      where id in (select id from taken)
      returning ${columns}`.execute(tx)
  ).rows;
}

/** What an attempt came to. */
export type Attempted = { readonly status: number } | { readonly error: string };

export async function insertAttempt(tx: Transaction, delivery: string, attempted: Attempted): Promise<void> {
  const status = 'status' in attempted ? attempted.status : null;
  const error = 'error' in attempted ? attempted.error : null;
  await sql`
    insert into webhook_attempts (delivery, status, error) values (${delivery}, ${status}, ${error})`.execute(
    tx,
  );
}

/** Puts a message off until its next attempt. */
export async function putDeliveryOff(tx: Transaction, id: string, ms: number): Promise<void> {
  await sql`
    update webhook_deliveries set next_attempt_at = clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    where id = ${id} and delivered_at is null and given_up_at is null`.execute(tx);
}

/** Settles a message: it was taken, or nobody tries any more. */
export async function settleDelivery(
  tx: Transaction,
  id: string,
  how: 'delivered' | 'given-up',
): Promise<void> {
  const column = how === 'delivered' ? sql`delivered_at` : sql`given_up_at`;
  await sql`
    update webhook_deliveries set ${column} = clock_timestamp()
    where id = ${id} and delivered_at is null and given_up_at is null`.execute(tx);
}

/** Sends a message once more, now; the count of attempts begins anew. Gives whether the endpoint has it. */
export async function sendAgain(tx: Transaction, endpoint: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    update webhook_deliveries set delivered_at = null, given_up_at = null, attempts = 0, next_attempt_at = now()
    where id = ${id} and endpoint = ${endpoint} returning id`.execute(tx);
  return rows.length > 0;
}

/** Whether an endpoint took anything since a message was made. */
export async function tookSince(db: Queries, { endpoint, created_at }: DeliveryRow): Promise<boolean> {
  const { rows } = await sql`
    select from webhook_deliveries where endpoint = ${endpoint} and delivered_at > ${created_at} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** A message with what its attempts came to. */
export interface LoggedDelivery extends DeliveryRow {
  readonly log: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
  }[];
}

/** The newest messages to an endpoint. */
export async function deliveriesOf(
  db: Queries,
  endpoint: string,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<LoggedDelivery[]> {
  return (
    await sql<LoggedDelivery>`
      select ${columns}, (
        select coalesce(json_agg(json_build_object('at', at, 'status', status, 'error', error) order by number), '[]')
        from webhook_attempts where delivery = webhook_deliveries.id
      ) as log
      from webhook_deliveries
      where endpoint = ${endpoint} and (${before}::text is null or (created_at, id) <
        (select last.created_at, last.id from webhook_deliveries last where last.id = ${before} and last.endpoint = ${endpoint}))
      order by created_at desc, id desc limit ${limit}`.execute(db)
  ).rows;
}
