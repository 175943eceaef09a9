import type { OutlineStep } from './outline.ts';
import type { FailurePoint } from './snapshot.ts';

/** A check's outcome as the runner reports it. */
export interface CheckOutcome {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly because: string;
}

/** What the runner says of an execution, as far as the coordinator judges by it. */
export interface ExecutionOutcome {
  readonly ok: boolean;
  readonly spawnError: string | null;
  readonly timedOut: boolean;
  readonly cancelled: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly keeperDied: boolean;
  readonly output: { readonly keptBytes: number };
}

/** What the runner reports of one attempt at a step. No execution: it was not begun. */
export interface StepReport {
  readonly before: readonly CheckOutcome[];
  readonly execution: ExecutionOutcome | null;
  readonly after: readonly CheckOutcome[];
}

/** The judgement of a list of checks. */
export interface ChecksJudgement {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly because: string;
}

/** How a step ended, and why. */
export type StepJudgement =
  | { readonly state: 'succeeded'; readonly failedAt: null; readonly because: string }
  | {
      readonly state: 'failed' | 'cancelled' | 'unknown';
      readonly failedAt: FailurePoint;
      readonly because: string;
    };

/**
 * The judgement of the checks a plan names, from the results that came in: any failure fails; one without a result,
 * with two, or with a result that is unknown makes it unknown. An empty list of wanted checks passes: whether a list
 * may be empty is the policy's to say.
 */
export function judgeChecks(wanted: readonly string[], results: readonly CheckOutcome[]): ChecksJudgement {
  const failed = results.find(({ verdict }) => verdict === 'fail');
  if (failed !== undefined) return { verdict: 'fail', because: `\`${failed.name}\`: ${failed.because}` };
  for (const name of wanted) {
    const own = results.filter((result) => result.name === name);
    const [only] = own;
    if (only === undefined || own.length > 1) {
      return { verdict: 'unknown', because: `\`${name}\`: expected one result, got ${own.length}` };
    }
    if (only.verdict !== 'pass') return { verdict: 'unknown', because: `\`${name}\`: ${only.because}` };
  }
  return { verdict: 'pass', because: wanted.length === 0 ? 'no check' : `${wanted.length} passed` };
}

/** How an attempt at a step ended. The runner's own summary is not asked: every field is looked at. */
export function judgeStep(step: OutlineStep, report: StepReport): StepJudgement {
  const before = judgeChecks(step.beforeChecks, report.before);
  if (before.verdict !== 'pass') return { state: 'failed', failedAt: 'before', because: before.because };
  const { execution } = report;
  if (execution === null) return { state: 'failed', failedAt: 'before', because: 'it was not begun' };
  if (execution.keeperDied) {
    return { state: 'unknown', failedAt: 'command', because: 'the process that watched over it died' };
  }
  if (execution.spawnError !== null) {
    return { state: 'failed', failedAt: 'spawn', because: execution.spawnError };
  }
  if (execution.cancelled !== null) {
    return { state: 'cancelled', failedAt: 'command', because: execution.cancelled };
  }
  const ending = endingOf(execution);
  if (ending !== null) return { state: 'failed', failedAt: 'command', because: ending };
  if (step.evidence === true && execution.output.keptBytes === 0) {
    return { state: 'failed', failedAt: 'command', because: 'expected evidence of what was done, got none' };
  }
  const after = judgeChecks(step.afterChecks, report.after);
  if (after.verdict !== 'pass') return { state: 'failed', failedAt: 'after', because: after.because };
  return { state: 'succeeded', failedAt: null, because: `checks after: ${after.because}` };
}

/** The judgement of after checks that were measured again. */
export function judgeRecheck(step: OutlineStep, after: readonly CheckOutcome[]): StepJudgement {
  const { verdict, because } = judgeChecks(step.afterChecks, after);
  if (verdict === 'pass') return { state: 'succeeded', failedAt: null, because: `checks after: ${because}` };
  return { state: 'failed', failedAt: 'after', because };
}

function endingOf(execution: ExecutionOutcome): string | null {
  if (execution.timedOut) return 'it ran into its time-out';
  if (execution.signal !== null) return `expected an end by itself, got signal \`${execution.signal}\``;
  if (execution.exitCode !== 0) return `expected exit status 0, got \`${String(execution.exitCode)}\``;
  return execution.ok ? null : 'the runner reports that it failed';
}
