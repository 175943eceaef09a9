import { durationText } from '../../contract/duration.ts';
import type { Plan } from '../../contract/plan.ts';
import type { LintRule } from '../rule.ts';

/** The window in which a run may not see a part of the monitoring (POLICY section 7). */
export const blindRules: readonly LintRule[] = [
  {
    id: 'blind-window-twice',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) =>
      blindSteps(plan)
        .slice(1)
        .map(({ name, position }) => ({
          path: ['steps', position, 'blind'],
          message: `expected one blind window in a plan, got another in step \`${name}\``,
          fix: 'Let one step open it, or make two changes of it.',
        })),
  },
  {
    id: 'blind-window-inside-segment',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) =>
      blindSteps(plan).flatMap(({ name, position }) => {
        const before = plan.steps[position - 1];
        if (before === undefined || before.safeStop) return [];
        return [
          {
            path: ['steps', position, 'blind'],
            message: `expected a safe place to stop before step \`${name}\`, which opens a blind window, got \`${before.name}\` without`,
            fix: 'Nothing is waited for inside a segment: what is not proven before the window must be able to hold the change.',
          },
        ];
      }),
  },
  {
    id: 'blind-window-too-short',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      blindSteps(plan).flatMap(({ name, position, estimate, blind }) =>
        blind.lasts >= estimate
          ? []
          : [
              {
                path: ['steps', position, 'blind', 'lasts'],
                message: `expected a window of at least \`${durationText(estimate)}\`, got \`${durationText(blind.lasts)}\` in step \`${name}\``,
                fix: 'It closes by itself: what the step still hides then holds the change.',
              },
            ],
      ),
  },
];

function blindSteps({ steps }: Plan) {
  return steps.flatMap(({ name, estimate, blind }, position) =>
    blind === undefined ? [] : [{ name, estimate, blind, position }],
  );
}
