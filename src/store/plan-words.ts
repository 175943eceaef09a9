import { sql } from 'kysely';
import type { Criticality } from '../kernel/policy/facts.ts';
import type { Queries } from './database.ts';

/** So many of the newest requests say what is there; what none of them touches is rather gone than wanted. */
const NEWEST = 300;
const MOST = 2_000;

/** The services that the newest requests touch, by name. */
export async function servicesTouched(db: Queries): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct unnest(services) as name
    from (select services from changes order by number desc limit ${NEWEST}) newest order by 1 limit ${MOST}`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

/** The targets that the newest requests name, by name. */
export async function targetsTouched(
  db: Queries,
): Promise<{ readonly name: string; readonly type: string }[]> {
  const { rows } = await sql<{ name: string; type: string }>`
    select distinct target ->> 'name' as name, target ->> 'type' as type
    from (select id, revision from changes order by number desc limit ${NEWEST}) newest
    join change_revisions r on r.change_id = newest.id and r.revision = newest.revision
    cross join lateral jsonb_array_elements(r.plan -> 'targets') target
    order by 1, 2 limit ${MOST}`.execute(db);
  return rows;
}

/** A procedure with the newest request of it that came to its end well. */
export interface ProcedureUse {
  readonly procedure: string;
  readonly change: string;
  readonly title: string;
  readonly criticality: Criticality;
}

/** Every procedure that a complete request names, by name; or one. */
export async function proceduresUsed(db: Queries, name: string | null): Promise<ProcedureUse[]> {
  const { rows } = await sql<ProcedureUse>`
    select distinct on (r.procedure) r.procedure, c.id as change, c.title, c.criticality
    from change_revisions r join changes c on c.id = r.change_id and c.revision = r.revision
    where r.procedure is not null and c.state = 'complete' ${name === null ? sql`` : sql`and r.procedure = ${name}`}
    order by r.procedure, c.number desc limit ${MOST}`.execute(db);
  return rows;
}
