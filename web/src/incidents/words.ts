import type { IncidentRecord } from '../../../src/contract/incidents.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import type { Severity } from '../../../src/kernel/policy/facts.ts';

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  S1: 'S1: the worst',
  S2: 'S2: many are hit',
  S3: 'S3: some are hit',
  S4: 'S4: hardly anybody notices',
};

export const EVENT_WORDS: Readonly<Record<IncidentRecord['events'][number]['kind'], string>> = {
  opened: 'opened',
  severity: 'severity',
  note: 'note',
  quiet: 'no longer seen',
  firing: 'seen again',
  resolved: 'resolved',
};

/** Whether somebody answers for incidents now. */
export function isOnCall(me: Me | undefined): boolean {
  return me?.onDuty.some((rota) => rota === 'eoc' || rota === 'imoc') === true;
}

/** Why somebody cannot say that an incident is over, or `null`. */
export function whyNotResolve(me: Me | undefined): string | null {
  return isOnCall(me) ? null : 'An EOC or IMOC on duty says when it is over.';
}

/** Why somebody cannot lay an incident at the door of a change, or `null`. */
export function whyNotJudge(me: Me | undefined): string | null {
  return isOnCall(me) || me?.roles.includes('reviewer') === true
    ? null
    : 'An EOC or IMOC on duty or a reviewer says so.';
}
