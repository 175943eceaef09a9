import type { IncidentCause, IncidentRecord } from '../../contract/incidents.ts';
import { hasRun, insertCause } from '../../store/incident-causes.ts';
import { findIncident } from '../../store/incidents.ts';
import { rolesOf } from '../../store/people.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { readIncident } from './record.ts';

/**
 * Lays an incident, active or resolved, at the door of a change, as EOC, IMOC or a reviewer. The procedure that the change was made
 * with is no longer trusted from then on. It is said once, and stays.
 */
export async function layAtDoor(
  context: AppContext,
  call: Call,
  id: string,
  { change, reason }: IncidentCause,
): Promise<Outcome<IncidentRecord>> {
  const { person } = call.actor;
  const deed = { type: 'incident.caused', action: 'lay-at-door', object: `incident/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!(await mayJudge(tx, call)))
      return refuse('not_permitted', `expected an EOC or IMOC on duty or a reviewer, got \`${person}\``);
    if (!(await findIncident(tx, id)))
      return refuse('not_found', `expected an incident, got \`${id}\`, which there is none of`);
    if (!(await hasRun(tx, change)))
      return refuse('not_found', `expected a change that ran, got \`${change}\`, which has no run`);
    if (!(await insertCause(tx, id, { change, reason, by: person })))
      return refuse(
        'exists',
        `expected a change that ${id} was not laid at the door of yet, got \`${change}\``,
      );
    return done({
      value: await readIncident(tx, id),
      reason: `laid at the door of ${change}`,
      details: { change },
      digests: { reason: digestOf(context, reason) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function mayJudge(tx: Transaction, { actor: { onDuty, person } }: Call): Promise<boolean> {
  if (onDuty.includes('eoc') || onDuty.includes('imoc')) return true;
  return (await rolesOf(tx, [person]))[person]?.includes('reviewer') === true;
}
