import type { Flaw, LintRule } from '../rule.ts';

const NEEDS_REVIEW: ReadonlySet<string> = new Set(['C1', 'C2', 'C3']);

/** Who does what, and what the request will be asked for before it can be scheduled. */
export const peopleRules: readonly LintRule[] = [
  {
    id: 'own-reviewer',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      plan.reviewers.flatMap((reviewer, i) =>
        reviewer === plan.author
          ? [
              flaw(
                ['reviewers', i],
                `expected a reviewer other than the author, got \`${reviewer}\``,
                'Ask somebody else: the word of an author never counts for their own plan.',
              ),
            ]
          : [],
      ),
  },
  {
    id: 'executor-not-in-team',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      plan.team.includes(plan.executor)
        ? []
        : [
            flaw(
              ['executor'],
              `expected one of the team, got \`${plan.executor}\``,
              'Name the executor in `team` too.',
            ),
          ],
  },
  {
    id: 'planner-executes',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      plan.executor !== plan.author
        ? []
        : [
            flaw(
              ['executor'],
              `expected an executor other than the author, got \`${plan.executor}\``,
              'Let somebody else carry it out: what the plan leaves out shows then.',
            ),
          ],
  },
  {
    id: 'no-date',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      plan.slot !== null || !NEEDS_REVIEW.has(plan.criticality)
        ? []
        : [
            flaw(
              ['slot'],
              `expected a slot for a ${plan.criticality}, got none`,
              'Propose one as `slot`, or when the request is scheduled; without one it cannot start.',
            ),
          ],
  },
  {
    id: 'no-reviewer',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan }) => {
      const asked = new Set(plan.reviewers.filter((reviewer) => reviewer !== plan.author));
      if (asked.size > 0 || !NEEDS_REVIEW.has(plan.criticality)) return [];
      return [
        flaw(
          ['reviewers'],
          `expected somebody to review a ${plan.criticality}, got nobody`,
          'Name the people who are asked in `reviewers`, or ask them when the request is open.',
        ),
      ];
    },
  },
];

const flaw = (path: Flaw['path'], message: string, fix: string): Flaw => ({ path, message, fix });
