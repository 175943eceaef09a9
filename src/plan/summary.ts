import type { Plan } from '../contract/plan.ts';
import type { Digest, PlanDigest } from './digest.ts';
import { type Finding, LINT_RULES } from './lint.ts';
import type { CountsAs } from './rule.ts';
import { everyStep } from './walk.ts';

/** What the facts of a decision say of a plan (`change.plan`): the same at `plan lint` and at the server. */
export interface PlanSummary {
  readonly digest: Digest;
  /** No required section is missing or unfinished: no error of a rule that counts as `complete`. */
  readonly complete: boolean;
  readonly preflightChecks: number;
  readonly postChecks: number;
  readonly unquantifiedChecks: number;
  /** Steps that execute something (commands, scripts, shell lines), those of the rollback included: they need a bastion. */
  readonly executableSteps: number;
  /** Steps by hand and words that are waited for, without those of the rollback: undoing by hand makes no change a manual one. */
  readonly manualSteps: number;
  /** Steps that run a script or have a dry form, without those of the rollback: what a dry run has to show. */
  readonly scriptSteps: number;
  /** Unresolved wildcards in steps, rollback and scripts, and whatever hides whether there are some. */
  readonly wildcards: number;
}

/** Counts a plan from itself and from what the linter found, and found without scripts that were not given. */
export function summarisePlan(
  plan: Plan,
  findings: readonly Finding[],
  { digest }: Pick<PlanDigest, 'digest'>,
): PlanSummary {
  const steps = plan.steps;
  return {
    digest,
    complete: counted(findings, 'complete') === 0,
    preflightChecks: plan.preflight.length,
    postChecks: plan.postchecks.length,
    unquantifiedChecks: counted(findings, 'unquantifiedChecks'),
    executableSteps: everyStep(plan).filter(({ step }) => step.command ?? step.script ?? step.shell).length,
    manualSteps: steps.filter(({ manual, approval }) => manual ?? approval).length,
    scriptSteps: steps.filter(({ script, dryRun }) => script ?? dryRun).length,
    wildcards: counted(findings, 'wildcards'),
  };
}

/** An exception that is asked for is not one that was approved: its findings only warn, and count all the same. */
function counted(findings: readonly Finding[], as: CountsAs): number {
  return findings.filter(({ rule, level, excepted }) => {
    return COUNTS.get(rule) === as && (level === 'error' || excepted);
  }).length;
}

const COUNTS = new Map(LINT_RULES.map(({ id, counts }) => [id, counts]));
