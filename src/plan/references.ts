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
  const [steps, undoing, preflights, targets] = [
    plan.steps,
    plan.rollback.steps,
    plan.preflight,
    plan.targets,
  ].map(names);
  return [
    ...plan.steps.flatMap(({ undo }, i) =>
      undo && 'step' in undo
        ? dangling(['steps', i, 'undo', 'step'], undo.step, 'a rollback step', undoing)
        : [],
    ),
    ...plan.assumptions.flatMap((assumption, i) =>
      'check' in assumption
        ? dangling(['assumptions', i, 'check'], assumption.check, 'a pre-flight check', preflights)
        : [],
    ),
    ...everyCheck(plan).flatMap(({ check, path }) =>
      check.targets.flatMap((target, i) => dangling([...path, 'targets', i], target, 'a target', targets)),
    ),
    ...(plan.rollback.triggers ?? []).flatMap(({ watch, postcheck, step }, i) => [
      ...referred(['rollback', 'triggers', i, 'watch'], watch, 'a watched metric', plan.watch),
      ...referred(['rollback', 'triggers', i, 'postcheck'], postcheck, 'a post-check', plan.postchecks),
      ...referred(['rollback', 'triggers', i, 'step'], step, 'a step', plan.steps),
    ]),
    ...(point ? dangling(['rollback', 'pointOfNoReturn', 'after'], point.after, 'a step', steps) : []),
  ];
}

const referred = (
  path: PlanPath,
  name: string | undefined,
  what: string,
  known: readonly { readonly name: string }[],
) => (name === undefined ? [] : dangling(path, name, what, names(known)));

const names = (items: readonly { readonly name: string }[]): ReadonlySet<string> =>
  new Set(items.map(({ name }) => name));

/** Most names that a message offers. */
const MOST_NAMES = 20;

function dangling(
  path: PlanPath,
  name: string,
  what: string,
  known: ReadonlySet<string> = new Set(),
): readonly DanglingReference[] {
  if (known.has(name)) return [];
  const some = [...known].slice(0, MOST_NAMES).map((one) => `\`${one}\``);
  const more = known.size > MOST_NAMES ? ` and ${known.size - MOST_NAMES} more` : '';
  const among = known.size === 0 ? 'there is none' : `there are ${some.join(', ')}${more}`;
  return [{ path, message: `expected the name of ${what} of this plan, got \`${name}\`; ${among}` }];
}
