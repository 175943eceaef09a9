import { sql } from 'kysely';
import type { Transaction } from './database.ts';

/**
 * Writes an effect for the linked account of whoever has a new notice that was not read, at each of these peers; once for each notice.
 * What was told before the link, or an hour ago, stays in the inbox. Gives how many were written.
 */
export async function tellLinkedAccounts(tx: Transaction, connections: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into outbox (key, topic, payload, connection, about)
    select 'notice:' || n.id || ':' || l.connection, 'direct',
      jsonb_build_object('account', l.external_user, 'body', n.body, 'about', n.about), l.connection, n.about
    from notices n join account_links l on l.person = n.person and l.confirmed_at is not null and l.ended_at is null
    where l.connection = any(${connections}::text[]) and n.read_at is null
      and n.at > now() - interval '1 hour' and n.at > l.confirmed_at
      and not exists (select from outbox o where o.key = 'notice:' || n.id || ':' || l.connection)
    order by n.id
    on conflict (key) do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
