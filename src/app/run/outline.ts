import type { Plan, RollbackStep } from '../../contract/plan.ts';
import type { OutlineStep, RunOutline } from '../../kernel/run/outline.ts';

/** The bones of a plan: what the coordinator of its run follows. */
export function outlineOf(plan: Plan): RunOutline {
  return {
    steps: plan.steps.map((step) => ({
      ...outlineStep(step),
      ...(step.approval && { approval: step.approval, executable: false }),
      undo: step.undo ?? null,
      // Left out where there is none, so that what is kept of other runs reads as it always did.
      ...(step.blind && { blind: { parts: step.blind.parts, lastsMs: step.blind.lasts } }),
    })),
    rollback: plan.rollback.steps.map(outlineStep),
    preflights: plan.preflight.map(({ name, corrective }) => ({
      name,
      corrective: corrective !== undefined,
    })),
    postchecks: plan.postchecks.map(({ name }) => name),
    watched: plan.watch.map(({ name }) => name),
    ...(plan.watching && {
      delayed: plan.watching.checks.map(({ name, after }) => ({ name, afterMs: after })),
    }),
    pointOfNoReturn: plan.rollback.pointOfNoReturn,
  };
}

function outlineStep(step: RollbackStep): OutlineStep {
  return {
    name: step.name,
    executable: step.manual === undefined && step.wait === undefined,
    safeStop: step.safeStop,
    idempotent: step.idempotent,
    interruptible: step.interruptible,
    timeoutMs: step.timeout,
    beforeChecks: step.before.map(({ name }) => name),
    afterChecks: step.after.map(({ name }) => name),
    hasProbe: step.probe !== undefined,
    ...(step.manual?.evidence && { evidence: true }),
  };
}
