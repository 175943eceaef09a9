import { formatInstant } from '../calendar/instant.ts';

/** What is known of one version of a procedure, from the records of its runs. */
export type ProcedureRecord = {
  readonly runs: number;
  /** Successes without a hold or a rollback since the last trouble, the newest first; whether each needed an exception. */
  readonly row: readonly { readonly excepted: boolean }[];
  readonly firstRunReviewed: boolean;
  readonly hasManualStep: boolean;
  /** Some assumption has no coded check, or there is no assumption at all. */
  readonly hasUncheckedAssumption: boolean;
  /** Its rollback was executed for real. */
  readonly rolledBack: boolean;
  /** When an incident was last laid at the door of the procedure, in whichever version. */
  readonly lastIncident: number | null;
};

/** The numbers of the policy. */
export type GraduationTerms = { readonly successfulRuns: number; readonly withoutIncidentMs: number };

/** Whether a version has graduated, and in words what it lacks; graduated is what lacks nothing. */
export type Graduation = { readonly graduated: boolean; readonly lacks: readonly string[] };

/** POLICY 8: judges by evidence alone. A record of no runs lacks everything that a run would show. */
export function graduation(record: ProcedureRecord, terms: GraduationTerms, at: number): Graduation {
  const lacks = [
    ...reviewLack(record),
    ...rowLacks(record, terms),
    ...(record.hasManualStep ? ['no step by hand wanted, also in its rollback; it has one'] : []),
    ...(record.hasUncheckedAssumption ? ['a coded check wanted for every assumption; one is lacking'] : []),
    ...(record.rolledBack ? [] : ['its rollback executed for real wanted; it never was']),
    ...incidentLack(record, terms, at),
  ];
  return { graduated: lacks.length === 0, lacks };
}

function reviewLack({ runs, firstRunReviewed }: ProcedureRecord): string[] {
  if (runs > 0 && firstRunReviewed) return [];
  return [`a review before its first run wanted; ${runs === 0 ? 'it never ran' : 'that ran without one'}`];
}

function rowLacks({ row }: ProcedureRecord, { successfulRuns }: GraduationTerms): string[] {
  const last = row.slice(0, successfulRuns);
  const excepted = last.filter((run) => run.excepted).length;
  return [
    ...(last.length < successfulRuns
      ? [`${successfulRuns} runs in a row without a hold or a rollback wanted, ${last.length} counted`]
      : []),
    ...(excepted > 0
      ? [
          `no exception in its last ${successfulRuns} runs wanted, ${excepted} ${excepted === 1 ? 'has' : 'have'} one`,
        ]
      : []),
  ];
}

function incidentLack(
  { lastIncident }: ProcedureRecord,
  { withoutIncidentMs }: GraduationTerms,
  at: number,
): string[] {
  if (lastIncident === null || at - lastIncident >= withoutIncidentMs) return [];
  const until = formatInstant(lastIncident + withoutIncidentMs);
  return [
    `no incident laid at its door wanted; the last was on ${formatInstant(lastIncident)}, it counts until ${until}`,
  ];
}
