import { EMPTY_ROTA, rotaOf, type Rota, type UnclearShift } from '../kernel/calendar/rota.ts';
import type {
  ChangeFacts,
  CheckOutcome,
  Duty,
  Facts,
  MonitoringPart,
  PlanFacts,
  Proof,
} from '../kernel/policy/facts.ts';
import { lockBooks } from '../kernel/policy/lock-book.ts';
import type { ParsedFacts } from './facts.ts';
import type { ParsedChange } from './facts-change.ts';

const NOTHING: ParsedChange = { monthlyRelease: false, updatesOverdue: 0 };

/** Lays parsed facts out for asking: every field in its place, lists in an order of their own, locks and shifts sorted. */
export function factsOf(parsed: ParsedFacts): Facts {
  return {
    at: parsed.at,
    action: parsed.action,
    actor: parsed.actor,
    people: parsed.people === undefined ? undefined : new Map(Object.entries(parsed.people)),
    rota: parsed.rota === undefined ? undefined : rotas(parsed.rota),
    change: changeOf(parsed.change ?? NOTHING),
    running: ordered(parsed.running ?? []).map((other) => ({
      id: other.id,
      severity: other.severity,
      suspended: other.suspended,
    })),
    incidents: ordered(parsed.incidents ?? []).map(({ id, severity, status }) => ({ id, severity, status })),
    unheard: ordered(parsed.sources ?? []).flatMap(({ of, source, heard, at, because, tracker = false }) =>
      heard === true ? [] : [{ of, source, at: at ?? null, because: because ?? null, tracker }],
    ),
    monitoring: monitoringOf(parsed.monitoring),
    locks: lockBooks(ordered(parsed.locks ?? [])),
    vetoes: ordered(parsed.vetoes ?? []).map((veto) => ({
      by: veto.by,
      change: veto.change,
      at: veto.at,
      liftedAt: veto.liftedAt ?? null,
      stopsRollback: veto.stopsRollback,
    })),
    errorBudgets: ordered(parsed.errorBudgets ?? []).map(({ service, remaining, threshold }) => ({
      service,
      remaining,
      threshold,
    })),
    host: hostOf(parsed.host),
  };
}

/** The order in which facts were written says nothing: an explanation must not depend on it. */
function ordered<T>(items: readonly T[]): readonly T[] {
  if (items.length < 2) return items;
  return items
    .map((item) => ({ item, key: JSON.stringify(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ item }) => item);
}

function rotas(rota: NonNullable<ParsedFacts['rota']>): Record<Duty, Rota> {
  return { eoc: rotaFrom(rota.eoc), imoc: rotaFrom(rota.imoc), cmoc: rotaFrom(rota.cmoc) };
}

function rotaFrom(shifts: readonly Partial<UnclearShift>[] | undefined): Rota {
  if (shifts === undefined) return EMPTY_ROTA;
  return rotaOf(ordered(shifts).map(({ person, start, end }) => ({ person, start, end })));
}

function monitoringOf(monitoring: ParsedFacts['monitoring']): Record<MonitoringPart, Proof | undefined> {
  return {
    prometheus: monitoring?.prometheus,
    thanos: monitoring?.thanos,
    alertmanager: monitoring?.alertmanager,
  };
}

function hostOf(host: ParsedFacts['host']): Facts['host'] {
  if (host === null || host === undefined) return null;
  return {
    name: host.name,
    role: host.role,
    environment: host.environment ?? null,
    multiplexer: host.multiplexer ?? null,
  };
}

function changeOf(change: ParsedChange): ChangeFacts {
  return { ...whatItIs(change), ...whoAndWhen(change), ...whatHappened(change) };
}

function whatItIs(change: ParsedChange) {
  return {
    id: change.id,
    environment: change.environment,
    services: (change.services ?? []).toSorted(),
    topics: (change.topics ?? []).toSorted(),
    team: (change.team ?? []).toSorted(),
    kind: change.kind,
    deployment: change.deployment ?? null,
    monthlyRelease: change.monthlyRelease,
    criticality: change.criticality,
    severity: change.severity,
    downtimeMinutes: change.downtimeMinutes,
    procedure: fieldsOf(change.procedure, ({ id, successfulRuns, graduated }) => ({
      id,
      successfulRuns,
      graduated,
    })),
    plan: planOf(change.plan ?? {}),
    targets: fieldsOf(change.targets, ({ count, outside, unproven }) => ({ count, outside, unproven })),
    resolvesIncident: change.resolvesIncident ?? null,
  };
}

function whoAndWhen(change: ParsedChange) {
  return {
    author: change.author,
    authorIsBotOf: change.authorIsBotOf ?? null,
    executor: change.executor,
    emoc: change.emoc ?? null,
    cmoc: change.cmoc ?? null,
    bridge: change.bridge ?? null,
    slot: fieldsOf(change.slot, ({ start, end }) => ({ start, end })),
    estimateMinutes: change.estimateMinutes,
    rollbackMinutes: change.rollbackMinutes,
    onCalendar: change.onCalendar,
  };
}

function whatHappened(change: ParsedChange) {
  return {
    dryRunTwin: change.dryRunTwin ?? null,
    dryRun: fieldsOf(change.dryRun, ({ digest, at, ok }) => ({ digest, at, ok })),
    approvals: ordered(change.approvals ?? []).map((approval) => ({
      person: approval.person,
      as: approval.as,
      for: approval.for,
      via: approval.via,
      digest: approval.digest,
      at: approval.at,
      expiresAt: approval.expiresAt ?? null,
    })),
    takenBack: ordered(change.takenBack ?? []).map((word) => ({ person: word.person, for: word.for })),
    exceptions: ordered(change.exceptions ?? []).map(({ rule, reason, by, approvedBy, at }) => ({
      rule,
      reason,
      by,
      approvedBy,
      at,
    })),
    announcedAt: change.announcedAt ?? null,
    situationRoomJoinedAt: change.situationRoomJoinedAt ?? null,
    eocSeen: fieldsOf(change.eocSeen, ({ person, at }) => ({ person, at })),
    blind: fieldsOf(change.blind, ({ parts, until }) => ({ parts: (parts ?? []).toSorted(), until })),
    acknowledges: (change.acknowledges ?? []).toSorted(),
    ...checksOf(change),
    updatesOverdue: change.updatesOverdue,
    handoff: fieldsOf(change.handoff, (note) => ({
      state: note.state,
      silences: (note.silences ?? []).toSorted(),
      graphs: (note.graphs ?? []).toSorted(),
    })),
  };
}

function checksOf(change: ParsedChange) {
  return {
    preflights: outcomesOf(change.preflights),
    watched: outcomesOf(change.watched),
    postchecks: outcomesOf(change.postchecks),
  };
}

function outcomesOf(list: ParsedChange['preflights']): CheckOutcome[] {
  return ordered(list ?? []).map(({ name, verdict }) => ({ name, verdict }));
}

function planOf(plan: NonNullable<ParsedChange['plan']>): PlanFacts {
  return {
    digest: plan.digest,
    complete: plan.complete,
    preflightChecks: plan.preflightChecks,
    postChecks: plan.postChecks,
    unquantifiedChecks: plan.unquantifiedChecks,
    executableSteps: plan.executableSteps,
    manualSteps: plan.manualSteps,
    scriptSteps: plan.scriptSteps,
    wildcards: plan.wildcards,
  };
}

/** Absent and `null` are both known to be none. */
function fieldsOf<T, U>(value: T | null | undefined, read: (value: T) => U): U | null {
  return value === null || value === undefined ? null : read(value);
}
