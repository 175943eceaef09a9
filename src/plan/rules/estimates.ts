import { durationText } from '../../contract/duration.ts';
import type { RollbackStep, Step } from '../../contract/plan.ts';
import type { Flaw, LintRule } from '../rule.ts';

/** Estimates that add up: a slot and the allowed hours are judged by them. */
export const estimateRules: readonly LintRule[] = [
  {
    id: 'estimate-too-small',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) => [
      ...tooSmall('steps', plan.estimate.steps, plan.steps),
      ...tooSmall('rollback', plan.estimate.rollback, plan.rollback.steps),
    ],
  },
  {
    id: 'wait-over-estimate',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) =>
      plan.steps.flatMap((step, i) =>
        step.wait === undefined || step.wait <= step.estimate
          ? []
          : [
              {
                path: ['steps', i, 'estimate'],
                message: `expected an estimate of at least the wait, \`${durationText(step.wait)}\`, got \`${durationText(step.estimate)}\` in step \`${step.name}\``,
                fix: 'Estimate the step no shorter than it waits.',
              },
            ],
      ),
  },
  {
    id: 'downtime-without-steps',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) => {
      const acting = plan.steps.filter(({ wait }) => wait === undefined);
      const longest = plan.estimate.steps + plan.estimate.rollback;
      if (plan.downtime === 0 || (acting.length > 0 && plan.downtime <= longest)) return [];
      return [
        {
          path: ['downtime'],
          message: `expected steps that account for a downtime of \`${durationText(plan.downtime)}\`, got ${
            acting.length === 0
              ? 'none that does anything'
              : `steps and a rollback of \`${durationText(longest)}\``
          }`,
          fix: 'Write the steps that take the service away and bring it back, or correct the downtime.',
        },
      ];
    },
  },
  {
    id: 'slot-too-short',
    level: 'error',
    counts: null,
    policy: 'in-slot',
    find: ({ plan }) => {
      const needed = plan.estimate.steps + plan.estimate.rollback;
      if (plan.slot === null || plan.slot.end - plan.slot.start >= needed) return [];
      return [
        {
          path: ['slot', 'end'],
          message: `expected a slot of at least \`${durationText(needed)}\`, got \`${durationText(plan.slot.end - plan.slot.start)}\``,
          fix: 'A slot has to hold the estimate of the steps and that of the rollback.',
        },
      ];
    },
  },
];

function tooSmall(
  section: 'steps' | 'rollback',
  estimate: number,
  steps: readonly (Step | RollbackStep)[],
): readonly Flaw[] {
  const sum = steps.reduce((total, step) => total + step.estimate, 0);
  if (sum <= estimate) return [];
  return [
    {
      path: ['estimate', section],
      message: `expected at least the sum of the estimates of its steps, \`${durationText(sum)}\`, got \`${durationText(estimate)}\``,
      fix: `Write \`${section}: ${durationText(sum)}\` or more, or correct the estimates of the steps.`,
    },
  ];
}
