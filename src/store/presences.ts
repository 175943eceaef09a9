import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

export interface PresenceRow {
  readonly person: string;
  readonly seen_at: Date;
  readonly joined_at: Date | null;
}

/** Notes that a person acted on a request just now; `joined` when the act was joining its situation room. */
export async function notePresence(
  tx: Transaction,
  changeId: string,
  person: string,
  joined = false,
): Promise<void> {
  const joinedAt = joined ? sql`clock_timestamp()` : sql`null`;
  await sql`
    insert into presences (change_id, person, seen_at, joined_at)
    values (${changeId}, ${person}, clock_timestamp(), ${joinedAt})
    on conflict (change_id, person) do update
      set seen_at = excluded.seen_at, joined_at = coalesce(excluded.joined_at, presences.joined_at)`.execute(
    tx,
  );
}

/** Who was seen at a request, the last seen first. */
export async function presencesOf(db: Queries, changeId: string): Promise<PresenceRow[]> {
  return (
    await sql<PresenceRow>`
      /* prepared: presences_of */ select person, seen_at, joined_at from presences
      where change_id = ${changeId} order by seen_at desc`.execute(db)
  ).rows;
}

/** The running C1 changes at which a person was not seen for so long, with since when; before any sign, since the start. */
export async function unseenEoc(
  tx: Transaction,
  person: string,
  forMs: number,
): Promise<{ readonly id: string; readonly title: string; readonly since: Date }[]> {
  return (
    await sql<{ id: string; title: string; since: Date }>`
      select c.id, c.title, coalesce(p.seen_at, r.started_at) as since
      from runs r join changes c on c.id = r.change_id
        left join presences p on p.change_id = c.id and p.person = ${person}
      where r.ended_at is null and c.criticality = 'C1'
        and coalesce(p.seen_at, r.started_at) <= clock_timestamp() - ${forMs} * interval '1 ms'
      order by r.number`.execute(tx)
  ).rows;
}
