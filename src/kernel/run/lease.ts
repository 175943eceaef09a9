/** What bounds a runner's hold on a run; instants are epoch milliseconds of the database's clock. */
export interface LeaseFacts {
  readonly leaseExpiresAt: number;
  /** The longest that what is under way may take by itself; `null` if nothing is. */
  readonly timeoutMs: number | null;
  /** Whether it is killed when the lease is lost. */
  readonly interruptible: boolean;
}

/** The longest that the corrective command of a pre-flight check may take. */
export const CORRECTIVE_TIMEOUT_MS = 5 * 60_000;

/**
 * From when on another runner may take the run over: nothing of the old one can still be working then. An interruptible
 * step is killed before the lease ends. Any other may have been begun at the very end of the lease, and works until its
 * time-out.
 */
export function takeOverFrom(
  { leaseExpiresAt, timeoutMs, interruptible }: LeaseFacts,
  killGraceMs: number,
): number {
  const working = interruptible ? 0 : (timeoutMs ?? 0);
  return leaseExpiresAt + working + killGraceMs;
}

export const SKEW_WARNS_MS = 1_000;
export const SKEW_REFUSES_MS = 5_000;

/** What a difference between a runner's clock and the database's means (SAFETY section 1). */
export function judgeSkew(skewMs: number): 'fine' | 'warns' | 'refuses' {
  if (!Number.isFinite(skewMs) || Math.abs(skewMs) > SKEW_REFUSES_MS) return 'refuses';
  return Math.abs(skewMs) > SKEW_WARNS_MS ? 'warns' : 'fine';
}
