import type { CheckMoment, MeasuredCheck } from '../../../src/contract/check-results.ts';
import type { Check } from '../../../src/contract/check.ts';
import type { DelayedCheckView } from '../../../src/contract/watching.ts';
import type { LaidPlan } from './laid-plan.ts';

/** A check of a plan where it is measured, and what it came to. */
export interface CheckRow {
  readonly key: string;
  readonly check: Check;
  readonly moment: CheckMoment;
  /** `null` around no step. */
  readonly step: {
    readonly list: 'steps' | 'rollback';
    readonly position: number;
    readonly name: string;
  } | null;
  readonly result: MeasuredCheck | null;
  /** When a delayed check is to be measured; `null` before a run has succeeded, and of any other check. */
  readonly dueAt: string | null;
  /** Of a delayed check, how long after the end of the run. */
  readonly afterMs: number | null;
}

/** Checks that are measured at one place, under its title. */
export interface CheckGroup {
  readonly title: string;
  readonly rows: readonly CheckRow[];
}

/** Every check of a plan by the place where it is measured, in the order of a run. */
export function checkGroups(
  { plan }: LaidPlan,
  measured: readonly MeasuredCheck[],
  delayed: readonly DelayedCheckView[],
): readonly CheckGroup[] {
  const results = new Map(measured.map((one) => [keyOf(one), one]));
  const row = (check: Check, moment: CheckMoment, step: CheckRow['step'] = null): CheckRow => {
    const key = keyOf({
      moment,
      list: step?.list ?? null,
      position: step?.position ?? null,
      name: check.name,
    });
    return { key, check, moment, step, result: results.get(key) ?? null, dueAt: null, afterMs: null };
  };
  const ofList = (list: 'steps' | 'rollback') =>
    (list === 'steps' ? plan.steps : plan.rollback.steps).map((step, position) => {
      const at = { list, position, name: step.name };
      return {
        title: `${list === 'steps' ? 'Step' : 'Rollback step'} ${position + 1}: ${step.name}`,
        rows: [
          ...step.before.map((check) => row(check, 'before', at)),
          ...step.after.map((check) => row(check, 'after', at)),
          ...(step.probe ? [row(step.probe, 'probe', at)] : []),
        ],
      };
    });
  const groups = [
    { title: 'Pre-flight', rows: plan.preflight.map((check) => row(check, 'preflight')) },
    ...ofList('steps'),
    { title: 'Post-verification', rows: plan.postchecks.map((check) => row(check, 'postcheck')) },
    { title: 'A while after', rows: delayedRows(plan, results, delayed) },
    ...ofList('rollback'),
  ];
  return groups.filter(({ rows }) => rows.length > 0);
}

function delayedRows(
  { watching }: LaidPlan['plan'],
  results: ReadonlyMap<string, MeasuredCheck>,
  delayed: readonly DelayedCheckView[],
): readonly CheckRow[] {
  return (watching?.checks ?? []).map(({ after, ...check }, position) => {
    const key = keyOf({ moment: 'delayed', list: null, position, name: check.name });
    const due = delayed.findLast((one) => one.position === position && one.name === check.name);
    return {
      key,
      check,
      moment: 'delayed',
      step: null,
      result: results.get(key) ?? null,
      dueAt: due?.dueAt ?? null,
      afterMs: after,
    };
  });
}

function keyOf({
  moment,
  list,
  position,
  name,
}: Pick<MeasuredCheck, 'moment' | 'list' | 'position' | 'name'>): string {
  return [moment, list ?? '', position ?? '', name].join(' ');
}
