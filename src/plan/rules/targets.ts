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
];
