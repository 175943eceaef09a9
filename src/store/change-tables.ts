import type { ColumnType, Generated } from 'kysely';
import type { ChangeState } from '../kernel/change/state.ts';
import type { ApproverRole, Criticality, Door, Kind, LockKind, Severity } from '../kernel/policy/facts.ts';
import type { Action } from '../kernel/policy/rule.ts';

type CreatedAt = ColumnType<Date, never, never>;
type Later = ColumnType<Date | null, never, Date | null>;
type Key = ColumnType<bigint, never, never>;
type Document = ColumnType<unknown, string, never>;

interface Changes {
  number: Key;
  id: ColumnType<string, never, never>;
  state: Generated<ChangeState>;
  revision: number;
  version: Generated<bigint>;
  author: string;
  author_bot_of: string | null;
  /** `[start,end)` as PostgreSQL writes it. */
  slot: string | null;
  slot_edition: Generated<number>;
  slot_accepted: Generated<boolean>;
  on_calendar: Generated<boolean>;
  retry_of: string | null;
  opened_at: CreatedAt;
  changed_at: ColumnType<Date, never, Date>;
  title: string;
  environment: string;
  services: string[];
  criticality: Criticality;
  severity: Severity;
  kind: Kind;
  executor: string;
  digest: string;
  slot_set_at: ColumnType<Date | null, never, Date | null>;
  last_slot: ColumnType<string | null, never, string | null>;
  words: Generated<string>;
}

interface ChangeRevisions {
  change_id: string;
  revision: number;
  plan_file: string;
  plan_text: string;
  scripts: Document;
  plan: Document;
  digest: string;
  parts: Document;
  summary: Document;
  findings: Document;
  procedure: ColumnType<string | null, never, never>;
  procedure_version: ColumnType<string | null, never, never>;
  by: string;
  at: CreatedAt;
}

interface Approvals {
  id: Key;
  change_id: string;
  person: string;
  kind: Generated<'person'>;
  capacity: ApproverRole;
  subject: string;
  via: Door;
  digest: string;
  at: CreatedAt;
  expires_at: Date | null;
  withdrawn_at: Later;
  reason: string | null;
}

interface WordFates {
  id: Key;
  change_id: string;
  approval: bigint | null;
  exception: bigint | null;
  fate: 'carried' | 'voided';
  revision: number;
  from_digest: string;
  to_digest: string;
  parts: string[];
  ledger_index: bigint | null;
  by: string;
  at: CreatedAt;
}

interface Exceptions {
  id: Key;
  change_id: string;
  rule: string;
  reason: string;
  digest: string;
  slot_edition: number;
  by: string;
  asked_at: CreatedAt;
  approved_by: string | null;
  approved_at: Later;
  withdrawn_by: string | null;
  withdrawn_at: Later;
  withdrawn_because: string | null;
}

interface Vetoes {
  id: Key;
  change_id: string | null;
  by: string;
  reason: string;
  stops_rollback: Generated<boolean>;
  at: CreatedAt;
  lifted_at: Later;
  lifted_by: string | null;
}

interface Incidents {
  number: Key;
  id: ColumnType<string, never, never>;
  title: string;
  severity: Severity;
  source: string;
  source_key: string | null;
  opened_by: string;
  opened_at: CreatedAt;
  resolved_at: Later;
  resolved_by: string | null;
  resolution: string | null;
  quiet_since: Later;
}

interface Locks {
  number: Key;
  id: ColumnType<string, never, never>;
  emergency: Generated<boolean>;
  made_by: string;
  released_by: string | null;
  released_at: Later;
}

interface LockVersions {
  lock_id: string;
  version: number;
  kind: LockKind;
  environments: string[];
  category: string;
  reason: string;
  during: string;
  recurrence: Document | null;
  digest: string;
  proposed_by: string;
  proposed_at: CreatedAt;
  confirmed_by: string | null;
  confirmed_at: Later;
}

interface Messages {
  id: Key;
  place: 'discussion' | 'channel';
  change_id: string | null;
  person: string;
  body: string;
  at: CreatedAt;
}

interface Announcements {
  id: Key;
  change_id: string;
  digest: string;
  slot_edition: number;
  by: string;
  asked_at: CreatedAt;
  delivered_at: Later;
  receipt: bigint | null;
}

interface VerbalWords {
  id: Key;
  change_id: string;
  speaker: string;
  digest: string;
  slot_edition: number;
  claimed_by: string;
  claimed_at: CreatedAt;
  approval: ColumnType<bigint | null, never, bigint>;
  confirmed_at: Later;
}

interface Presences {
  change_id: string;
  person: string;
  seen_at: Date;
  joined_at: Date | null;
}

interface Decisions {
  ledger_index: bigint;
  change_id: string | null;
  action: Action;
  actor: string;
  allowed: boolean;
  facts: string;
  answer: string;
  at: CreatedAt;
}

interface Outbox {
  id: Key;
  key: string;
  topic: string;
  payload: Document;
  created_at: CreatedAt;
  attempts: Generated<number>;
  last_error: string | null;
  next_attempt_at: ColumnType<Date, never, Date>;
  delivered_at: Later;
  connection: string | null;
  about: string | null;
  receipt: string | null;
  given_up_at: Later;
}

interface OutboxAttempts {
  number: Key;
  effect: bigint;
  at: CreatedAt;
  outcome: 'taken' | 'later' | 'refused';
  because: string | null;
}

interface IdempotentAnswers {
  person: string;
  key: string;
  route: string;
  request_digest: string;
  answer: Document;
  at: CreatedAt;
}

/** The tables of `0003-changes.sql`, with what came to them later. */
export interface ChangeTables {
  changes: Changes;
  change_revisions: ChangeRevisions;
  approvals: Approvals;
  exceptions: Exceptions;
  word_fates: WordFates;
  vetoes: Vetoes;
  incidents: Incidents;
  locks: Locks;
  lock_versions: LockVersions;
  messages: Messages;
  announcements: Announcements;
  verbal_words: VerbalWords;
  presences: Presences;
  decisions: Decisions;
  outbox: Outbox;
  outbox_attempts: OutboxAttempts;
  idempotent_answers: IdempotentAnswers;
}
