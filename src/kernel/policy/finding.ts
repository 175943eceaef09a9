import type { Verdict } from './rule.ts';

/** What a rule finds by itself, before exceptions, emergencies and levels are looked at. */
export type Finding = {
  readonly verdict: Verdict;
  readonly because: string;
  /** Epoch ms; only if time alone clears it. */
  readonly clearsAt?: number | undefined;
  /** It denies, and something else that it looks at is unknown: what would waive the denial must not hide that. */
  readonly alsoUnknown?: boolean;
};

export function pass(because: string): Finding {
  return { verdict: 'pass', because };
}

export function deny(because: string, clearsAt?: number | null): Finding {
  return clearsAt === undefined || clearsAt === null
    ? { verdict: 'deny', because }
    : { verdict: 'deny', because, clearsAt };
}

export function unknown(because: string): Finding {
  return { verdict: 'unknown', because };
}

/** The fact that a rule needs and does not have; said so that one and several read the same. */
export function missing(fact: string): Finding {
  return { verdict: 'unknown', because: `The rule needs what is not known: ${fact}.` };
}
