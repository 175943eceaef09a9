import type { PolicyFile } from '../contract/policy.ts';
import { DAY_MS, hoursInWords, hoursOf, type Hours } from '../kernel/calendar/hours.ts';
import type { Span } from '../kernel/calendar/span.ts';
import { MONITORING_PARTS, type Criticality } from '../kernel/policy/facts.ts';
import type { Ceremony, Environment, Level, Policy, Ways } from '../kernel/policy/policy.ts';
import { waysOf } from '../kernel/policy/in-words.ts';
import { RULES, type RuleId } from '../kernel/policy/rule.ts';
import { LAID_OUT, compileLocks } from './policy-locks.ts';

export type PolicyFlaw = { readonly path: readonly PropertyKey[]; readonly message: string };
export type ReportFlaw = (path: readonly PropertyKey[], message: string) => void;

/** These only advise unless a policy says otherwise. */
const ADVISORY: ReadonlySet<RuleId> = new Set(['planner-not-executor', 'updates-due', 'overrun']);

/** Lays a policy file out for asking. What makes no sense is reported; the policy must then not be used. */
export function compilePolicy(file: PolicyFile, report: ReportFlaw): Policy {
  const rules = compileRules(file, report);
  return {
    name: file.name,
    environments: compileEnvironments(file, report),
    topics: new Map(Object.entries(file.topics)),
    downtime: file.downtime,
    criticalities: compileCriticalities(file, report),
    severities: file.severities,
    rules,
    off: new Set(RULES.filter((rule) => rules[rule].level === 'off')),
    approvals: {
      director: compileWays(file.approvals['director-approval']),
      management: compileWays(file.approvals['management-approval']),
      review: compileWays(file.approvals.review),
      emergency: compileWays(file.approvals.emergency),
      release: compileWays(file.approvals['release-coordination']),
      exemption: compileWays(file.approvals['lock-exemption']),
    },
    emoc: file.emoc,
    errorBudgets: new Set(Object.keys(file.errorBudgets)),
    emergency: { keeps: new Set(file.emergency.keeps), critical: new Set(file.emergency.critical) },
    limits: {
      dryRunAgeMs: file.limits.dryRunAge,
      eocSeenWithinMs: file.limits.eocSeenWithin,
      nextOpeningMs: file.limits.nextOpening,
    },
    locks: compileLocks(file, report),
    laidOut: LAID_OUT,
  };
}

function compileEnvironments(file: PolicyFile, report: ReportFlaw): ReadonlyMap<string, Environment> {
  const environments = Object.entries(file.environments).map(([name, { operational, monitoring }]) => {
    const parts = MONITORING_PARTS.filter((part) => monitoring[part] === 'present');
    return [name, { operational, monitoring: parts }] as const;
  });
  if (!environments.some(([, environment]) => environment.operational)) {
    report(['environments'], 'expected at least one operational environment, got none');
  }
  return new Map(environments);
}

function compileCriticalities(file: PolicyFile, report: ReportFlaw): Record<Criticality, Ceremony> {
  const ceremony = (criticality: Criticality): Ceremony => {
    const { hours, asks } = file.criticalities[criticality];
    const path = ['criticalities', criticality, 'hours'];
    const compiled = compileHours(hours, path, report);
    return { asks: new Set(asks), hours: compiled, hoursInWords: hoursInWords(compiled) };
  };
  return { C1: ceremony('C1'), C2: ceremony('C2'), C3: ceremony('C3'), C4: ceremony('C4') };
}

function compileHours(stretches: readonly Span[], path: readonly PropertyKey[], report: ReportFlaw): Hours {
  stretches.forEach((stretch, index) => {
    if (stretches.slice(0, index).some((earlier) => shareTime(earlier, stretch))) {
      report(
        [...path, index],
        'expected hours that do not overlap, got a stretch that overlaps one before it',
      );
    }
  });
  return hoursOf(stretches);
}

/** Whether two stretches of the day overlap; each may cross midnight. */
function shareTime(a: Span, b: Span): boolean {
  return msAhead(a, b) < lengthOf(a) || msAhead(b, a) < lengthOf(b);
}

function lengthOf({ start, end }: Span): number {
  return (end <= start ? end + DAY_MS : end) - start;
}

function msAhead(from: Span, to: Span): number {
  return (to.start - from.start + DAY_MS) % DAY_MS;
}

function compileRules(file: PolicyFile, report: ReportFlaw): Policy['rules'] {
  const compiled = RULES.map((rule) => {
    const written = file.rules[rule];
    const level: Level = written?.level ?? (ADVISORY.has(rule) ? 'warn' : 'deny');
    return [rule, { level, exception: written?.exception ?? false }] as const;
  });
  const environmentKnown = file.rules['environment-known'];
  if (environmentKnown?.level !== undefined && environmentKnown.level !== 'deny') {
    report(
      ['rules', 'environment-known', 'level'],
      'expected `deny`: without an environment no other rule has a meaning',
    );
  }
  return Object.fromEntries(compiled) as Policy['rules'];
}

function compileWays(written: PolicyFile['approvals']['review']): Ways {
  return waysOf(written.map((way) => (typeof way === 'string' ? [way] : way)));
}
