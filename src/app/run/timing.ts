import type { HoldLimits } from '../../kernel/run/hold.ts';

/** Every span of time that a run knows; milliseconds. Tests make them short. */
export interface RunTiming extends HoldLimits {
  /** How long a runner may work without hearing from the server. */
  readonly leaseMs: number;
  /** Between TERM and KILL; and what is waited after a lease before somebody else may take over. */
  readonly killGraceMs: number;
  readonly heartbeatMs: number;
  /** Between two asks while held. */
  readonly askAgainMs: number;
  /** Between two measurements of the watched metrics during a step. */
  readonly watchEveryMs: number;
  /** Of those who waited for a start, one starts in this time. */
  readonly startPaceMs: number;
  /** How long whoever waits for a start is believed to be there without being heard, and how often it speaks. */
  readonly waitLeaseMs: number;
  readonly waitBeatMs: number;
}

export const RUN_TIMING: RunTiming = {
  leaseMs: 30_000,
  killGraceMs: 10_000,
  heartbeatMs: 1_000,
  askAgainMs: 5_000,
  watchEveryMs: 5_000,
  startPaceMs: 60_000,
  waitLeaseMs: 10_000,
  waitBeatMs: 2_000,
  passesInARow: 3,
  personAfterMs: 10 * 60_000,
  coolDownMs: 5 * 60_000,
};

/** The timing of a server: what its context says, or the shipped one. */
export function timingOf({ runTiming }: { readonly runTiming?: RunTiming }): RunTiming {
  return runTiming ?? RUN_TIMING;
}

/** How long the checks before and after a step may take, on top of its own time-out. */
const CHECKS_MS = 10 * 60_000;

/** The longest that the work under a grant can last: every step's time-out, and the checks around each. */
export function grantLasts(steps: readonly { readonly timeoutMs: number }[], timing: RunTiming): number {
  const work = steps.reduce((sum, { timeoutMs }) => sum + timeoutMs + CHECKS_MS, 0);
  return work + 2 * timing.killGraceMs;
}
