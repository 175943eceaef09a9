import { sql, type RawBuilder } from 'kysely';
import type { Queries } from './database.ts';

/** The record of one version of a procedure, computed from its runs: nothing of it is kept. */
export interface ProcedureRow {
  readonly procedure: string;
  readonly version: string;
  readonly runs: number;
  /** One entry for each success since the last trouble, the newest first. */
  readonly row_excepted: readonly boolean[];
  readonly last_failed: Date | null;
  readonly rolled_back: boolean;
  readonly manual: boolean;
  readonly unchecked: boolean;
  readonly first_started: Date;
  readonly last_incident: Date | null;
  /** The facts of the answer with which its first run started; `null` where none is stored. */
  readonly first_facts: string | null;
}

/** The record of the version of a procedure that a plan of these parts is; `undefined` where it never ran. */
export async function recordOfParts(
  db: Queries,
  procedure: string,
  parts: Readonly<Record<string, string>>,
): Promise<ProcedureRow | undefined> {
  const version = sql`procedure_version(${JSON.stringify(parts)}::jsonb)`;
  return (await records(db, sql`where p.procedure = ${procedure} and p.version = ${version}`))[0];
}

/** The records of every procedure that ran, or of one; by name, the version that ran first at the end. */
export async function procedureRecords(db: Queries, name: string | null): Promise<ProcedureRow[]> {
  return records(db, name === null ? sql`` : sql`where p.procedure = ${name}`);
}

async function records(db: Queries, which: RawBuilder<unknown>): Promise<ProcedureRow[]> {
  return (
    await sql<ProcedureRow>`
      select p.procedure, p.version, p.runs, p.row_excepted, p.last_failed, p.rolled_back, p.manual, p.unchecked,
        p.first_started, p.last_incident, d.facts as first_facts
      from procedure_records p
      left join lateral (
        select facts from decisions
        where change_id = p.first_change and action = 'start' and allowed and at <= p.first_started
        order by ledger_index desc limit 1
      ) d on true
      ${which} order by p.procedure, p.first_started desc`.execute(db)
  ).rows;
}
