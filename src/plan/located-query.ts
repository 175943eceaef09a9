import type { PrometheusMeasure } from '../contract/measure-monitoring.ts';
import type { Plan } from '../contract/plan.ts';
import { type Query, readQuery } from './promql.ts';
import type { PlanPath, Walked } from './walk.ts';

/** What a query belongs to: a metric check, or a list of hosts that knows only the query. */
type AskedMeasure = Pick<PrometheusMeasure, 'query'> &
  Partial<Pick<PrometheusMeasure, 'traffic' | 'range' | 'initialDelay'>>;

/** A query of a plan as it was read, and where it stands. */
export interface LocatedQuery {
  readonly query: Query;
  readonly path: PlanPath;
  readonly measure: AskedMeasure;
  /** Whether it is the query that proves traffic, beside the one that is judged. */
  readonly traffic: boolean;
  /** Whether it judges what a change did, so that samples from before it would mislead. */
  readonly afterChange: boolean;
}

/** Every query of a plan's checks, of its watched metrics and of what lists its targets; one that stands in many places is read once. */
export function locateQueries(plan: Plan, { checks }: Pick<Walked, 'checks'>): readonly LocatedQuery[] {
  const read = new Map<string, Query>();
  const queryOf = (text: string): Query => {
    const query = read.get(text) ?? readQuery(text);
    read.set(text, query);
    return query;
  };
  return measuresOf(plan, checks).flatMap(({ measure, path, afterChange }) => {
    const place = { measure, afterChange };
    const main = { ...place, query: queryOf(measure.query), path: [...path, 'query'], traffic: false };
    if (!measure.traffic) return [main];
    const traffic = {
      query: queryOf(measure.traffic.query),
      path: [...path, 'traffic', 'query'],
      traffic: true,
    };
    return [main, { ...place, ...traffic }];
  });
}

interface PlacedMeasure {
  readonly measure: AskedMeasure;
  readonly path: PlanPath;
  readonly afterChange: boolean;
}

function measuresOf(plan: Plan, checks: Walked['checks']): readonly PlacedMeasure[] {
  const ofChecks = checks.flatMap(({ check, moment, path }) => {
    const afterChange = moment === 'after' || moment === 'postcheck' || moment === 'delayed';
    const inventory = check.inventory?.prometheus;
    return [
      ...(check.prometheus
        ? [{ measure: check.prometheus, path: [...path, 'prometheus'], afterChange }]
        : []),
      // Which hosts there are does not depend on the change.
      ...(inventory
        ? [{ measure: inventory, path: [...path, 'inventory', 'prometheus'], afterChange: false }]
        : []),
    ];
  });
  const watched = plan.watch.map(({ prometheus }, i) => ({
    measure: prometheus,
    path: ['watch', i, 'prometheus'],
    afterChange: false,
  }));
  const list = plan.targetsFrom?.prometheus;
  const listing = list ? [{ measure: list, path: ['targetsFrom', 'prometheus'], afterChange: false }] : [];
  return [...ofChecks, ...watched, ...listing];
}
