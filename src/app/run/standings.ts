import type { Standing } from '../../kernel/run/acts.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import type { Call } from '../actor.ts';

/** What the caller is to a change now: by its plan, by the rota, by the directory. */
export async function standingsOf(db: Queries, call: Call, changeId: string): Promise<readonly Standing[]> {
  const { person, kind, onDuty, standing } = call.actor;
  const change = await findChange(db, changeId);
  const revision = change && (await findRevision(db, changeId, change.revision));
  if (!revision) return [];
  const { executor, team, emoc } = revision.plan;
  const standings: Standing[] = [];
  if (person === executor) standings.push('executor');
  if (team.includes(person)) standings.push('team');
  // Of a service change the event manager is whoever executes it.
  if (person === emoc) standings.push('emoc');
  // A service account executes; it holds no duty and no role.
  if (kind !== 'person') return standings;
  if (onDuty.includes('eoc')) standings.push('eoc');
  if (onDuty.includes('imoc')) standings.push('imoc');
  if (standing.includes('management')) standings.push('management');
  if (standing.includes('director')) standings.push('director');
  if (standing.includes('vpe')) standings.push('vpe');
  if (standing.includes('reviewer')) standings.push('reviewer');
  return standings;
}
