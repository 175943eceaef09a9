import type { Flaw, LintRule } from '../rule.ts';
import { saysNothing, saysOnlyRevert } from '../empty-words.ts';

/** The way back: every step undone by a named, checked rollback step, or not, and then why (POLICY section 2, item 5). */
export const rollbackRules: readonly LintRule[] = [
  {
    id: 'step-without-undo',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) => {
      const after = plan.rollback.pointOfNoReturn?.after;
      const point = plan.steps.findIndex(({ name }) => name === after);
      return plan.steps.flatMap((step, i): readonly Flaw[] => {
        const reason = step.undo && 'nothing' in step.undo ? step.undo.nothing : null;
        // A word that was said is not unsaid.
        if (step.approval !== undefined && step.undo === undefined) return [];
        if (step.undo ? reason === null || !saysNothing(reason) : point !== -1 && i > point) return [];
        return [
          {
            path: step.undo ? ['steps', i, 'undo'] : ['steps', i],
            message: `expected \`undo\` with a rollback step or the reason why there is nothing to undo, got ${
              reason === null ? 'none' : `\`${reason}\``
            } in step \`${step.name}\``,
            fix: 'Name the rollback step that undoes it, or say why nothing has to be undone.',
          },
        ];
      });
    },
  },
  {
    id: 'rollback-says-revert',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan, steps }) => [
      ...steps
        .filter(({ list, step }) => list === 'rollback' && saysOnlyRevert(step.manual?.instructions ?? ''))
        .map(({ step, path }) =>
          revert([...path, 'manual', 'instructions'], step.manual?.instructions ?? ''),
        ),
      ...plan.steps.flatMap((step, i) =>
        step.undo && 'nothing' in step.undo && saysOnlyRevert(step.undo.nothing)
          ? [revert(['steps', i, 'undo'], step.undo.nothing)]
          : [],
      ),
    ],
  },
  {
    id: 'rollback-step-without-check',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) =>
      plan.rollback.steps.flatMap((step, i) =>
        step.after.length > 0 || step.wait !== undefined
          ? []
          : [
              {
                path: ['rollback', 'steps', i],
                message: `expected a check in \`after\`, got none in rollback step \`${step.name}\``,
                fix: 'Measure that the old state is back, with a value to compare.',
              },
            ],
      ),
  },
  {
    id: 'rollback-step-unused',
    level: 'warning',
    counts: null,
    policy: null,
    find: ({ plan }) => {
      const used = new Set(plan.steps.flatMap(({ undo }) => (undo && 'step' in undo ? [undo.step] : [])));
      return plan.rollback.steps.flatMap(({ name }, i) =>
        used.has(name)
          ? []
          : [
              {
                path: ['rollback', 'steps', i, 'name'],
                message: `expected a step that \`${name}\` undoes, got none, so it will never run`,
                fix: 'Name it in the `undo` of the step that it undoes, or leave it out.',
              },
            ],
      );
    },
  },
  {
    id: 'rollback-without-trigger',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan: { rollback, watch } }) =>
      rollback.steps.length === 0 || watch.length > 0 || rollback.triggers !== undefined
        ? []
        : [
            {
              path: ['rollback'],
              message: 'expected a sign that means roll back, got neither a watched metric nor `triggers`',
              fix: 'Watch a metric with `rollBackWhen`, or name in `triggers` what has to be seen.',
            },
          ],
  },
  {
    id: 'trigger-says-nothing',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan: { rollback } }) =>
      (rollback.triggers ?? []).flatMap(({ say }, i) =>
        saysNothing(say) || saysOnlyRevert(say)
          ? [
              {
                path: ['rollback', 'triggers', i, 'say'],
                message: `expected what is seen when it has to be rolled back, got \`${say}\``,
                fix: 'Say what somebody would see, so that nobody has to think about it in the night.',
              },
            ]
          : [],
      ),
  },
  {
    id: 'point-of-no-return',
    level: 'error',
    counts: null,
    policy: null,
    find: ({ plan }) => {
      const point = plan.rollback.pointOfNoReturn;
      const at = plan.steps.findIndex(({ name }) => name === point?.after);
      if (!point || at === -1) return [];
      return [
        ...(saysNothing(point.reason) ? [weakReason(point.reason)] : []),
        ...plan.steps.flatMap((step, i) =>
          i > at && step.undo && 'step' in step.undo ? [undoneTooLate(i, step.name, point.after)] : [],
        ),
      ];
    },
  },
];

const revert = (path: Flaw['path'], text: string): Flaw => ({
  path,
  message: `expected what exactly is done to get the old state back, got \`${text}\``,
  fix: 'Write the commands, the literal old values, and the check that they are back.',
});

const weakReason = (reason: string): Flaw => ({
  path: ['rollback', 'pointOfNoReturn', 'reason'],
  message: `expected why there is no way back, got \`${reason}\``,
  fix: 'Say what makes the change irreversible from there.',
});

const undoneTooLate = (index: number, name: string, after: string): Flaw => ({
  path: ['steps', index, 'undo'],
  message: `expected no rollback step after the point of no return \`${after}\`, got one for step \`${name}\``,
  fix: 'Nothing is rolled back past that point: move the point, or leave `undo` out.',
});
