import { claimHeartbeat, claimView, type ClaimGiven } from '../contract/claims.ts';
import { AppError } from '../contract/errors.ts';
import type { Client } from './client.ts';
import { plainLine } from './plain-line.ts';

/** What a claim that is held tells whoever works under it. */
export interface HeldClaim {
  /** Resolves with why the work has to stop: a no of the server, or a lease that is about to be lost. */
  readonly stopped: Promise<string>;
  /** No more heartbeats. */
  end(): void;
}

/**
 * Renews a claim until it is ended. The lease is measured on this host's own monotonic clock, from before each heartbeat was
 * sent, and counts as lost while what it takes to kill the work is still left of it.
 */
export function holdClaim(
  client: Client,
  { id, leaseMs, heartbeatMs, killGraceMs }: ClaimGiven,
  say: (line: string) => void,
): HeldClaim {
  const { promise, resolve } = Promise.withResolvers<string>();
  const over = new AbortController();
  let renewedAt = performance.now();
  const loseIt = () => resolve(`${id} could not be renewed in time: the server does not answer`);
  let lease = setTimeout(loseIt, leaseMs - killGraceMs);
  let answered = true;
  const renewed = (sentAt: number) => {
    renewedAt = sentAt;
    clearTimeout(lease);
    lease = setTimeout(loseIt, Math.max(0, renewedAt + leaseMs - killGraceMs - performance.now()));
    if (!answered) say(`${id}: the server answers again`);
    answered = true;
  };
  const beat = async () => {
    const sentAt = performance.now();
    try {
      const { go, because } = await client.ask('POST', `/api/v1/claims/${id}/heartbeat`, {
        answer: claimHeartbeat,
        signal: AbortSignal.any([over.signal, AbortSignal.timeout(leaseMs - killGraceMs)]),
      });
      renewed(sentAt);
      if (!go) resolve(because.map((one) => `${one.rule ?? 'ledger'}: ${one.because}`).join(' '));
    } catch (error) {
      if (over.signal.aborted) return;
      if (error instanceof AppError && LOST.has(error.code)) resolve(`${id}: ${error.message}`);
      else if (answered) say(`${id}: no answer to a heartbeat: ${textOf(error)}`);
      answered = false;
    }
  };
  void repeatedly(beat, heartbeatMs, over.signal);
  return {
    stopped: promise,
    end: () => {
      over.abort();
      clearTimeout(lease);
    },
  };
}

/** Answers after which no heartbeat can bring the claim back. */
const LOST: ReadonlySet<string> = new Set([
  'lease_lost',
  'conflict',
  'not_found',
  'not_permitted',
  'forbidden',
  'unauthenticated',
]);

async function repeatedly(work: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
    if (!signal.aborted) await work();
  }
}

/** Between two attempts to say how it ended. */
const AGAIN_MS = 500;

/** Says how the work ended, for as long as the lease may last. Gives why it could not be said, or `null`. */
export async function releaseHeld(
  client: Client,
  { id, leaseMs }: ClaimGiven,
  outcome: 'succeeded' | 'failed',
): Promise<string | null> {
  const deadline = performance.now() + leaseMs;
  for (;;) {
    try {
      await client.ask('POST', `/api/v1/claims/${id}/release`, {
        body: { outcome },
        answer: claimView,
        signal: AbortSignal.timeout(Math.max(1, Math.floor(deadline - performance.now()))),
      });
      return null;
    } catch (error) {
      const retry = !(error instanceof AppError) || error.code === 'unavailable';
      if (!retry || performance.now() + AGAIN_MS >= deadline) return textOf(error);
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function textOf(error: unknown): string {
  return plainLine(error instanceof Error ? error.message : String(error));
}
