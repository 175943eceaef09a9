import type { ChangePage } from '../../contract/change-lists.ts';
import type { ChangeSummary, ChangeView } from '../../contract/changes.ts';

/** A page of requests, a line each. */
export function listText({ changes }: ChangePage): string {
  return changes.length === 0 ? 'none' : changes.map(line).join('\n');
}

/** A request as its people read it in a channel: what it is, what it waits for, what its next act is told. */
export function changeText(change: ChangeView): string {
  const waits = change.needs.filter(({ met }) => !met).map(({ what, because }) => `- ${what} ${because}`);
  const { verdict } = change;
  const next =
    verdict === null
      ? []
      : [`${verdict.action}: ${verdict.decision.allowed ? 'allowed now' : 'refused as it stands'}`];
  const refuses = (verdict?.decision.verdicts ?? [])
    .filter((one) => one.verdict === 'deny' || one.verdict === 'unknown')
    .map(({ rule, because }) => `- ${rule}: ${because}`);
  return [
    line(change),
    `author ${change.author}, executor ${change.executor}`,
    `plan ${change.digest}`,
    ...(waits.length === 0 ? [] : ['waits for', ...waits]),
    ...next,
    ...refuses,
  ].join('\n');
}

function line({ id, label, criticality, severity, environment, title, slot }: ChangeSummary): string {
  const when = slot === null ? '' : `, ${slot.start} to ${slot.end}${slot.accepted ? '' : ' (tentative)'}`;
  return `${id} ${label}, ${criticality} ${severity}, ${environment}${when}: ${title}`;
}
