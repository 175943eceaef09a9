import type { NewVeto, VetoView } from '../../contract/channel.ts';
import { findChange } from '../../store/changes.ts';
import { notePresence } from '../../store/presences.ts';
import { findVeto, insertVeto, liftVeto, standingVetoes, type VetoRow } from '../../store/vetoes.ts';
import { writeStanding } from '../../store/standing.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

/** Lays a veto: whoever is engineer on call now, for one change or for all. Nothing more is asked of them. */
export async function layVeto(context: AppContext, call: Call, veto: NewVeto): Promise<Outcome<VetoView>> {
  const { change, reason, stopsRollback } = veto;
  const object = change === '*' ? 'change/*' : `change/${change}`;
  const deed = { type: 'veto.laid', action: 'veto', object };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    await writeStanding(tx);
    if (!call.actor.onDuty.includes('eoc')) {
      return refuse('not_permitted', `expected the engineer on call, got \`${call.actor.person}\``);
    }
    const changeId = change === '*' ? null : change;
    if (changeId !== null && !(await findChange(tx, changeId))) {
      return refuse('not_found', `expected a change, got \`${changeId}\`, which there is none of`);
    }
    const id = await insertVeto(tx, {
      change_id: changeId,
      by: call.actor.person,
      reason,
      stops_rollback: stopsRollback,
    });
    if (changeId !== null) await notePresence(tx, changeId, call.actor.person);
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

/** Lifts a veto: an EOC or IMOC on duty, and never the one whose change it stops. */
export async function liftStandingVeto(
  context: AppContext,
  call: Call,
  id: bigint,
): Promise<Outcome<VetoView>> {
  const { person, onDuty } = call.actor;
  const deed = { type: 'veto.lifted', action: 'lift-veto', object: `veto/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    await writeStanding(tx);
    const veto = await findVeto(tx, id);
    if (!veto) return refuse('not_found', 'expected a veto, got a number that none has');
    const change = veto.change_id === null ? undefined : await findChange(tx, veto.change_id);
    const mayLift = onDuty.includes('eoc') || onDuty.includes('imoc');
    if (!mayLift || person === change?.executor || person === change?.author) {
      return refuse(
        'not_permitted',
        `expected an EOC or IMOC on duty who does not execute the change, got \`${person}\``,
      );
    }
    if (!(await liftVeto(tx, id, person)))
      return refuse('conflict', 'expected a veto that stands, got one that was lifted');
    const row = await findVeto(tx, id);
    if (!row) return refuse('internal', 'expected the veto that was just lifted, got none');
    return done({
      value: vetoView(row),
      reason: 'lifted',
      object: `change/${veto.change_id ?? '*'}`,
      details: { veto: id.toString() },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** The vetoes that stand. */
export async function readVetoes(context: AppContext): Promise<VetoView[]> {
  return (await standingVetoes(context.db)).map(vetoView);
}

function vetoView(row: VetoRow): VetoView {
  return {
    id: row.id.toString(),
    change: row.change_id ?? '*',
    by: row.by,
    reason: row.reason,
    stopsRollback: row.stops_rollback,
    at: row.at.toISOString(),
    liftedAt: row.lifted_at?.toISOString() ?? null,
    liftedBy: row.lifted_by,
  };
}
