import type { Measures, MeasuresQuery, NextToAutomate } from '../../contract/measures.ts';
import { clock } from '../../store/clock.ts';
import { endStatesIn, ranByHand, ranIn, refusalsIn, startedIn } from '../../store/measures.ts';
import { budgetFacts } from '../budget/budget.ts';
import type { AppContext } from '../context.ts';

const MONTH_MS = 30 * 86_400_000;

/** What is measured of a time: counted from runs and stored answers when it is asked. */
export async function readMeasures({ db }: AppContext, query: MeasuresQuery): Promise<Measures> {
  const end = query.to ?? (await clock(db));
  const period = { from: new Date(query.from ?? end - MONTH_MS), to: new Date(end) };
  const started = await startedIn(db, period);
  const { ran, failed } = await ranIn(db, period);
  const refusals = await refusalsIn(db, period);
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    started: {
      changes: started.changes,
      service: shareOf(started.service, started.changes),
      automated: shareOf(started.automated, started.changes),
      leadTime:
        started.median_minutes === null || started.p90_minutes === null
          ? null
          : { medianMinutes: started.median_minutes, p90Minutes: started.p90_minutes },
    },
    ended: { ran, failureRate: shareOf(failed, ran), states: await endStatesIn(db, period) },
    refusals: refusals.map(({ rule, refused, blocked_minutes }) => ({
      rule,
      refused,
      blockedMinutes: blocked_minutes,
    })),
  };
}

/** Of nothing there is no share. */
function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** POLICY 8: first what can cause S1 or S2 incidents, then what is of services below their error budget, then by count. */
export async function readNextToAutomate({ db, policy }: AppContext): Promise<NextToAutomate> {
  const rows = await ranByHand(db);
  const budgets = await budgetFacts(db, new Set(rows.flatMap(({ services }) => services)), policy.file);
  const burnt = new Set(
    budgets
      .filter(({ remaining, threshold }) => remaining === null || remaining <= threshold)
      .map(({ service }) => service),
  );
  const next = rows.map(({ kind, name, runs, worst, services, last_run }) => ({
    kind,
    name,
    runs,
    worst,
    severe: policy.policy.severities[worst].severe,
    belowBudget: services.filter((service) => burnt.has(service)),
    lastRun: last_run.toISOString(),
  }));
  return {
    next: next.toSorted(
      (a, b) =>
        Number(b.severe) - Number(a.severe) ||
        Math.sign(b.belowBudget.length) - Math.sign(a.belowBudget.length) ||
        b.runs - a.runs ||
        a.name.localeCompare(b.name),
    ),
  };
}
