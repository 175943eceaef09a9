import type { NewVeto, VetoView } from '../../contract/channel.ts';
import { whyNot } from '../../kernel/change/capability.ts';
import { findChange, findRevision, hasRunningChange } from '../../store/changes.ts';
import { findClaim, hasLiveClaim } from '../../store/claims.ts';
import type { Transaction } from '../../store/database.ts';
import { isSameHuman } from '../../store/humans.ts';
import { notePresence } from '../../store/presences.ts';
import { findVeto, insertVeto, liftVeto, standingVetoes, vetoed, type VetoRow } from '../../store/vetoes.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { tellOfLogin } from '../stop/tell.ts';

/** Lays a veto: whoever is engineer on call now, for one change, one claim or all. Nothing more is asked of them. */
export async function layVeto(context: AppContext, call: Call, veto: NewVeto): Promise<Outcome<VetoView>> {
  const { change, reason, stopsRollback } = veto;
  const claimId = change.startsWith('CLAIM-') ? change : null;
  const changeId = claimId === null && change !== '*' ? change : null;
  const object = objectOf(change);
  const deed = { type: 'veto.laid', action: 'veto', object };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const refused =
      claimId === null
        ? await whyNoVeto(tx, call.actor, changeId)
        : await whyNoVetoOfClaim(tx, call.actor, claimId);
    if (refused) return refused;
    const id = await insertVeto(tx, {
      change_id: changeId,
      claim_id: claimId,
      by: call.actor.person,
      reason,
      stops_rollback: stopsRollback,
    });
    if (changeId !== null) await noteLaid(tx, call, changeId);
    const row = await findVeto(tx, id);
    if (!row) return refuse('internal', 'expected the veto that was just written, got none');
    return done({
      value: vetoView(row),
      reason: stopsRollback ? 'vetoed, rollbacks too' : 'vetoed',
      digests: { reason: digestOf(context, reason) },
      details: { veto: id.toString() },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Who lays it is there; where only a bastion says who that is, it stops work and proves nobody's presence. */
async function noteLaid(tx: Transaction, call: Call, change: string): Promise<void> {
  if (call.actor.credential.kind === 'login') await tellOfLogin(tx, call, { change, what: 'vetoed' });
  else await notePresence(tx, change, call.actor.person);
}

/** Lifts a veto: an EOC or IMOC on duty, and never the one whose change it stops. */
export async function liftStandingVeto(
  context: AppContext,
  call: Call,
  id: bigint,
): Promise<Outcome<VetoView>> {
  const { person, onDuty } = call.actor;
  const deed = { type: 'veto.lifted', action: 'lift-veto', object: `veto/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const veto = await findVeto(tx, id);
    if (!veto) return refuse('not_found', 'expected a veto, got a number that none has');
    const mayLift = onDuty.includes('eoc') || onDuty.includes('imoc');
    if (!mayLift || (await isStoppedBy(tx, person, veto))) {
      return refuse(
        'not_permitted',
        `expected an EOC or IMOC on duty who does not execute the change, got \`${person}\``,
      );
    }
    const again = await whyAuthenticateAgain(tx, context, call, 'a veto is lifted');
    if (again) return again;
    if (!(await liftVeto(tx, id, person)))
      return refuse('conflict', 'expected a veto that stands, got one that was lifted');
    const row = await findVeto(tx, id);
    if (!row) return refuse('internal', 'expected the veto that was just lifted, got none');
    return done({
      value: vetoView(row),
      reason: 'lifted',
      object: objectOf(vetoed(veto)),
      details: { veto: id.toString() },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** A veto does not wait for the row of a request: whoever works on it may hold that for a while. */
async function whyNoVeto(tx: Transaction, actor: Actor, changeId: string | null): Promise<Refused | null> {
  const { person, kind, standing, onDuty } = actor;
  if (changeId === null) {
    if (kind === 'person' && onDuty.includes('eoc')) return null;
    return refuse('not_permitted', `expected the engineer on call, got \`${person}\``);
  }
  const row = await findChange(tx, changeId);
  const revision = row && (await findRevision(tx, changeId, row.revision));
  if (!row || !revision)
    return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
  const why = whyNot(
    'veto',
    { person, isService: kind !== 'person', roles: standing, onDuty },
    { state: row.state, author: row.author, executor: row.executor, team: revision.plan.team },
  );
  return why === null ? null : refuse('not_permitted', why);
}

/** A veto does not wait for the row of a claim either: a heartbeat may hold it. */
async function whyNoVetoOfClaim(tx: Transaction, actor: Actor, claimId: string): Promise<Refused | null> {
  const refused = await whyNoVeto(tx, actor, null);
  if (refused) return refused;
  const claim = await findClaim(tx, claimId);
  if (!claim) return refuse('not_found', `expected a claim, got \`${claimId}\`, which there is none of`);
  return claim.ended_at === null
    ? null
    : refuse('conflict', `expected a claim that runs, got one that is \`${claim.state}\``);
}

function objectOf(on: string): string {
  return `${on.startsWith('CLAIM-') ? 'claim' : 'change'}/${on}`;
}

/** Whether a veto stops this person's own work: what they wrote, execute or claimed, or something of theirs that runs. */
async function isStoppedBy(tx: Transaction, person: string, veto: VetoRow): Promise<boolean> {
  if (veto.claim_id !== null) return isSameHuman(tx, person, [(await findClaim(tx, veto.claim_id))?.person]);
  if (veto.change_id === null)
    return (await hasRunningChange(tx, person)) || (await hasLiveClaim(tx, person));
  const change = await findChange(tx, veto.change_id);
  return isSameHuman(tx, person, [change?.executor, change?.author, change?.author_bot_of]);
}

/** The vetoes that stand. */
export async function readVetoes(context: AppContext): Promise<VetoView[]> {
  return (await standingVetoes(context.db)).map(vetoView);
}

function vetoView(row: VetoRow): VetoView {
  return {
    id: row.id.toString(),
    change: vetoed(row),
    by: row.by,
    reason: row.reason,
    stopsRollback: row.stops_rollback,
    at: row.at.toISOString(),
    liftedAt: row.lifted_at?.toISOString() ?? null,
    liftedBy: row.lifted_by,
  };
}
