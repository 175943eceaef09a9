import { durationText } from '../../contract/duration.ts';
import { isLoaderVariable } from '../loader-variable.ts';
import type { Flaw, LintRule } from '../rule.ts';
import type { PlacedStep } from '../walk.ts';

/** Steps: each with its condition before and its check after (POLICY section 2, item 3). */
export const stepRules: readonly LintRule[] = [
  {
    id: 'step-without-check',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ steps }) =>
      steps
        .filter(
          ({ list, step }) =>
            list === 'steps' && step.after.length === 0 && step.wait === undefined && !isWord(step),
        )
        .map(({ step, path }) => ({
          path,
          message: `expected a check in \`after\`, got none in step \`${step.name}\``,
          fix: 'Measure what the step was to bring about, with a value to compare.',
          // What a person confirms may be nothing that a program can measure.
          ...(step.manual && { level: 'warning' as const }),
        })),
  },
  {
    id: 'step-without-condition',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan, steps }) =>
      steps
        .filter(({ list, step, path }) => {
          // What must hold before the first step, the pre-flight checks have just measured.
          const first = path.at(-1) === 0 && plan.preflight.length > 0;
          return list === 'steps' && !first && step.before.length === 0 && acts(step);
        })
        .map(({ step, path }) => ({
          path,
          message: `expected a check in \`before\`, got none in step \`${step.name}\``,
          fix: 'Measure what must hold when the step begins.',
        })),
  },
  {
    id: 'timeout-below-estimate',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ steps }) => steps.flatMap(timeoutFlaws),
  },
  {
    id: 'word-with-more',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) =>
      plan.steps.flatMap((step, i) => {
        const { approval, before, after, probe, onCancel, blind } = step;
        const more = before.length + after.length > 0 || (probe ?? onCancel ?? blind) !== undefined;
        return approval === undefined || !more
          ? []
          : [
              {
                path: ['steps', i],
                message: `expected nothing but the word in step \`${step.name}\`, got checks or a command beside it`,
                fix: 'Give the checks to the step before it; nothing is measured where a run waits for a word.',
              },
            ];
      }),
  },
  {
    id: 'loader-variable',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ steps }) =>
      steps.flatMap(({ step, path }) => [
        ...Object.keys(step.env).flatMap((name) => loaderFlaw([...path, 'env', name], name)),
        ...step.passEnv.flatMap((name, i) => loaderFlaw([...path, 'passEnv', i], name)),
      ]),
  },
];

const loaderFlaw = (path: Flaw['path'], name: string): readonly Flaw[] =>
  isLoaderVariable(name)
    ? [
        {
          path,
          message: `expected no variable that changes what a program is, got \`${name}\``,
          fix: 'Name the program and what it loads in the arguments, where reviewers see it.',
        },
      ]
    : [];

const isWord = (step: PlacedStep['step']) => 'approval' in step && step.approval !== undefined;

const acts = (step: PlacedStep['step']) =>
  step.wait === undefined && step.manual === undefined && !isWord(step);

function timeoutFlaws({ step, path }: PlacedStep): readonly Flaw[] {
  const least = Math.max(step.estimate, step.wait ?? 0);
  if (step.timeout >= least) return [];
  return [
    {
      path: [...path, 'timeout'],
      message: `expected a \`timeout\` of at least \`${durationText(least)}\`, got \`${durationText(step.timeout)}\` in step \`${step.name}\``,
      fix: 'Let the longest run time exceed the expected one.',
    },
  ];
}
