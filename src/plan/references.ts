import type { Plan } from '../contract/plan.ts';
import { everyCheck, type PlanPath } from './walk.ts';

/** A name that a plan uses and does not define. */
export interface DanglingReference {
  readonly path: PlanPath;
  readonly message: string;
}

/** Every reference of a plan that leads nowhere: to rollback steps, pre-flight checks, targets and steps. */
export function danglingReferences(plan: Plan): readonly DanglingReference[] {
  const point = plan.rollback.pointOfNoReturn;
  return [
    ...plan.steps.flatMap(({ undo }, i) =>
      undo && 'step' in undo
        ? dangling(['steps', i, 'undo', 'step'], undo.step, 'a rollback step', names(plan.rollback.steps))
        : [],
    ),
    ...plan.assumptions.flatMap((assumption, i) =>
      'check' in assumption
        ? dangling(['assumptions', i, 'check'], assumption.check, 'a pre-flight check', names(plan.preflight))
        : [],
    ),
    ...everyCheck(plan).flatMap(({ check, path }) =>
      check.targets.flatMap((target, i) =>
        dangling([...path, 'targets', i], target, 'a target', names(plan.targets)),
      ),
    ),
    ...(point
      ? dangling(['rollback', 'pointOfNoReturn', 'after'], point.after, 'a step', names(plan.steps))
      : []),
  ];
}

const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

function dangling(
  path: PlanPath,
  name: string,
  what: string,
  known: readonly string[],
): readonly DanglingReference[] {
  if (known.includes(name)) return [];
  const among =
    known.length === 0 ? 'there is none' : `there are ${known.map((one) => `\`${one}\``).join(', ')}`;
  return [{ path, message: `expected the name of ${what} of this plan, got \`${name}\`; ${among}` }];
}
