import type { CeremonyView } from '../contract/ceremony.ts';
import type { ChangeRecord } from '../contract/changes.ts';
import { table } from './table.ts';

/** What a request counts as, and why: its floor by topics and downtime, its kind by severity and budgets. */
export function standingLines({
  criticality,
  kind,
  floor,
  effectiveKind,
}: Pick<ChangeRecord, 'criticality' | 'kind'> & Pick<CeremonyView, 'floor' | 'effectiveKind'>): string[] {
  const { madeBy, unlisted } = floor;
  const by = madeBy.length === 0 ? 'no topic asks for more' : `asked for by ${madeBy.join(', ')}`;
  const unknown = unlisted.length === 0 ? '' : `; not listed by the policy: ${unlisted.join(', ')}`;
  const counts = effectiveKind.kind === kind ? 'counts as' : `declared ${kind}, counts as`;
  return [
    `  criticality ${criticality}, at least ${floor.criticality}: ${by}${unknown}`,
    `  ${counts} ${effectiveKind.kind === 'unknown' ? 'neither yet' : effectiveKind.kind}: ${effectiveKind.because}`,
  ];
}

/** What people still have to bring; empty where nothing is left. */
export function needLines({ needs }: Pick<CeremonyView, 'needs'>): string[] {
  const left = needs.filter(({ met }) => !met);
  if (left.length === 0) return [];
  return [
    'What it still needs:',
    ...table(left.map(({ sort, rule, what, at }) => [`  ${sort}`, `by ${at}`, rule, what])),
  ];
}
