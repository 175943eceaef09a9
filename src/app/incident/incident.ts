import type { IncidentView, NewIncident } from '../../contract/channel.ts';
import {
  findIncident,
  insertIncident,
  listIncidents,
  resolveIncident,
  type IncidentRow,
} from '../../store/incidents.ts';
import type { Queries } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

const NEWEST = 200;

/** Opens an incident; while it is active no change starts or goes on. Anybody who is signed in may say that something burns. */
export async function openIncident(
  context: AppContext,
  call: Call,
  { title, severity }: NewIncident,
  source: { readonly name: string; readonly key: string | null } = { name: 'app', key: null },
): Promise<Outcome<IncidentView>> {
  const deed = { type: 'incident.opened', action: 'open-incident', object: 'incident/new' };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const id = await insertIncident(tx, {
      title,
      severity,
      source: source.name,
      sourceKey: source.key,
      by: call.actor.person,
    });
    if (id === null)
      return refuse('exists', 'expected an incident of its own, got one that is active already');
    return done({
      value: await viewOf(tx, id),
      object: `incident/${id}`,
      reason: `incident of severity ${severity} opened`,
      digests: { title: digestOf(context, title) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Resolves an incident: whoever is EOC or IMOC now. */
export async function endIncident(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<IncidentView>> {
  const { person, onDuty, kind } = call.actor;
  const deed = { type: 'incident.resolved', action: 'resolve-incident', object: `incident/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (kind !== 'system' && !onDuty.includes('eoc') && !onDuty.includes('imoc')) {
      return refuse('not_permitted', `expected an EOC or IMOC on duty, got \`${person}\``);
    }
    if (!(await resolveIncident(tx, id, person))) {
      return refuse('not_found', `expected an incident that is active, got \`${id}\``);
    }
    return done({ value: await viewOf(tx, id), reason: 'incident resolved' });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Incidents, the active ones first, then the newest. */
export async function readIncidents(db: Queries): Promise<IncidentView[]> {
  return (await listIncidents(db, NEWEST)).map(incidentView);
}

async function viewOf(db: Queries, id: string): Promise<IncidentView> {
  const row = await findIncident(db, id);
  if (!row) throw new Error(`expected the incident \`${id}\` that was just written, got none`);
  return incidentView(row);
}

function incidentView(row: IncidentRow): IncidentView {
  return {
    id: row.id,
    title: row.title,
    severity: row.severity,
    status: row.resolved_at === null ? 'active' : 'resolved',
    source: row.source,
    openedBy: row.opened_by,
    openedAt: row.opened_at.toISOString(),
    resolvedBy: row.resolved_by,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}
