import type { Plan } from '../contract/plan.ts';
import type { Problem } from '../documents/problem.ts';
import type { Place } from '../plan/rule.ts';
import { readScripts } from '../plan/scripts.ts';
import { everyStep, type PlanPath } from '../plan/walk.ts';
import type { CliContext } from './context.ts';
import { InvalidInput } from './input.ts';
import { readPlanFile } from './plan-file.ts';
import { scriptReader } from './plan-script.ts';
import { sha256 } from './policy-source.ts';

/** A plan as it is sent to the server: its text, and that of every script and procedure it names. */
export interface SentPlan {
  readonly file: string;
  readonly plan: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Reads a plan and the scripts beside it. @throws {InvalidInput} with the place of each mistake */
export async function readSentPlan(context: CliContext, named: string): Promise<SentPlan> {
  const { read, procedures, ...planFile } = await readPlanFile(context, named);
  const { file, text } = planFile.source;
  if (!read.ok) throw new InvalidInput(read.problems);
  const found = await readScripts(read.plan, scriptReader(context, named), sha256);
  const problems: Problem[] = [];
  const scripts: Record<string, string> = { ...procedures };
  for (const [path, source] of found) {
    const why = 'problem' in source ? source.problem : source.text === null ? 'it is no UTF-8 text' : null;
    if (why !== null) {
      const place = placeOfScript(read.plan, path, read.placeOf);
      problems.push({
        file,
        ...place,
        message: `expected a script that can be read, got \`${path}\`: ${why}`,
      });
    } else if ('text' in source && source.text !== null) scripts[path] = source.text;
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return { file, plan: text, scripts };
}

function placeOfScript(plan: Plan, path: string, placeOf: (path: PlanPath) => Place): Place {
  const naming = everyStep(plan).find(({ step }) => step.script?.path === path);
  return placeOf(naming ? [...naming.path, 'script', 'path'] : []);
}
