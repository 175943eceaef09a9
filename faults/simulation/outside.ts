import type { Denial } from '../../src/kernel/run/hold.ts';
import type { RunAction } from '../../src/app/run/proceeding.ts';
import type { RunFile } from '../../src/app/run/run-file.ts';

/** What stands against going on, apart from the run itself. */
export interface Outside {
  dead: boolean;
  veto: boolean;
  incident: boolean;
  /** When the last one ended. */
  incidentEndedAt: number | null;
  lock: boolean;
  eocGone: boolean;
  /** The hand-off note is written. */
  noted: boolean;
}

export const CALM: Outside = {
  dead: false,
  veto: false,
  incident: false,
  incidentEndedAt: null,
  lock: false,
  eocGone: false,
  noted: true,
};

/** Nothing is granted forward while any of these stands (SAFETY section 1). */
export function against(outside: Outside): readonly string[] {
  const names = ['dead', 'veto', 'incident', 'lock', 'eocGone'] as const;
  return names.filter((name) => outside[name]);
}

/**
 * The answers of the policy, as far as a run hears of them. The rules themselves are tried elsewhere, over facts; here it
 * counts what becomes of their denials.
 */
export function denialsOf(outside: Outside, action: RunAction, { run }: RunFile): readonly Denial[] {
  // Undoing a change is never forbidden by the trouble it made.
  if (action === 'rollback') return [];
  const watchedFails = run.watchedResults.some(({ verdict }) => verdict === 'fail');
  const denials: (Denial | false)[] = [
    outside.dead && denial('metrics-available', 'unknown'),
    outside.veto && denial('eoc-veto', 'deny'),
    outside.incident && denial('no-active-incident', 'deny'),
    outside.lock && denial('no-lock', 'deny'),
    outside.eocGone && denial('eoc-engaged', 'deny'),
    failed(run.watchedResults) && denial('watched-metrics', watchedFails ? 'deny' : 'unknown'),
    failed(run.preflightResults) && denial('preflight-passed', 'deny'),
    action === 'complete' && failed(run.postcheckResults) && denial('verified', 'deny'),
    action === 'complete' && !outside.noted && denial('handoff-written', 'deny'),
  ];
  return denials.filter((one) => one !== false);
}

function failed(results: readonly { readonly verdict: string }[]): boolean {
  return results.some(({ verdict }) => verdict !== 'pass');
}

function denial(rule: string, verdict: Denial['verdict']): Denial {
  return { rule, verdict, because: `${rule} says so` };
}
