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

/** Writes an effect; one of the same key is written once, whoever asks again. */
export async function insertEffect(
  tx: Transaction,
  effect: { readonly key: string; readonly topic: string; readonly payload: unknown },
): Promise<void> {
  await sql`
    insert into outbox (key, topic, payload) values (${effect.key}, ${effect.topic}, ${JSON.stringify(effect.payload)})
    on conflict (key) do nothing`.execute(tx);
}

/** The oldest effect that is due, held until the transaction ends; others skip it. */
export async function takeDueEffect(tx: Transaction): Promise<OutboxRow | undefined> {
  return (
    await sql<OutboxRow>`
      select id, key, topic, payload, attempts from outbox
      where delivered_at is null and next_attempt_at <= now()
      order by next_attempt_at limit 1 for update skip locked`.execute(tx)
  ).rows[0];
}

export async function markDelivered(tx: Transaction, id: bigint): Promise<void> {
  await sql`update outbox set delivered_at = clock_timestamp(), attempts = attempts + 1 where id = ${id}`.execute(
    tx,
  );
}

/** Puts an effect off after a failure: 1 s, 2 s, 4 s … up to five minutes. */
export async function putOff(tx: Transaction, id: bigint, why: string): Promise<void> {
  await sql`
    update outbox set attempts = attempts + 1, last_error = ${why},
      next_attempt_at = clock_timestamp() + least(interval '5 minutes', interval '1 second' * power(2, least(attempts, 12)))
    where id = ${id}`.execute(tx);
}
