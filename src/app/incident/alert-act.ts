import type { AlertAct } from '../../kernel/incident/alerts.ts';
import type { Severity } from '../../kernel/policy/facts.ts';
import type { Transaction } from '../../store/database.ts';
import { setQuiet, setSeverity } from '../../store/incident-events.ts';
import { insertIncident, resolveIncident } from '../../store/incidents.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellOnCall } from './tell.ts';

/** The source of incidents that alerts opened. */
export const SOURCE = 'alertmanager';

/** Carries out what follows from the alerts, with its record. */
export async function carryOutAct(tx: Transaction, context: AppContext, act: AlertAct): Promise<void> {
  const done = await carry(tx, act);
  if (done === null) return;
  const { id, type, reason, severity } = done;
  await record(tx, {
    ...entryBase(context, systemCall(SOURCE)),
    type: `incident.${type}`,
    action: act.kind,
    object: `incident/${id}`,
    outcome: 'allow',
    reason,
    before: null,
    after: null,
    ...(severity && { details: { severity } }),
    ...(act.kind === 'open' && { digests: { title: digestOf(context, act.group.title) } }),
  });
  // What comes and goes is in the record; people are told of what they have to act on.
  if (act.kind === 'quiet' || act.kind === 'firing') return;
  const body = `${id}: ${act.kind === 'open' ? `${reason}: ${act.group.title}` : reason}`;
  await tellOnCall(tx, id, { key: severity ?? act.kind, kind: `incident-${type}`, body });
}

interface Done {
  readonly id: string;
  readonly type: 'opened' | 'severity' | 'quiet' | 'firing' | 'resolved';
  readonly reason: string;
  /** Where it is set. */
  readonly severity?: Severity;
}

/** `null` where somebody was faster. */
async function carry(tx: Transaction, act: AlertAct): Promise<Done | null> {
  switch (act.kind) {
    case 'open':
      return open(tx, act.group);
    case 'worsen': {
      const { id, from, to } = act;
      const text = `${from} to ${to}: as bad as its alerts`;
      const set = await setSeverity(tx, id, { severity: to, by: SOURCE, text });
      return set ? { id, type: 'severity', reason: `severity raised from ${from}`, severity: to } : null;
    }
    case 'quiet':
    case 'firing': {
      const quiet = act.kind === 'quiet';
      const reason = quiet ? 'Alertmanager has no such alert any more' : 'its alert is not known to be over';
      const set = await setQuiet(tx, act.id, { quiet, by: SOURCE, text: reason });
      return set ? { id: act.id, type: act.kind, reason } : null;
    }
    case 'close': {
      const reason = 'its alerts have been quiet for the cool-down, with monitoring proven alive';
      const ended = await resolveIncident(tx, act.id, { by: SOURCE, reason });
      return ended ? { id: act.id, type: 'resolved', reason } : null;
    }
  }
}

async function open(tx: Transaction, group: (AlertAct & { kind: 'open' })['group']): Promise<Done | null> {
  const { title, severity, key, alerts } = group;
  const id = await insertIncident(tx, { title, severity, source: SOURCE, sourceKey: key, by: SOURCE });
  const reason = `severity ${severity}, opened by ${alerts} ${alerts === 1 ? 'alert' : 'alerts'}`;
  return id === null ? null : { id, type: 'opened', reason, severity };
}
