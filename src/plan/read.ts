import { planFile, type Plan } from '../contract/plan.ts';
import type { Problem, Source } from '../documents/problem.ts';
import { readDocument } from '../documents/read.ts';
import type { Rollout } from './blocks.ts';
import { layOut } from './lay-out.ts';
import type { ProcedureFiles } from './nested.ts';
import { danglingReferences } from './references.ts';
import type { Place } from './rule.ts';
import type { PlanPath } from './walk.ts';
import type { ForTarget } from './written.ts';

export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** Where a part of the plan stands in the file; of a part that is not written, its nearest parent. */
      readonly placeOf: (path: PlanPath) => Place;
      /** The target that a step or check was laid out for, by its path in the plan. */
      readonly targetOf: (path: PlanPath) => ForTarget | null;
      /** The blocks of steps that were laid out over targets. */
      readonly rollouts: readonly Rollout[];
      /** The plan files that it nests, by the path that leads to each. */
      readonly procedures: readonly string[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** Plan files that it nests and that were not given. */
      readonly missing: readonly string[];
    };

/**
 * Reads a plan file (YAML or JSON) and lays it out into plain steps and checks; `files` are the plans that it may nest. Whatever a person got wrong is a problem
 * with its place in the file: the form, and names that lead nowhere. What a well-formed plan lacks is the linter's to say.
 * Never throws for what a person wrote.
 */
export function readPlan(source: Source, files: ProcedureFiles | null = null): ReadPlan {
  let rollouts: readonly Rollout[] = [];
  let procedures: readonly string[] = [];
  let missing: readonly string[] = [];
  let targetOf: (path: PlanPath) => ForTarget | null = forNone;
  const read = readDocument<Plan>(planFile, source, (written) => {
    const laid = layOut(written, files);
    if (laid.ok) ({ rollouts, procedures, targetOf } = laid);
    else ({ missing } = laid);
    return laid;
  });
  if (!read.ok) return { ...read, missing };
  const plan = read.value;
  const problems = danglingReferences(plan).map(({ path, message }) => read.problemAt(path, message));
  if (problems.length > 0) return { ok: false, problems, missing };
  const placeOf = (path: PlanPath): Place => {
    const { line, column } = read.problemAt(path, '');
    return { line, column };
  };
  return { ok: true, plan, placeOf, targetOf, rollouts, procedures };
}

function forNone(): null {
  return null;
}
