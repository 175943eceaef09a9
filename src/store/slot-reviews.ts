import { sql } from 'kysely';
import type { Criticality } from '../kernel/policy/facts.ts';
import type { Queries } from './database.ts';

/** A request that has a slot, with who reviewed its plan as engineer on call. */
export interface SlotReview {
  readonly id: string;
  readonly title: string;
  readonly criticality: Criticality;
  readonly start: Date;
  /** Author, the human behind a bot that authored, executor. */
  readonly owners: string[];
  readonly reviewed_by: string[];
}

/** Requests that have not begun and whose slot, pencilled in or accepted, starts within `[from, to)`. */
export async function slotsStartingIn(db: Queries, from: Date, to: Date): Promise<SlotReview[]> {
  const { rows } = await sql<SlotReview>`
    select c.id, c.title, c.criticality, lower(c.slot) as start,
      array_remove(array[c.author, c.author_bot_of, c.executor], null) as owners,
      array(
        select a.person from approvals a
        where a.change_id = c.id and a.capacity = 'eoc' and a.subject = 'plan' and a.digest = c.digest
          and a.withdrawn_at is null and (a.expires_at is null or a.expires_at > now())
      ) as reviewed_by
    from changes c
    where c.state in ('unscheduled', 'scheduled') and c.slot && tstzrange(${from}, ${to})
      and lower(c.slot) >= ${from} and lower(c.slot) < ${to}
    order by lower(c.slot), c.number`.execute(db);
  return rows;
}
