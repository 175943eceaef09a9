import type { IncidentQuery, Incidents, IncidentView, NewIncident } from '../../contract/channel.ts';
import type { Closing } from '../../contract/incidents.ts';
import {
  activeIncidents,
  findIncident,
  insertIncident,
  resolvedIncidents,
  resolveIncident,
} from '../../store/incidents.ts';
import { transact, type Database, type Queries } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut, carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { pageOf } from '../page-of.ts';
import { tellOnCall } from './tell.ts';
import { incidentView } from './view.ts';

/** Opens an incident; while it is active no change starts or goes on. Anybody who is signed in may say that something burns. */
export async function openIncident(
  context: AppContext,
  call: Call,
  body: NewIncident,
): Promise<Outcome<IncidentView>> {
  const { title, severity } = body;
  const { person } = call.actor;
  const deed = { type: 'incident.opened', action: 'open-incident', object: 'incident/new' };
  return carryOutValue(context, call, deed, async (tx) => {
    const id = await insertIncident(tx, { ...body, source: 'app', sourceKey: null, by: person });
    if (id === null) throw new Error('expected an incident without a key to be opened, got none');
    const said = `${id} of severity ${severity} was opened by ${person}: ${title}`;
    await tellOnCall(tx, id, { key: 'opened', kind: 'incident-opened', body: said });
    return done({
      value: await viewOf(tx, id),
      object: `incident/${id}`,
      reason: `incident of severity ${severity} opened`,
      digests: { title: digestOf(context, title) },
    });
  });
}

/** Resolves an incident: whoever is EOC or IMOC now. */
export async function endIncident(
  context: AppContext,
  call: Call,
  id: string,
  { reason }: Closing,
): Promise<Outcome<IncidentView>> {
  const { person, onDuty } = call.actor;
  const deed = { type: 'incident.resolved', action: 'resolve-incident', object: `incident/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!onDuty.includes('eoc') && !onDuty.includes('imoc')) {
      return refuse('not_permitted', `expected an EOC or IMOC on duty, got \`${person}\``);
    }
    if (!(await resolveIncident(tx, id, { by: person, reason }))) {
      return refuse('not_found', `expected an incident that is active, got \`${id}\``);
    }
    const digests = { reason: digestOf(context, reason) };
    return done({ value: await viewOf(tx, id), reason: 'incident resolved', digests });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** A page of incidents: on the first one all that are active, then those that are resolved, the newest first. */
export async function readIncidents(db: Database, { before, limit }: IncidentQuery): Promise<Incidents> {
  return transact(
    db,
    async (tx) => {
      const active = before === undefined ? await activeIncidents(tx) : [];
      const rows = await resolvedIncidents(tx, { before: before ?? null, limit: limit + 1 });
      const { page, next } = pageOf(rows, limit, ({ id }) => id);
      return { incidents: [...active, ...page].map(incidentView), next };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function viewOf(db: Queries, id: string): Promise<IncidentView> {
  const row = await findIncident(db, id);
  if (!row) throw new Error(`expected the incident \`${id}\` that was just written, got none`);
  return incidentView(row);
}
