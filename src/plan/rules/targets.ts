import type { LintRule } from '../rule.ts';

const RESOLVE = 'Run `interlock plan resolve --write` on the plan, and look at what it wrote.';

/** The list of what is touched: resolved, counted, frozen (POLICY section 2, item 8). */
export const targetRules: readonly LintRule[] = [
  {
    id: 'targets-never-resolved',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan: { targetsFrom } }) =>
      targetsFrom === undefined || targetsFrom.count !== undefined
        ? []
        : [
            {
              path: ['targetsFrom'],
              message: 'expected a list of targets that was resolved and frozen, got one that never was',
              fix: RESOLVE,
            },
          ],
  },
  {
    id: 'targets-miscounted',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan: { targets, targetsFrom } }) =>
      targetsFrom?.count === undefined || targetsFrom.count === targets.length
        ? []
        : [
            {
              path: ['targetsFrom', 'count'],
              message: `expected the list as it was frozen, of \`${targetsFrom.count}\` targets, got one of \`${targets.length}\``,
              fix: RESOLVE,
            },
          ],
  },
  {
    id: 'stages-without-check',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ rollouts = [] }) =>
      rollouts
        .filter(({ stages, measured }) => stages.length > 1 && !measured)
        .map(({ path, stages }) => ({
          path,
          message: `expected checks in \`between\`, got none between ${stages.length} stages`,
          fix: 'Measure after each stage what would show harm, with the value at which the rollout stops.',
        })),
  },
  {
    id: 'rollout-at-once',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ rollouts = [] }) =>
      rollouts
        .filter(({ targets, stages }) => targets > MOST_AT_ONCE && stages.length === 1)
        .map(({ path, targets }) => ({
          path,
          message: `expected stages for more than ${MOST_AT_ONCE} targets, got all ${targets} in one go`,
          fix: 'Begin with one: `stages: [1, 25%, rest]`, and measure in `between`.',
        })),
  },
];

/** What one looks after at a time. */
const MOST_AT_ONCE = 3;
