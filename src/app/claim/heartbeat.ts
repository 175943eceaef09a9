import type { ClaimHeartbeat } from '../../contract/claims.ts';
import { rulesAt } from '../../kernel/policy/decide.ts';
import type { RuleId } from '../../kernel/policy/rule.ts';
import { findClaim, lockClaim, renewClaim, type ClaimRow } from '../../store/claims.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import type { AppContext } from '../context.ts';
import { decideAsk, previewAsk, type AskQuestion } from '../decide-asks.ts';
import { askPeers, INCIDENTS_ALONE } from '../gate/ask-peers.ts';
import { ensureProof } from '../monitoring/monitoring.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { denialsOf } from '../run/gate.ts';
import { timingOf } from '../run/timing.ts';

/** A proof of monitoring may be this old: heartbeats follow each other quickly. */
const FRESH_MS = 2_000;

/** The rules that are asked of what already works. */
const OF_WORK: ReadonlySet<RuleId> = new Set(rulesAt('step'));

/**
 * The claimant lives: its lease is renewed, and it hears whether its work may go on: the verdict on this instant, by the rules
 * that are asked before a step. A no does not end the claim; whoever works does, and says so by a release.
 */
export async function heartbeatClaim(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<ClaimHeartbeat>> {
  const before = await findClaim(context.db, id);
  if (before?.state === 'running') {
    await Promise.all([
      ensureProof(context, { environment: before.environment, targets: null }, FRESH_MS),
      askPeers(context, INCIDENTS_ALONE),
    ]);
  }
  return transact(context.db, async (tx) => {
    const locked = await lockClaim(tx, id);
    const not = notItsHolder(locked, call, id);
    if (not !== null || locked === null)
      return not ?? refuse('not_found', `expected a claim, got \`${id}\`, which there is none of`);
    const { denied, because } = await judge(tx, context, call, locked.claim);
    const until = await renewClaim(tx, id, { leaseMs: timingOf(context).leaseMs, denied });
    return done({ go: because.length === 0, because, leaseExpiresAt: until.toISOString() });
  });
}

/** Why this call may not speak for the claim, or `null`. A lease that has ended is lost, whether or not it was noticed yet. */
export function notItsHolder(
  locked: { readonly claim: ClaimRow; readonly now: Date } | null,
  { actor }: Call,
  id: string,
): Refused | null {
  if (locked === null) return refuse('not_found', `expected a claim, got \`${id}\`, which there is none of`);
  const { claim, now } = locked;
  if (claim.person !== actor.person)
    return refuse('not_permitted', `expected whoever made ${id}, got \`${actor.person}\``);
  if (claim.ended_at !== null)
    return refuse('conflict', `expected a claim that runs, got one that is \`${claim.state}\``);
  if (claim.lease_expires_at === null || claim.lease_expires_at < now) {
    return refuse('lease_lost', `${id} was not renewed in time: a person on duty settles it`);
  }
  return null;
}

interface Judgement {
  /** The rules that the last recorded answer names. */
  readonly denied: readonly string[];
  readonly because: ClaimHeartbeat['because'];
}

/** What stands against the work of a claim at this instant, by the rules that are asked of what works. Nothing is recorded. */
export async function whyNotNow(
  tx: Transaction,
  context: AppContext,
  call: Call,
  claim: ClaimRow,
): Promise<ClaimHeartbeat['because']> {
  const stopped = await whyNothingIsDone(context, tx);
  if (stopped !== null) return [{ rule: null, verdict: 'deny', because: stopped.refusal.because }];
  return against(await previewAsk(tx, context, call, questionOf(call, claim)));
}

function questionOf({ actor }: Call, claim: ClaimRow): AskQuestion {
  return {
    // It works already: what is asked about is this instant.
    change: { ...claim.asked, estimateMinutes: 0, rollbackMinutes: 0 },
    host: hostFacts(actor, null),
    claim: claim.id,
  };
}

async function judge(tx: Transaction, context: AppContext, call: Call, claim: ClaimRow): Promise<Judgement> {
  const stands = await whyNotNow(tx, context, call, claim);
  if (stands[0]?.rule === null) return { denied: claim.denied, because: stands };
  if (sameRules(stands, claim.denied)) return { denied: claim.denied, because: stands };
  const recorded = against(await decideAsk(tx, context, call, questionOf(call, claim)));
  return { denied: recorded.map(({ rule }) => rule), because: recorded };
}

function against({ decision }: Awaited<ReturnType<typeof previewAsk>>) {
  return denialsOf(decision).flatMap(({ rule, verdict, because }) => {
    // What names a rule in a verdict is one.
    const id = rule as RuleId;
    return OF_WORK.has(id) ? [{ rule: id, verdict, because }] : [];
  });
}

function sameRules(now: readonly { readonly rule: string | null }[], denied: readonly string[]): boolean {
  return now.length === denied.length && now.every(({ rule }) => rule !== null && denied.includes(rule));
}
