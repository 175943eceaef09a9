import { transact } from '../../store/database.ts';
import { insertIncident } from '../../store/incidents.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import type { Dead } from './watch.ts';

/**
 * Opens the incident of an environment whose monitoring stays dead, so that its repair has a path. One environment has one
 * that is active; a person closes it, and the same death opens no second.
 */
export async function openMonitoringIncident(
  context: AppContext,
  environment: string,
  { since, forMs }: Dead,
): Promise<void> {
  const call = systemCall('monitoring');
  const severity = 'S2';
  await transact(context.db, async (tx) => {
    const id = await insertIncident(tx, {
      title: `Monitoring of ${environment} does not prove that it lives`,
      severity,
      source: 'monitoring',
      sourceKey: environment,
      by: 'system',
      // A person who closed it has seen it: one death opens one.
      unlessSince: since,
    });
    if (id === null) return;
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
