import { durationText } from '../../contract/duration.ts';
import type { PrometheusMeasure } from '../../contract/check.ts';
import type { Plan } from '../../contract/plan.ts';
import { readQuery } from '../promql.ts';
import type { LintRule } from '../rule.ts';
import { everyCheck, type PlanPath } from '../walk.ts';

/** Metric checks: queries that Prometheus can answer, and that no lack of data can make pass. */
export const metricRules: readonly LintRule[] = [
  {
    id: 'promql-invalid',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      queriesOf(plan).flatMap(({ query, path }) => {
        const { invalid } = readQuery(query);
        return invalid === null
          ? []
          : [{ path, message: invalid.message, fix: 'Try the query in Prometheus, then copy it here.' }];
      }),
  },
  {
    id: 'promql-forbidden',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      queriesOf(plan).flatMap(({ query, path }) => {
        const { invalid, forbidden } = readQuery(query);
        const fix =
          'Let the query answer nothing where there is no data, and bound the smallest traffic with `traffic`.';
        return forbidden === null || invalid !== null ? [] : [{ path, message: forbidden.message, fix }];
      }),
  },
  {
    id: 'rate-window-over-delay',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      measuresOf(plan)
        .filter(({ afterChange }) => afterChange)
        .flatMap(({ measure, path }) => {
          const { windowMs, invalid } = readQuery(measure.query);
          if (invalid !== null || (windowMs !== null && windowMs <= measure.initialDelay)) return [];
          const window =
            windowMs === null ? 'the window of the query' : `the window \`${durationText(windowMs)}\``;
          return [
            {
              path: [...path, 'initialDelay'],
              message: `expected an \`initialDelay\` of at least ${window}, got \`${durationText(measure.initialDelay)}\``,
              fix: 'Wait until the window holds nothing from before the change, or shorten the window.',
            },
          ];
        }),
  },
];

interface PlacedMeasure {
  readonly measure: PrometheusMeasure;
  readonly path: PlanPath;
  /** Whether it judges what a change did, so that samples from before it would mislead. */
  readonly afterChange: boolean;
}

function measuresOf(plan: Plan): readonly PlacedMeasure[] {
  const ofChecks = everyCheck(plan).flatMap(({ check, moment, path }) =>
    check.prometheus
      ? [
          {
            measure: check.prometheus,
            path: [...path, 'prometheus'],
            afterChange: moment === 'after' || moment === 'postcheck',
          },
        ]
      : [],
  );
  const watched = plan.watch.map(({ prometheus }, i) => ({
    measure: prometheus,
    path: ['watch', i, 'prometheus'],
    afterChange: false,
  }));
  return [...ofChecks, ...watched];
}

const queriesOf = (plan: Plan): readonly { query: string; path: PlanPath }[] =>
  measuresOf(plan).flatMap(({ measure, path }) => [
    { query: measure.query, path: [...path, 'query'] },
    ...(measure.traffic ? [{ query: measure.traffic.query, path: [...path, 'traffic', 'query'] }] : []),
  ]);
