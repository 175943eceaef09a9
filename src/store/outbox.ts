import { sql } from 'kysely';
import type { Transaction } from './database.ts';

/** An effect to be made outside of the transaction that decided it. */
export interface OutboxRow {
  readonly id: bigint;
  readonly key: string;
  readonly topic: string;
  readonly payload: unknown;
  readonly attempts: number;
}

export interface NewEffect {
  readonly key: string;
  readonly topic: string;
  readonly payload: unknown;
  /** The connection that carries it; without one it is made here. */
  readonly connection?: string;
  /** What it is about, `kind/id`. */
  readonly about?: string;
}

/** Writes an effect; one of the same key is written once, whoever asks again. */
export async function insertEffect(tx: Transaction, effect: NewEffect): Promise<void> {
  const { key, topic, payload, connection = null, about = null } = effect;
  await sql`
    insert into outbox (key, topic, payload, connection, about)
    values (${key}, ${topic}, ${JSON.stringify(payload)}, ${connection}, ${about})
    on conflict (key) do nothing`.execute(tx);
}

/** The oldest effect that is due and made here, held until the transaction ends; others skip it. */
export async function takeDueEffect(tx: Transaction): Promise<OutboxRow | undefined> {
  return (
    await sql<OutboxRow>`
      select id, key, topic, payload, attempts from outbox
      where delivered_at is null and given_up_at is null and connection is null and next_attempt_at <= now()
      order by next_attempt_at limit 1 for update skip locked`.execute(tx)
  ).rows[0];
}

export async function markDelivered(tx: Transaction, id: bigint): Promise<void> {
  await sql`update outbox set delivered_at = clock_timestamp(), attempts = attempts + 1 where id = ${id}`.execute(
    tx,
  );
}

/** Gives an effect to the connection that carries it from now on, due at once. */
export async function giveToConnection(
  tx: Transaction,
  id: bigint,
  { connection, about }: { readonly connection: string; readonly about: string },
): Promise<void> {
  await sql`
    update outbox set connection = ${connection}, about = coalesce(about, ${about}), attempts = 0,
      last_error = null, next_attempt_at = clock_timestamp()
    where id = ${id} and connection is null`.execute(tx);
}

/** Puts an effect off after a failure: 1 s, 2 s, 4 s … up to five minutes. */
export async function putOff(tx: Transaction, id: bigint, why: string): Promise<void> {
  await sql`
    update outbox set attempts = attempts + 1, last_error = ${why},
      next_attempt_at = clock_timestamp() + least(interval '5 minutes', interval '1 second' * power(2, least(attempts, 12)))
    where id = ${id}`.execute(tx);
}
