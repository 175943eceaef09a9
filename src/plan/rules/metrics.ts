import { durationText } from '../../contract/duration.ts';
import type { LintRule } from '../rule.ts';

/** Metric checks: queries that Prometheus can answer, and that no lack of data can make pass. */
export const metricRules: readonly LintRule[] = [
  {
    id: 'promql-invalid',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ queries }) =>
      queries.flatMap(({ query: { invalid }, path }) =>
        invalid === null
          ? []
          : [{ path, message: invalid.message, fix: 'Try the query in Prometheus, then copy it here.' }],
      ),
  },
  {
    id: 'promql-forbidden',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ queries }) =>
      queries.flatMap(({ query: { invalid, forbidden }, path }) => {
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
    find: ({ queries }) =>
      queries
        .filter(({ afterChange, traffic, query }) => afterChange && !traffic && query.invalid === null)
        .flatMap(({ query: { windowMs }, measure, path }) => {
          const { initialDelay = 0, range } = measure;
          // The first point of a span of time looks back over the window from there.
          const backMs = windowMs === null ? null : windowMs + (range?.over ?? 0);
          if (backMs !== null && backMs <= initialDelay) return [];
          const window =
            backMs === null ? 'the window of the query' : `the window \`${durationText(backMs)}\``;
          return [
            {
              path: [...path.slice(0, -1), 'initialDelay'],
              message: `expected an \`initialDelay\` of at least ${window}, got \`${durationText(initialDelay)}\``,
              fix: 'Wait until the window holds nothing from before the change, or shorten the window.',
            },
          ];
        }),
  },
];
