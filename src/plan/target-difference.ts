import type { ResolvedTargets, Target } from '../contract/plan-targets.ts';

type Named = Pick<Target, 'name' | 'type'>;

/** In what two lists of targets differ; a target of another type is another target. Their order means nothing. */
export interface TargetDifference {
  readonly added: readonly Named[];
  readonly gone: readonly Named[];
}

/** What was added to a frozen list of targets, and what is gone from it. */
export function differenceOfTargets(frozen: readonly Named[], now: readonly Named[]): TargetDifference {
  return { added: without(now, frozen), gone: without(frozen, now) };
}

function without(some: readonly Named[], others: readonly Named[]): readonly Named[] {
  const known = new Set(others.map(keyOf));
  return some.filter((target) => !known.has(keyOf(target)));
}

const keyOf = ({ name, type }: Named) => `${type}\n${name}`;

/** Most names of a difference that one sentence bears. */
const MOST_NAMES = 20;

/** Why a change may not start on these targets, or `null`: not asked, not answered, or not what was reviewed. */
export function whyOtherTargets(frozen: readonly Named[], resolved: ResolvedTargets | null): string | null {
  const wanted = `expected the ${frozen.length} targets that were reviewed`;
  if (resolved === null) return `${wanted} to be resolved again on the bastion, got none`;
  if ('because' in resolved)
    return `${wanted} to be resolved again on the bastion, got none: ${resolved.because}`;
  const { added, gone } = differenceOfTargets(frozen, resolved.targets);
  if (added.length === 0 && gone.length === 0) return null;
  const parts = [named('added', added), named('gone', gone)].filter((part) => part !== '');
  return `${wanted}, got ${resolved.targets.length}: ${parts.join('; ')}`;
}

function named(what: string, targets: readonly Named[]): string {
  if (targets.length === 0) return '';
  const names = targets.slice(0, MOST_NAMES).map(({ name, type }) => `\`${name}\` (${type})`);
  const more = targets.length - names.length;
  return `${what} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
