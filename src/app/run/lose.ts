import { newHold, withoutRunner } from '../../kernel/run/hold.ts';
import { CORRECTIVE_TIMEOUT_MS, takeOverFrom } from '../../kernel/run/lease.ts';
import { stepAt } from '../../kernel/run/outline.ts';
import { underWay } from '../../kernel/run/snapshot.ts';
import { toCorrect } from './grant-step.ts';
import { held, withoutGrant, withRun, withStep, type RunEvent, type RunFile } from './run-file.ts';
import type { RunTiming } from './timing.ts';

/**
 * The runner's lease has ended without a word: the step under way is unknown, the run is held, and nobody takes it over
 * before nothing of the old runner can still be working. Nothing is tried again, failed or rolled back by itself.
 */
export function loseRunner(file: RunFile, timing: RunTiming): { file: RunFile; event: RunEvent } {
  const open = file.steps.find(underWay);
  const step = open === undefined ? null : stepAt(file.run.outline, open.list, open.position);
  const correcting = file.grant?.list === 'preflight' ? toCorrect(file) : [];
  const from = takeOverFrom(
    {
      leaseExpiresAt: file.run.leaseExpiresAt ?? file.now,
      timeoutMs: step?.timeoutMs ?? (correcting.length > 0 ? CORRECTIVE_TIMEOUT_MS : null),
      interruptible: step?.interruptible ?? false,
    },
    timing.killGraceMs,
  );
  const because =
    open === undefined
      ? 'the runner was lost between two steps'
      : `the runner was lost in step \`${open.name}\`: what it did is unknown`;
  const marked = open === undefined ? corrected(file, correcting) : withStep(file, unknown(open, file.now));
  const gone = withRun(withoutGrant(marked, 'the lease ended'), { leaseExpiresAt: null, takeOverFrom: from });
  const cause = open === undefined ? 'runner-lost' : 'unknown-step';
  const before = file.run.hold;
  return {
    file:
      before !== null && open === undefined
        ? withRun(gone, { hold: withoutRunner(before) })
        : held(gone, newHold(cause, because, file.now)),
    event: {
      type: 'run.runner-lost',
      action: 'hold',
      outcome: 'error',
      reason: because,
      details: { step: open?.name ?? null, 'take-over-from': new Date(from).toISOString() },
    },
  };
}

/** What the corrective commands did nobody knows. Once is the most: the checks are measured again, and that decides. */
function corrected(file: RunFile, checks: readonly string[]): RunFile {
  if (checks.length === 0) return file;
  return withRun(file, { preflight: 'due', corrected: [...file.run.corrected, ...checks] });
}

function unknown<T extends object>(step: T, now: number) {
  return {
    ...step,
    state: 'unknown' as const,
    failedAt: 'command' as const,
    because: 'the lease of its runner ended before it was reported',
    probed: false,
    settlement: null,
    endedAt: now,
  };
}
