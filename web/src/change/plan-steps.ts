import type { ChangeView } from '../../../src/contract/changes.ts';
import { everyStep, type PlacedStep } from '../../../src/plan/walk.ts';
import type { ForTarget } from '../../../src/plan/written.ts';
import type { LaidPlan } from './laid-plan.ts';

export type Finding = ChangeView['findings'][number];

/** A step with what the linter says of it, and the target that it is for. */
export interface MarkedStep extends PlacedStep {
  readonly position: number;
  readonly findings: readonly Finding[];
  readonly forTarget: ForTarget | null;
}

/** Every step of a plan with the lint that speaks of it; and what speaks of none of them. */
export function markedSteps(
  { plan, placeOf, targetOf }: LaidPlan,
  { findings, planFile }: Pick<ChangeView, 'findings' | 'planFile'>,
): { readonly steps: readonly MarkedStep[]; readonly others: readonly Finding[] } {
  const placed = everyStep(plan);
  const lineOf = new Map(placed.map(({ path }) => [path, placeOf(path).line]));
  // A step reaches until the next thing begins, whatever that is.
  const begins = new Set(lineOf.values());
  const elsewhere = Object.keys(plan).map((key) => placeOf([key]).line);
  const all = [...new Set([...begins, ...elsewhere])].toSorted((a, b) => a - b);
  const beginOf = (line: number) => all.findLast((one) => one <= line);
  const inStep = (finding: Finding) => {
    const begin = finding.file === planFile ? beginOf(finding.line) : undefined;
    return begin !== undefined && begins.has(begin) ? begin : null;
  };
  const byLine = Map.groupBy(findings, inStep);
  const byFile = Map.groupBy(findings, ({ file }) => file);
  const steps = placed.map(({ path, step, list }) => ({
    path,
    step,
    list,
    position: Number(path.at(-1)),
    forTarget: targetOf(path),
    findings: [
      ...(byLine.get(lineOf.get(path) ?? -1) ?? []),
      ...(step.script ? (byFile.get(step.script.path) ?? []) : []),
    ],
  }));
  const told = new Set(steps.flatMap((step) => step.findings));
  return { steps, others: findings.filter((finding) => !told.has(finding)) };
}
