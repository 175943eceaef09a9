import type { ChangeSummary, ChangeView } from '../contract/changes.ts';
import { needLines, standingLines } from './ceremony-lines.ts';
import { table } from './table.ts';
import { verdictLines } from './verdict-lines.ts';

/** A request as a person reads it: what it is, who said what, and what its next act is told. */
export function changeLines(change: ChangeView, all = false): string[] {
  return [
    `${change.id} ${change.title}`,
    `  ${change.label}, revision ${change.revision}, version ${change.version}`,
    `  ${change.criticality} ${change.severity} ${change.kind} in ${change.environment}: ${change.services.join(', ')}`,
    ...standingLines(change),
    `  author ${change.author}, executor ${change.executor}`,
    `  ${slotText(change)}`,
    `  plan ${change.digest}`,
    ...retryLines(change),
    ...approvalLines(change),
    ...exceptionLines(change),
    ...needLines(change),
    ...nextLines(change, all),
  ];
}

function retryLines({ retryOf, retriedBy, clonedFrom, ending }: ChangeView): string[] {
  return [
    ...(ending === null
      ? []
      : [`  ${ending.state} by ${ending.by} at ${ending.at}: ${ending.reason.replaceAll(/\s+/g, ' ')}`]),
    ...(clonedFrom === null ? [] : [`  copy of ${clonedFrom}`]),
    ...(retryOf === null ? [] : [`  tries ${retryOf} again`]),
    ...(retriedBy.length === 0 ? [] : [`  tried again by ${retriedBy.join(', ')}`]),
  ];
}

/** The slot in one line. */
export function slotText({ slot, onCalendar }: ChangeSummary): string {
  if (slot === null) return 'no slot';
  const how = slot.accepted ? (onCalendar ? 'accepted, on the calendar' : 'accepted') : 'tentative';
  return `slot ${slot.start} to ${slot.end}, ${how}`;
}

/** What stands between the request and its next act. */
export function nextLines({ verdict }: Pick<ChangeView, 'verdict'>, all = false): string[] {
  if (verdict === null) return [];
  const { action, decision } = verdict;
  const head = decision.allowed ? `${action}: allowed now` : `${action}: refused as it stands`;
  return [head, ...verdictLines(decision, all).map((line) => `  ${line}`)];
}

function approvalLines({ approvals }: ChangeView): string[] {
  if (approvals.length === 0) return [];
  const rows = approvals.map((one) => [
    `  ${one.id}`,
    one.person,
    one.as,
    one.for,
    one.via,
    one.at,
    stateOf(one),
  ]);
  return table([['  APPROVAL', 'BY', 'AS', 'FOR', 'VIA', 'AT', 'STATE'], ...rows]);
}

function stateOf({ withdrawnAt, current, voided, carried }: ChangeView['approvals'][number]): string {
  if (withdrawnAt !== null) return 'withdrawn';
  if (voided !== null) return `voided: ${voided.by} changed ${voided.parts.join(', ')}`;
  if (!current) return 'of a former plan';
  return carried === null ? 'in force' : `in force, carried to revision ${carried.revision}`;
}

function exceptionLines({ exceptions }: ChangeView): string[] {
  if (exceptions.length === 0) return [];
  const rows = exceptions.map((one) => [
    `  ${one.id}`,
    one.rule,
    one.by,
    exceptionState(one),
    one.reason.replaceAll(/\s+/g, ' '),
  ]);
  return table([['  EXCEPTION', 'TO', 'BY', 'STATE', 'REASON'], ...rows]);
}

function exceptionState({ current, approvedBy, withdrawn }: ChangeView['exceptions'][number]): string {
  if (withdrawn !== null) return `withdrawn by ${withdrawn.by}`;
  if (!current) return 'former';
  return approvedBy === null ? 'waits' : `approved by ${approvedBy}`;
}
