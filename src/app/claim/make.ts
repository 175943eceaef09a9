import type { ClaimGiven, NewClaim } from '../../contract/claims.ts';
import type { KindOfChange } from '../../contract/gate.ts';
import { claimByKey, insertClaim, type ClaimRow } from '../../store/claims.ts';
import { transact, violatedConstraint, type Transaction } from '../../store/database.ts';
import { onStage, RunInTheWay, type OnStage } from '../../store/stage.ts';
import type { Call } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import { hostFacts } from '../change/host.ts';
import type { AppContext } from '../context.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { refusedBy } from '../decide.ts';
import { decideAsk } from '../decide-asks.ts';
import { digestOf } from '../digest.ts';
import { askPeers, INCIDENTS_ALONE } from '../gate/ask-peers.ts';
import { proveNow } from '../monitoring/monitoring.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { timingOf } from '../run/timing.ts';
import { holdersText, nameOf, tellThoseBeside } from './beside.ts';
import { whyNoDeployer } from './deployer.ts';
import { claimView } from './view.ts';

/**
 * Makes a pipeline's work a running change: the verdict, the claim with its place on the stage, and the record, in one
 * transaction. Two that claim at once meet at the constraint of the stage. The same key gets the same claim.
 */
export async function makeClaim(
  context: AppContext,
  call: Call,
  { idempotencyKey, ...asked }: NewClaim,
): Promise<Outcome<ClaimGiven>> {
  const stopped = await whyNothingIsDone(context, context.db);
  if (stopped !== null) return stopped;
  const claim: Claiming = { key: idempotencyKey, asked, digest: digestOf(context, wireOf(asked)) };
  const earlier = await made(context, call, claim);
  if (earlier !== null) return earlier;
  const not = whyNotHere(call, asked);
  if (not !== null) return refusedAndRecorded(context, call, asked, not);
  // No metrics, no changes: a proof of a moment ago says nothing of now.
  await Promise.all([
    proveNow(context, { environment: asked.environment, targets: null }),
    askPeers(context, INCIDENTS_ALONE),
  ]);
  try {
    return await transact(context.db, (tx) => makeIn(tx, context, call, claim));
  } catch (error) {
    if (!(error instanceof RunInTheWay) && violatedConstraint(error) !== KEY_TAKEN) throw error;
    return (await made(context, call, claim)) ?? inTheWay(context, call, asked);
  }
}

interface Claiming {
  readonly key: string;
  readonly asked: KindOfChange;
  readonly digest: string;
}

const KEY_TAKEN = 'claims_person_idempotency_key_key';

/** As it came over the wire: a member that is absent has no digest. */
function wireOf(asked: KindOfChange) {
  return JSON.parse(JSON.stringify(asked));
}

/** An agent works at C4 alone. A deployer is for deployments, a registered host for its one environment; who shows no key is judged without a host. */
function whyNotHere({ actor }: Call, { environment, deployment, criticality }: KindOfChange): Refused | null {
  const { host, person } = actor;
  if (actor.agent && criticality !== 'C4')
    return refuse('not_permitted', `expected no agent above C4, got \`${person}\` and ${criticality}`);
  if (host === null) return null;
  if (host.environment !== environment) {
    return refuse(
      'not_permitted',
      `expected a host of \`${environment}\`, got \`${host.name}\` of \`${host.environment}\``,
    );
  }
  return whyNoDeployer(host, { environment, deployment });
}

async function makeIn(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { key, asked, digest }: Claiming,
): Promise<Outcome<ClaimGiven>> {
  const judged = await decideAsk(tx, context, call, { change: asked, host: hostFacts(call.actor, null) });
  if (!judged.decision.allowed) return refusedBy(judged);
  const { person, host } = call.actor;
  const { leaseMs } = timingOf(context);
  const row = await insertClaim(tx, {
    person,
    key,
    requestDigest: digest,
    asked,
    decision: judged.index,
    host,
    leaseMs,
  });
  const others = await tellThoseBeside(tx, {
    holder: row.id,
    name: row.id,
    severity: row.severity,
    person,
  });
  await record(tx, {
    ...entryBase(context, call),
    type: 'claim.made',
    action: 'claim',
    object: `claim/${row.id}`,
    outcome: 'allow',
    reason: `by ${person}${host === null ? '' : ` on ${host.name}`}, beside ${others.length}`,
    before: null,
    after: null,
    digests: { asked: digest },
    details: { environment: asked.environment, severity: asked.severity, decision: judged.index.toString() },
  });
  return done(given(context, row, others));
}

function given(context: AppContext, row: ClaimRow, others: readonly OnStage[]): ClaimGiven {
  const { leaseMs, heartbeatMs, killGraceMs } = timingOf(context);
  const beside = others.map((other) => ({
    id: nameOf(other),
    severity: other.severity,
    person: other.person,
  }));
  return { ...claimView(row), leaseMs, heartbeatMs, killGraceMs, beside };
}

/** The claim that this very key has made, or `null`. */
async function made(
  context: AppContext,
  { actor }: Call,
  { key, digest }: Claiming,
): Promise<Outcome<ClaimGiven> | null> {
  const row = await claimByKey(context.db, actor.person, key);
  if (!row) return null;
  if (row.request_digest !== digest)
    return refuse('conflict', 'expected a key of its own, got one that another claim used before');
  const others = (await onStage(context.db)).filter(({ holder }) => holder !== row.id);
  return done(given(context, row, others));
}

/** Refused by the constraint: somebody else has the stage. */
async function inTheWay(context: AppContext, call: Call, asked: KindOfChange): Promise<Refused> {
  const others = await onStage(context.db);
  if (others.length === 0)
    return refuse('conflict', 'another was in the way and has ended: claim again, with a new key');
  const winners = others.map((other) => ({
    id: nameOf(other),
    holder: other.holder,
    executor: other.person,
  }));
  return refusedAndRecorded(
    context,
    call,
    asked,
    refuse('run_live', `in the way: ${holdersText(others)}`, { winners }),
  );
}

async function refusedAndRecorded(
  context: AppContext,
  call: Call,
  { environment }: KindOfChange,
  refused: Refused,
): Promise<Refused> {
  await transact(context.db, (tx) =>
    record(tx, {
      ...entryBase(context, call),
      type: 'claim.refused',
      action: 'claim',
      object: `environment/${environment}`,
      outcome: 'deny',
      reason: refused.refusal.because,
      before: null,
      after: null,
      details: { code: refused.refusal.code },
    }),
  );
  return refused;
}
