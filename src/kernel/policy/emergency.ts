import type { Question } from './question.ts';
import type { Incident } from './facts.ts';
import { approval } from './ways.ts';

/** An approved emergency: the change resolves this incident, which is active now. */
export type Emergency = { readonly incident: string; readonly critical: boolean };

/** The emergency that holds for a question. It waives, so whatever is not known of it means that there is none. */
export function emergencyOf(question: Question): Emergency | null {
  const { resolvesIncident } = question.change;
  if (resolvesIncident === null || question.action === 'rollback' || question.action === 'complete')
    return null;
  const active = question.facts.incidents.filter(
    ({ id, status }) => id === resolvesIncident && status === 'active',
  );
  if (active.length === 0) return null;
  if (approval(question, { ways: question.policy.approvals.emergency, for: 'emergency' }).approved !== true)
    return null;
  return { incident: resolvesIncident, critical: active.every((incident) => isCritical(question, incident)) };
}

function isCritical({ policy }: Question, { severity }: Incident): boolean {
  return severity !== undefined && policy.emergency.critical.has(severity);
}
