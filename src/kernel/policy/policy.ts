import type { Hours } from '../calendar/hours.ts';
import type { Span, SpanList } from '../calendar/span.ts';
import type { ApproverRole, Criticality, Duty, Lock, MonitoringPart, Severity } from './facts.ts';
import type { RuleId } from './rule.ts';

export const LEVELS = ['deny', 'warn', 'off'] as const;
/** What comes of a rule that has reason to deny: `warn` never stops anything, `off` is not even asked. */
export type Level = (typeof LEVELS)[number];

/** The rules that a criticality asks for or not; all others hold for every change that they fit. */
export const CRITICALITY_RULES = [
  'management-approval',
  'first-iteration-review',
  'eoc-plan-review',
  'due-date',
  'on-calendar',
  'soft-lock',
  'eoc-coordination',
  'announced',
  'eoc-written-issue',
  'eoc-written-chat',
  'eoc-verbal',
  'eoc-engaged',
] as const satisfies readonly RuleId[];
export type CriticalityRule = (typeof CRITICALITY_RULES)[number];

/** What one criticality asks for. */
export type Ceremony = {
  readonly asks: ReadonlySet<RuleId>;
  readonly hours: Hours;
  /** The hours as people read them: "from 22:00 to 06:00". */
  readonly hoursInWords: string;
};

/** Ways to have an approval: any one of them suffices, and each needs all its roles, held by different persons. */
export type Ways = {
  readonly any: readonly (readonly ApproverRole[])[];
  /** "EOC and IMOC, or VPE". */
  readonly inWords: string;
};

export type Environment = {
  readonly operational: boolean;
  /** The parts of the monitoring platform that exist there and must be proven alive. */
  readonly monitoring: readonly MonitoringPart[];
};

/** The policy's own locks in one environment, recurrences laid out. */
export type PolicyLocks = {
  readonly soft: SpanList<Lock>;
  readonly hard: SpanList<Lock>;
  /** Release days; they are among the locks too. */
  readonly releaseDays: SpanList<Lock>;
};

/** A policy file, read, checked and laid out for asking (`readPolicy`). */
export type Policy = {
  readonly name: string;
  readonly environments: ReadonlyMap<string, Environment>;
  /** The lowest criticality that a change with this topic may have. */
  readonly topics: ReadonlyMap<string, Criticality>;
  /** The lowest criticality that a change with downtime may have. */
  readonly downtime: Criticality;
  readonly criticalities: Readonly<Record<Criticality, Ceremony>>;
  readonly severities: Readonly<Record<Severity, { readonly reviewers: number; readonly severe: boolean }>>;
  readonly rules: Readonly<Record<RuleId, { readonly level: Level; readonly exception: boolean }>>;
  /** The rules that are not asked at all. */
  readonly off: ReadonlySet<RuleId>;
  readonly approvals: {
    readonly director: Ways;
    readonly management: Ways;
    readonly review: Ways;
    readonly emergency: Ways;
    readonly release: Ways;
    readonly exemption: Ways;
  };
  /** Who the event manager has to be, by effective kind. */
  readonly emoc: { readonly maintenance: Duty | 'executor'; readonly service: Duty | 'executor' };
  /** Services for which an unreadable error budget counts as burnt. */
  readonly errorBudgets: ReadonlySet<string>;
  readonly emergency: { readonly keeps: ReadonlySet<RuleId>; readonly critical: ReadonlySet<Severity> };
  readonly limits: {
    readonly dryRunAgeMs: number;
    readonly eocSeenWithinMs: number;
    readonly nextOpeningMs: number;
  };
  readonly locks: ReadonlyMap<string, PolicyLocks>;
  /** The time for which recurring locks are laid out; outside it, whether one holds is unknown. */
  readonly laidOut: Span;
};
