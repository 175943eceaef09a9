const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Whoever sends something has it for so long: longer than an attempt may last. */
export const LEASE_MS = 15 * SECOND_MS;
/** A peer has so long to answer. */
export const ATTEMPT_MS = 10 * SECOND_MS;
/** A peer that wants to be left alone for longer is asked earlier. */
const LONGEST_REST_MS = HOUR_MS;

/** When something is tried again after its first, second … attempt; after the last it is given up. About three days in all. */
export const SCHEDULES = {
  /** Programs that hear of what is recorded. */
  webhook: [
    15 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
  /** Peers that people wait for. */
  connection: [
    2 * SECOND_MS,
    5 * SECOND_MS,
    15 * SECOND_MS,
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    4 * HOUR_MS,
    8 * HOUR_MS,
    12 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
} as const;

/**
 * How long after an attempt the next one comes; `null` where it is given up. A peer that says how long it wants to rest is heard, within an
 * hour: what a peer says may not put a message off for ever.
 */
export function againAfter(
  schedule: readonly number[],
  attempts: number,
  retryAfterMs: number | null,
): number | null {
  // The attempt after the last wait is the last.
  if (attempts >= schedule.length) return null;
  const ours = schedule[Math.max(attempts, 1) - 1] ?? HOUR_MS;
  return Math.max(ours, Math.min(retryAfterMs ?? 0, LONGEST_REST_MS));
}
