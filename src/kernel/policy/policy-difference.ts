import { CRITICALITIES, KINDS, SEVERITIES } from './facts.ts';
import type { Policy } from './policy.ts';
import type { Profile } from './profile.ts';
import { settingDifferences, type PolicyDifference } from './policy-settings.ts';
import { requirementsOf, type Requirement } from './requirement.ts';

/** What changes from one policy to another, for whom, in words; empty if nothing does. */
export function policyDifferences(before: Policy, after: Policy): readonly PolicyDifference[] {
  return [...settingDifferences(before, after), ...requirementDifferences(before, after)];
}

const PROFILES: readonly Profile[] = CRITICALITIES.flatMap((criticality) =>
  SEVERITIES.flatMap((severity) =>
    KINDS.flatMap((kind) =>
      ([null, 'canary', 'production'] as const).flatMap((deployment) =>
        [false, true].map((graduated) => ({ criticality, severity, kind, deployment, graduated })),
      ),
    ),
  ),
);

/** Compares what is asked of every kind of change, and says a difference once for all kinds that share it. */
function requirementDifferences(before: Policy, after: Policy): PolicyDifference[] {
  const found = new Map<string, { before: string | null; after: string | null; profiles: Profile[] }>();
  for (const profile of PROFILES) {
    const [old, now] = [before, after].map((policy) => linesOf(requirementsOf(policy, profile)));
    for (const rule of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const was = old?.get(rule) ?? null;
      const is = now?.get(rule) ?? null;
      if (was === is) continue;
      const key = JSON.stringify([rule, was, is]);
      const one = found.get(key) ?? { before: was, after: is, profiles: [] };
      one.profiles.push(profile);
      found.set(key, one);
    }
  }
  return [...found.values()].map(({ profiles, ...difference }) => ({
    whom: whoTheyAre(profiles),
    ...difference,
  }));
}

function linesOf(requirements: readonly Requirement[]): Map<string, string> {
  return new Map(
    requirements.map(({ rule, what, level, exception }) => {
      const only = level === 'warn' ? ' (only warns)' : '';
      return [rule, `${rule}: ${what}${only}${exception ? ' (an exception can be approved)' : ''}`];
    }),
  );
}

/** A set of kinds of change in words: what they have in common and other kinds do not. */
function whoTheyAre(profiles: readonly Profile[]): string {
  const words = [
    values(profiles, (profile) => profile.criticality, CRITICALITIES.length),
    values(profiles, (profile) => profile.severity, SEVERITIES.length),
    values(profiles, (profile) => profile.kind, KINDS.length),
    values(
      profiles,
      (profile) => (profile.deployment === null ? 'no deployment' : `${profile.deployment} deployment`),
      3,
    ),
    values(profiles, (profile) => (profile.graduated ? 'graduated procedure' : 'procedure not graduated'), 2),
  ].filter((word) => word !== '');
  return words.length === 0 ? 'every change' : words.join(', ');
}

function values(profiles: readonly Profile[], read: (profile: Profile) => string, all: number): string {
  const found = [...new Set(profiles.map(read))];
  return found.length === all ? '' : found.join(' or ');
}
