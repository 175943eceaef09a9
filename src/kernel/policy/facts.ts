import type { Rota } from '../calendar/rota.ts';
import type { SpanList } from '../calendar/span.ts';
import type { Action, RuleId } from './rule.ts';
import type { Unheard } from './unheard.ts';

// INVARIANT: `undefined` is *unknown* everywhere in the facts, and `null` is known to be none.
// Instants are epoch milliseconds.

export const CRITICALITIES = ['C1', 'C2', 'C3', 'C4'] as const;
/** How much ceremony a request needs; C1 is the highest. */
export type Criticality = (typeof CRITICALITIES)[number];

export const SEVERITIES = ['S1', 'S2', 'S3', 'S4'] as const;
/** How bad a failure would be; S1 is the worst. */
export type Severity = (typeof SEVERITIES)[number];

export const KINDS = ['service', 'maintenance'] as const;
export type Kind = (typeof KINDS)[number];

export const STAGES = ['canary', 'production'] as const;
export type Stage = (typeof STAGES)[number];

export const ROLES = ['reviewer', 'management', 'director', 'vpe'] as const;
/** A standing role, given by the directory. */
export type Role = (typeof ROLES)[number];

export const DUTIES = ['eoc', 'imoc', 'cmoc'] as const;
/** A role that is held by being on the rota. */
export type Duty = (typeof DUTIES)[number];

export const APPROVER_ROLES = ['reviewer', 'management', 'director', 'eoc', 'imoc', 'vpe'] as const;
/** As what somebody approves. */
export type ApproverRole = (typeof APPROVER_ROLES)[number];

export const DOORS = ['app', 'issue', 'chat', 'voice'] as const;
/** Where an approval was given. */
export type Door = (typeof DOORS)[number];

export const LOCK_KINDS = ['soft', 'hard'] as const;
export type LockKind = (typeof LOCK_KINDS)[number];

export const MONITORING_PARTS = ['prometheus', 'thanos', 'alertmanager'] as const;
export type MonitoringPart = (typeof MONITORING_PARTS)[number];

export const PROOFS = ['pass', 'fail', 'unknown'] as const;
export type Proof = (typeof PROOFS)[number];

export const HOST_ROLES = ['bastion', 'deployer', 'server', 'workstation'] as const;
export type HostRole = (typeof HOST_ROLES)[number];

export type Slot = { readonly start: number | undefined; readonly end: number | undefined };

export type Procedure = {
  readonly id: string | undefined;
  readonly successfulRuns: number | undefined;
  readonly graduated: boolean | undefined;
};

export type PlanFacts = {
  readonly digest: string | undefined;
  readonly complete: boolean | undefined;
  readonly preflightChecks: number | undefined;
  readonly postChecks: number | undefined;
  readonly unquantifiedChecks: number | undefined;
  readonly executableSteps: number | undefined;
  readonly manualSteps: number | undefined;
  readonly scriptSteps: number | undefined;
  readonly wildcards: number | undefined;
};

export type Approval = {
  readonly person: string | undefined;
  readonly as: ApproverRole | undefined;
  /** `plan`, `start`, `emergency` or `lock:<id>`. */
  readonly for: string | undefined;
  readonly via: Door | undefined;
  readonly digest: string | undefined;
  readonly at: number | undefined;
  readonly expiresAt: number | null;
};

/** A word that its giver took back since the run began; `for` also `exception:<rule>`. */
export type TakenBack = { readonly person: string | undefined; readonly for: string | undefined };

export type Exception = {
  readonly rule: RuleId | undefined;
  readonly reason: string | undefined;
  readonly by: string | undefined;
  readonly approvedBy: string | null | undefined;
  readonly at: number | undefined;
};

export type CheckOutcome = { readonly name: string | undefined; readonly verdict: Proof | undefined };

export type ChangeFacts = {
  readonly id: string | undefined;
  readonly environment: string | undefined;
  readonly services: readonly string[];
  readonly topics: readonly string[];
  readonly team: readonly string[];
  readonly kind: Kind | undefined;
  readonly deployment: Stage | null;
  readonly monthlyRelease: boolean;
  readonly criticality: Criticality | undefined;
  readonly severity: Severity | undefined;
  readonly downtimeMinutes: number | undefined;
  readonly author: string | undefined;
  readonly authorIsBotOf: string | null;
  readonly executor: string | undefined;
  readonly emoc: string | null;
  readonly cmoc: string | null;
  readonly bridge: string | null;
  readonly slot: Slot | null;
  readonly estimateMinutes: number | undefined;
  readonly rollbackMinutes: number | undefined;
  readonly onCalendar: boolean | undefined;
  readonly resolvesIncident: string | null;
  readonly procedure: Procedure | null;
  readonly plan: PlanFacts;
  readonly targets: {
    readonly count: number | undefined;
    readonly outside: number | undefined;
    readonly unproven: number | undefined;
  } | null;
  readonly dryRunTwin: 'same' | 'different' | 'accepted' | null;
  readonly dryRun: {
    readonly digest: string | undefined;
    readonly at: number | undefined;
    readonly ok: boolean | undefined;
  } | null;
  readonly approvals: readonly Approval[];
  readonly takenBack: readonly TakenBack[];
  readonly exceptions: readonly Exception[];
  readonly announcedAt: number | null;
  readonly situationRoomJoinedAt: number | null;
  readonly eocSeen: { readonly person: string | undefined; readonly at: number | undefined } | null;
  readonly blind: { readonly parts: readonly MonitoringPart[]; readonly until: number | undefined } | null;
  readonly acknowledges: readonly string[];
  readonly preflights: readonly CheckOutcome[];
  readonly watched: readonly CheckOutcome[];
  readonly postchecks: readonly CheckOutcome[];
  readonly updatesOverdue: number;
  readonly handoff: {
    readonly state: string | undefined;
    readonly silences: readonly string[];
    readonly graphs: readonly string[];
  } | null;
};

export type RunningChange = {
  readonly id: string | undefined;
  readonly severity: Severity | undefined;
  readonly suspended: boolean;
};

export type Incident = {
  readonly id: string | undefined;
  readonly severity: Severity | undefined;
  readonly status: 'active' | 'resolved' | undefined;
};

export type Lock = {
  /** What an exemption names; a lock without one cannot be exempted from. */
  readonly id: string | undefined;
  readonly kind: LockKind;
  readonly reason: string | undefined;
  /** It is the policy's own lock of release days; a lock that only bears its id is not. */
  readonly releaseDay: boolean;
  readonly start: number;
  readonly end: number;
};

/** A lock of which something is not known, so that it may hold and may not. */
export type UnclearLock = {
  readonly id: string | undefined;
  readonly kind: LockKind | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
};

/** The locks of one environment, sorted by kind and start. */
export type LockBook = {
  readonly soft: SpanList<Lock>;
  readonly hard: SpanList<Lock>;
  readonly unclear: readonly UnclearLock[];
};

export type Veto = {
  readonly by: string | undefined;
  /** The id of a change, or `*` for all. */
  readonly change: string | undefined;
  readonly at: number | undefined;
  readonly liftedAt: number | null;
  readonly stopsRollback: boolean;
};

export type ErrorBudget = {
  readonly service: string | undefined;
  /** Ratio of the budget that is left; `null` or `undefined` is unknown. */
  readonly remaining: number | null | undefined;
  readonly threshold: number | undefined;
};

export type Host = {
  readonly name: string | undefined;
  readonly role: HostRole | undefined;
  readonly environment: string | null;
  readonly multiplexer: 'tmux' | 'screen' | null;
};

/** Everything one question may look at, read, checked and sorted once (`parseFacts`). */
export type Facts = {
  readonly at: number;
  readonly action: Action;
  readonly actor: string | undefined;
  /** Standing roles by person; `undefined` if the directory could not be read. */
  readonly people: ReadonlyMap<string, readonly Role[]> | undefined;
  readonly rota: Readonly<Record<Duty, Rota>> | undefined;
  readonly change: ChangeFacts;
  readonly running: readonly RunningChange[];
  readonly incidents: readonly Incident[];
  /** What others should say of rotas and incidents, and did not lately enough. */
  readonly unheard: readonly Unheard[];
  readonly monitoring: Readonly<Record<MonitoringPart, Proof | undefined>>;
  /** By environment; one that has no lock is not in it. */
  readonly locks: ReadonlyMap<string, LockBook>;
  readonly vetoes: readonly Veto[];
  readonly errorBudgets: readonly ErrorBudget[];
  readonly host: Host | null;
};
