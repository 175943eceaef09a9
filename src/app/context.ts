import type { AudienceRoutes, StatusSettings } from '../contract/integrations/audiences.ts';
import type { PolicyFile } from '../contract/policy.ts';
import type { Policy } from '../kernel/policy/policy.ts';
import type { Database } from '../store/database.ts';
import type { RecordedFeed } from '../store/recorded-feed.ts';
import type { PlanRead, SentPlan } from './change/read-plan.ts';
import type { Ledger } from './ledger.ts';
import type { WatchedWitness } from './ledger-witness.ts';
import type { Metrics } from './metrics.ts';
import type { RunTiming } from './run/timing.ts';
import type { Monitoring } from './monitoring/monitoring.ts';
import type { CalendarText } from './ports/calendar-text.ts';
import type { IdentityProvider } from './ports/identity-provider.ts';
import type { AlertSource } from './ports/alerts.ts';
import type { BudgetReader } from './ports/budgets.ts';
import type { Connections } from './ports/connection.ts';
import type { Outcome } from './outcome.ts';
import type { Outside } from './ports/outside.ts';
import type { ShiftCalendar } from './ports/shift-calendar.ts';

/** The policy that the server enforces, as it was read at start. */
export interface PolicyInForce {
  readonly policy: Policy;
  /** As it was written, defaults filled in: for settings that no rule looks at. */
  readonly file: PolicyFile;
  /** `sha256:<hex>` of the policy's canonical form. */
  readonly digest: string;
  /** Where it was read from, as a person would say it. */
  readonly path: string;
  /** As it was written. */
  readonly text: string;
}

/** Where a program writes what its operator may want to read. Never secrets, never bodies. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
  error(fields: Readonly<Record<string, unknown>>, text: string): void;
}

/** The ledger, and what this server's verification found. What others found stands in the database: ask `whyFrozen`. */
export interface LedgerState {
  readonly book: Ledger;
  frozen: string | null;
  /** Whether the other servers and the people on duty were told that it is frozen. */
  paged: boolean;
  /** Who else keeps what was signed; none unless the configuration names them. */
  readonly witnesses: readonly WatchedWitness[];
}

/** The server's own directory file. */
export interface DirectorySource {
  readonly path: string;
  read(): Promise<string>;
}

/** How people prove who they are, beside passwords and tokens of this server. */
export interface Identity {
  /** For how long a proof counts for acts of high stakes. */
  readonly freshMinutes: number;
  /** Who vouches for people; `null` where none is configured. */
  readonly provider: IdentityProvider | null;
  /** `null` where administrators apply the directory. */
  readonly directory: DirectorySource | null;
}

/** Where alerts come from. */
export interface Alerts {
  /** `null` where no Alertmanager is configured. */
  readonly source: AlertSource | null;
  /** The secrets that open its webhook; two while one takes over from the other. */
  readonly secrets: readonly string[];
}

/** How the audiences of changes are reached. */
export interface Audiences {
  readonly routes: AudienceRoutes;
  /** The public page; `null` where there is none. */
  readonly status: StatusSettings | null;
}

/** What every use case is given. Made once, in `main`; nothing here is looked up anywhere else. */
export interface AppContext {
  readonly db: Database;
  readonly policy: PolicyInForce;
  readonly monitoring: Monitoring;
  /** What knows the error budgets; `null` where no Prometheus is configured. */
  readonly budgets: BudgetReader | null;
  readonly alerts: Alerts;
  /** Addresses that people gave. */
  readonly outside: Outside;
  /** The peers of `integrations.yaml`. */
  readonly connections: Connections;
  readonly audiences: Audiences;
  /** Calendars that say who is on call. */
  readonly shiftCalendar: ShiftCalendar;
  readonly identity: Identity;
  /** Writes calendars that others read. */
  readonly calendarText: CalendarText;
  /** Reads a plan that a client sent, under the policy in force: in a thread of its own where the server runs. */
  readonly readPlan: (sent: SentPlan) => Promise<Outcome<PlanRead>>;
  /** SHA-256. */
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  readonly ledger: LedgerState;
  /** What is recorded, by whichever server, as it is committed. */
  readonly feed: RecordedFeed;
  /** Ids of tokens used since that was last written down. */
  readonly usedTokens: Set<string>;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Leases, graces and limits of runs; without it those of `RUN_TIMING`. */
  readonly runTiming?: RunTiming;
}
