import type { IncidentRecord, IncidentNote, SeverityChange } from '../../contract/incidents.ts';
import { AppError } from '../../contract/errors.ts';
import { SEVERITIES } from '../../kernel/policy/facts.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { changesResolving, eventsOf, insertEvent, setSeverity } from '../../store/incident-events.ts';
import { causesOf } from '../../store/incident-causes.ts';
import { findIncident, type IncidentRow } from '../../store/incidents.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { incidentView } from './view.ts';

/** An incident with its record. @throws {AppError} `not_found` */
export async function readIncident(db: Queries, id: string): Promise<IncidentRecord> {
  const row = await findIncident(db, id);
  if (!row) throw new AppError('not_found', `expected an incident, got \`${id}\`, which there is none of`);
  const events = await eventsOf(db, id);
  return {
    ...incidentView(row),
    events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
    changes: await changesResolving(db, id),
    causes: (await causesOf(db, id)).map((cause) => ({ ...cause, at: cause.at.toISOString() })),
  };
}

/** Raises the severity of an incident, as anybody; or lowers it, as an EOC or IMOC on duty. */
export async function changeSeverity(
  context: AppContext,
  call: Call,
  id: string,
  { severity, reason }: SeverityChange,
): Promise<Outcome<IncidentRecord>> {
  const { person, onDuty } = call.actor;
  const deed = { type: 'incident.severity', action: 'change-severity', object: `incident/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const row = await activeIncident(tx, id);
    if ('ok' in row) return row;
    if (row.severity === severity) return refuse('conflict', `expected another severity than ${severity}`);
    const worse = SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(row.severity);
    if (!worse && !onDuty.includes('eoc') && !onDuty.includes('imoc'))
      return refuse('not_permitted', `expected an EOC or IMOC on duty to lower it, got \`${person}\``);
    await setSeverity(tx, id, { severity, by: person, text: `${row.severity} to ${severity}: ${reason}` });
    return done({
      value: await readIncident(tx, id),
      reason: worse ? 'severity raised' : 'severity lowered',
      details: { from: row.severity, to: severity },
      digests: { reason: digestOf(context, reason) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Writes a note into the record of an incident that is active. */
export async function noteOnIncident(
  context: AppContext,
  call: Call,
  id: string,
  { text }: IncidentNote,
): Promise<Outcome<IncidentRecord>> {
  const deed = { type: 'incident.noted', action: 'note', object: `incident/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const row = await activeIncident(tx, id);
    if ('ok' in row) return row;
    await insertEvent(tx, id, { kind: 'note', by: call.actor.person, text });
    return done({
      value: await readIncident(tx, id),
      reason: 'noted',
      digests: { text: digestOf(context, text) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function activeIncident(tx: Transaction, id: string): Promise<IncidentRow | ReturnType<typeof refuse>> {
  const row = await findIncident(tx, id);
  return row && row.resolved_at === null
    ? row
    : refuse('not_found', `expected an incident that is active, got \`${id}\``);
}
