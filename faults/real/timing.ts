import { RUN_TIMING, type RunTiming } from '../../src/app/run/timing.ts';

/**
 * The spans of time of a campaign: a history takes seconds. The lease is long enough for a busy machine to send a beat
 * within it. Only this folder's own server is given them (ADR 0098).
 */
export const CAMPAIGN_TIMING: RunTiming = {
  ...RUN_TIMING,
  leaseMs: 5_000,
  killGraceMs: 1_000,
  heartbeatMs: 250,
  askAgainMs: 250,
  watchEveryMs: 500,
  startPaceMs: 500,
  passesInARow: 2,
  personAfterMs: 3_000,
  coolDownMs: 500,
};
