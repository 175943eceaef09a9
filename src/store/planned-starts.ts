import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** A request that has a slot. */
export interface PlannedStart {
  readonly id: string;
  readonly title: string;
  readonly start: Date;
  /** Author, the human behind a bot that authored, executor. */
  readonly owners: string[];
}

/** Requests that have not begun and whose slot, pencilled in or accepted, starts within `[from, to)`. */
export async function slotsStartingIn(db: Queries, from: Date, to: Date): Promise<PlannedStart[]> {
  const { rows } = await sql<PlannedStart>`
    select c.id, c.title, lower(c.slot) as start,
      array_remove(array[c.author, c.author_bot_of, c.executor], null) as owners
    from changes c
    where c.state in ('unscheduled', 'scheduled') and c.slot && tstzrange(${from}, ${to})
      and lower(c.slot) >= ${from} and lower(c.slot) < ${to}
    order by lower(c.slot), c.number`.execute(db);
  return rows;
}
