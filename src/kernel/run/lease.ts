/** The instants that bound a runner's hold on a run; epoch milliseconds of the database's clock. */
export interface LeaseFacts {
  readonly leaseExpiresAt: number;
  /** When the last step under the grant must have ended by its own time-out; `null` if no step was under way. */
  readonly grantExpiresAt: number | null;
  /** Whether that step is killed when the lease is lost. */
  readonly interruptible: boolean;
}

/**
 * From when on another runner may take the run over: nothing of the old one can still be working then. An
 * interruptible step is killed before the lease ends; any other may work on until its time-out.
 */
export function takeOverFrom(lease: LeaseFacts, killGraceMs: number): number {
  const working = lease.interruptible ? null : lease.grantExpiresAt;
  return Math.max(lease.leaseExpiresAt, working ?? 0) + killGraceMs;
}

export const SKEW_WARNS_MS = 1_000;
export const SKEW_REFUSES_MS = 5_000;

/** What a difference between a runner's clock and the database's means (SAFETY section 1). */
export function judgeSkew(skewMs: number): 'fine' | 'warns' | 'refuses' {
  if (!Number.isFinite(skewMs) || Math.abs(skewMs) > SKEW_REFUSES_MS) return 'refuses';
  return Math.abs(skewMs) > SKEW_WARNS_MS ? 'warns' : 'fine';
}
