import { clock } from '../../store/clock.ts';
import { transact, type Queries, type Transaction } from '../../store/database.ts';
import { setQuiet } from '../../store/incident-events.ts';
import { insertIncident, newestOfSource, type IncidentRow } from '../../store/incidents.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellOnCall } from '../incident/tell.ts';
import type { Dead } from './watch.ts';

/** The source of incidents that the product's own prover opened. */
const SOURCE = 'monitoring';

/**
 * Opens the incident of an environment whose monitoring stays dead, so that its repair has a path. One environment has one
 * that is active; a person closes it, and the same death opens no second.
 */
export async function openMonitoringIncident(
  context: AppContext,
  environment: string,
  { since, forMs }: Dead,
): Promise<void> {
  const call = systemCall(SOURCE);
  const severity = 'S2';
  await transact(context.db, async (tx) => {
    const id = await insertIncident(tx, {
      title: `Monitoring of ${environment} does not prove that it lives`,
      severity,
      source: SOURCE,
      sourceKey: environment,
      by: 'system',
      // A person who closed it has seen it: one death opens one.
      unlessSince: since,
    });
    if (id === null) return deadAgain(tx, environment);
    const told = `${id} of severity ${severity}: monitoring of ${environment} does not prove that it lives`;
    await tellOnCall(tx, id, { key: 'opened', kind: 'incident-opened', body: told });
    await record(tx, {
      ...entryBase(context, call),
      type: 'incident.opened',
      action: 'open',
      object: `incident/${id}`,
      outcome: 'allow',
      reason: `monitoring of ${environment} has been dead for ${Math.round(forMs / 1_000)} s`,
      before: null,
      after: null,
      details: { severity, environment },
    });
    context.log.error({ environment, incident: id }, 'monitoring stays dead: an incident was opened');
  });
}

/** Says in the incident of an environment that its monitoring is back. A person closes it all the same. */
export async function noteMonitoringBack(context: AppContext, environment: string): Promise<void> {
  // Asked at every turn: mostly there is none.
  const active = await activeOf(context.db, environment);
  if (active === null || active.quiet_since !== null) return;
  const { id } = active;
  await transact(context.db, async (tx) => {
    const text = `monitoring of ${environment} proves again that it lives`;
    if (!(await setQuiet(tx, id, { quiet: true, by: SOURCE, text }))) return;
    await record(tx, {
      ...entryBase(context, systemCall(SOURCE)),
      type: 'incident.quiet',
      action: 'note',
      object: `incident/${id}`,
      outcome: 'allow',
      reason: text,
      before: null,
      after: null,
    });
    const key = (await clock(tx)).toString();
    const body = `${id}: ${text}; it stays active until an EOC or IMOC closes it`;
    await tellOnCall(tx, id, { key, kind: 'monitoring-back', body });
  });
}

async function deadAgain(tx: Transaction, environment: string): Promise<void> {
  const active = await activeOf(tx, environment);
  if (active === null || active.quiet_since === null) return;
  const text = `monitoring of ${environment} is dead again`;
  await setQuiet(tx, active.id, { quiet: false, by: SOURCE, text });
}

async function activeOf(db: Queries, environment: string): Promise<IncidentRow | null> {
  const newest = (await newestOfSource(db, SOURCE)).find(({ key }) => key === environment);
  return newest?.resolved_at === null ? newest : null;
}
