import { sql } from 'kysely';
import type { RotaName } from '../contract/people.ts';
import type { Queries } from './database.ts';
import { shiftsInForce, type ShiftRow } from './rota.ts';

/** A shift as others' calendars show it. */
export interface PublishedShift extends ShiftRow {
  readonly id: bigint;
  readonly changed_at: Date;
  readonly cancelled: boolean;
}

interface Window {
  readonly from: Date;
  readonly to: Date;
  readonly since: Date;
  readonly rota: RotaName | null;
}

/**
 * Shifts that touch `[from, to)`, by start; and those that were retired after `since` before they began, where no other begins at
 * that instant: a calendar that showed them has to hear that they are gone.
 */
export async function publishedShifts(db: Queries, window: Window): Promise<PublishedShift[]> {
  const { from, to, since, rota } = window;
  const { rows } = await sql<PublishedShift>`
    select s.id, s.rota, s.person, lower(span) as start, upper(span) as "end", s.set_at as changed_at, false as cancelled
    from ${shiftsInForce}
    where s.retired_at is null and span && tstzrange(${from}, ${to}) and (${rota}::text is null or s.rota = ${rota})
    union all
    select * from (
      select distinct on (g.rota, lower(g.during)) g.id, g.rota, g.person, lower(g.during) as start,
        upper(g.during) as "end", g.retired_at as changed_at, true as cancelled
      from rota_shifts g
      where g.retired_at > ${since} and g.retired_at < lower(g.during) and g.during && tstzrange(${from}, ${to})
        and (${rota}::text is null or g.rota = ${rota})
        and not exists (
          select 1 from rota_shifts n
          where n.rota = g.rota and n.retired_at is null and lower(n.during) = lower(g.during)
        )
      order by g.rota, lower(g.during), g.id desc
    ) gone
    order by 2, 4 limit 5000`.execute(db);
  return rows;
}
