import { AppError } from '../../contract/errors.ts';
import type { Procedure, Procedures, ProcedureVersion } from '../../contract/procedures.ts';
import { clock } from '../../store/clock.ts';
import { procedureRecords, type ProcedureRow } from '../../store/procedures.ts';
import type { AppContext, PolicyInForce } from '../context.ts';
import { graduationOf } from './record.ts';

/** Every procedure that ran, with what each version of it lacks. */
export async function readProcedures(context: AppContext): Promise<Procedures> {
  return { procedures: await shown(context, null) };
}

/** One procedure. @throws {AppError} `not_found` */
export async function readProcedure(context: AppContext, name: string): Promise<Procedure> {
  const [found] = await shown(context, name);
  if (!found) throw new AppError('not_found', `expected a procedure that ran, got \`${name}\``);
  return found;
}

async function shown({ db, policy }: AppContext, name: string | null): Promise<Procedure[]> {
  const rows = await procedureRecords(db, name);
  const now = await clock(db);
  const byName = Map.groupBy(rows, (row) => row.procedure);
  return [...byName].map(([procedure, versions]) => ({
    name: procedure,
    versions: versions.map((row) => versionView(policy, row, now)),
  }));
}

function versionView(policy: PolicyInForce, row: ProcedureRow, now: number): ProcedureVersion {
  const { graduated, lacks } = graduationOf(policy, row, now);
  return {
    version: row.version,
    runs: row.runs,
    successfulRuns: row.row_excepted.length,
    graduated,
    lacks: [...lacks],
    lastFailed: row.last_failed?.toISOString() ?? null,
    firstRun: row.first_started.toISOString(),
    lastIncident: row.last_incident?.toISOString() ?? null,
  };
}
