import { uptime } from 'node:os';

/** The runner's own measure of how long it may work. */
export interface Lease {
  /** The server renewed it in answer to a request sent at this reading of `now`. */
  renew(sentAt: number): void;
  /** Ends it at once: the server says that it is over. */
  end(): void;
  /** What is left, in milliseconds; negative once it is over. */
  remainingMs(): number;
  /** A reading of the lease's own clock, in milliseconds. */
  now(): number;
}

/**
 * A lease of `leaseMs`, counted from the moment a request was sent, not answered: whatever the network did, the server's
 * own count ends later. The clock is monotonic and nobody sets it; it also counts the time that the machine slept.
 */
export function startLease(leaseMs: number, sentAt: number, clock: () => number = sleepProofClock()): Lease {
  let endsAt = sentAt + leaseMs;
  return {
    renew: (at) => {
      endsAt = Math.max(endsAt, at + leaseMs);
    },
    end: () => {
      endsAt = -Infinity;
    },
    remainingMs: () => endsAt - clock(),
    now: clock,
  };
}

/** INVARIANT: nothing is begun without a grant in force and a lease that lasts long enough to stop it. */
export function mayBegin(
  { lease, terms }: { readonly lease: Lease; readonly terms: { readonly killGraceMs: number } },
  deadline: number,
): boolean {
  return lease.remainingMs() > terms.killGraceMs && lease.now() < deadline;
}

/**
 * The monotonic clock stands still while a machine sleeps; the system's up time does not, but is coarse. Whichever has
 * gone further, less the coarseness, is taken.
 */
export function sleepProofClock(): () => number {
  const COARSE_MS = 1_500;
  const began = performance.now();
  const up = uptime() * 1_000;
  return () => began + Math.max(performance.now() - began, uptime() * 1_000 - up - COARSE_MS);
}
