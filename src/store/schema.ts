import type { ColumnType } from 'kysely';
import type { LedgerTables } from './ledger-tables.ts';
import type { RunTables } from './run-tables.ts';
import type { MonitoringTables } from './monitoring-tables.ts';
import type { PeopleTables } from './people-tables.ts';
import type { AttachmentTables } from './attachment-tables.ts';
import type { GuardedCommandTables } from './guarded-command-tables.ts';
import type { ChangeIssueTables } from './change-issue-tables.ts';
import type { ChangeTables } from './change-tables.ts';
import type { AccountLinkTables } from './account-link-tables.ts';
import type { LentRightTables } from './lent-right-tables.ts';
import type { WebhookTables } from './webhook-tables.ts';
import type { PeerAnswerTables } from './peer-answer-tables.ts';
import type { BudgetTables } from './budget-tables.ts';
import type { IncidentTables } from './incident-tables.ts';
import type { NoticeTables } from './notice-tables.ts';
import type { RotaTables } from './rota-tables.ts';
import type { CalendarTables } from './calendar-tables.ts';
import type { ClaimTables } from './claim-tables.ts';
import type { WaitTables } from './wait-tables.ts';

interface SchemaMigrations {
  number: number;
  name: string;
  digest: string;
  applied_at: ColumnType<Date, never, never>;
}

/** The tables as the query builder sees them: one interface a table, named in `Schema`, drift-tested against the catalogs. */
export interface Schema
  extends
    LedgerTables,
    PeopleTables,
    AccountLinkTables,
    LentRightTables,
    ChangeTables,
    ChangeIssueTables,
    AttachmentTables,
    GuardedCommandTables,
    MonitoringTables,
    RunTables,
    NoticeTables,
    IncidentTables,
    BudgetTables,
    PeerAnswerTables,
    WebhookTables,
    RotaTables,
    CalendarTables,
    ClaimTables,
    WaitTables {
  schema_migrations: SchemaMigrations;
}
