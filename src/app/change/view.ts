import type { ChangeRecord, ChangeSummary, ChangeView } from '../../contract/changes.ts';
import { labelOf, type ChangeState } from '../../kernel/change/state.ts';
import { findChange, findRevision, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import { AppError } from '../../contract/errors.ts';
import type { Result } from '../carry-out.ts';
import { counts, wordsOf, type Said, type StandingApproval, type StandingException } from './words.ts';

/** A request as lists show it. */
export function changeSummary(row: ChangeRow): ChangeSummary {
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    label: labelOf(row.state),
    environment: row.environment,
    services: row.services,
    criticality: row.criticality,
    severity: row.severity,
    kind: row.kind,
    author: row.author,
    executor: row.executor,
    slot:
      row.slot_start && row.slot_end
        ? {
            start: row.slot_start.toISOString(),
            end: row.slot_end.toISOString(),
            accepted: row.slot_accepted,
          }
        : null,
    onCalendar: row.on_calendar,
    openedAt: row.opened_at.toISOString(),
  };
}

/** The summary of a request that is held. */
export async function summaryOf(db: Queries, id: string): Promise<ChangeSummary> {
  const row = await findChange(db, id);
  if (!row) throw new Error(`expected the change \`${id}\` that is held, got none`);
  return changeSummary(row);
}

/** A request with everything that was said about it, without a verdict. */
export async function changeView(db: Queries, row: ChangeRow): Promise<ChangeRecord> {
  const revision = await findRevision(db, row.id, row.revision);
  if (!revision) throw new AppError('internal', `expected revision ${row.revision} of ${row.id}, got none`);
  return changeRecord(row, revision, await wordsOf(db, row.id));
}

/** The same of what has been read already. */
export function changeRecord(
  row: ChangeRow,
  revision: Pick<RevisionRow, 'parts' | 'plan_file' | 'plan_text' | 'scripts' | 'findings'>,
  { approvals, exceptions }: Said,
): ChangeRecord {
  return {
    ...changeSummary(row),
    version: Number(row.version),
    revision: row.revision,
    digest: row.digest,
    parts: { ...revision.parts },
    authorBotOf: row.author_bot_of,
    retryOf: row.retry_of,
    clonedFrom: row.cloned_from,
    planFile: revision.plan_file,
    planText: revision.plan_text,
    scripts: { ...revision.scripts },
    findings: [...revision.findings],
    approvals: approvals.map((approval) => approvalView(approval, row.digest)),
    exceptions: exceptions.map((exception) => exceptionView(exception, row.digest)),
  };
}

/** What writing a revision came to, for the caller and for the record. */
export function resultOf<T extends ChangeRecord>(
  row: ChangeRow,
  value: T,
  { before, reason }: { readonly before: string | null; readonly reason: string },
): Result<T> {
  return {
    value,
    object: `change/${row.id}`,
    reason,
    before,
    after: row.digest,
    digests: { plan: row.digest },
    details: {
      revision: row.revision,
      state: row.state,
      criticality: row.criticality,
      ...(row.retry_of !== null && { 'retry-of': row.retry_of }),
      ...(row.cloned_from !== null && { 'cloned-from': row.cloned_from }),
    },
  };
}

export function approvalView(row: StandingApproval, digest: string): ChangeView['approvals'][number] {
  return {
    id: row.id.toString(),
    person: row.person,
    as: row.capacity,
    for: row.subject,
    via: row.via,
    digest: row.digest,
    at: row.at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    current: counts(row, digest),
    carried: row.standing.carried,
    voided: row.standing.voided,
  };
}

export function exceptionView(row: StandingException, digest: string): ChangeView['exceptions'][number] {
  return {
    id: row.id.toString(),
    rule: row.rule,
    reason: row.reason,
    by: row.by,
    askedAt: row.asked_at.toISOString(),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.toISOString() ?? null,
    withdrawn: withdrawalOf(row),
    current: counts(row, digest),
    carried: row.standing.carried,
    voided: row.standing.voided,
  };
}

function withdrawalOf({ withdrawn_by: by, withdrawn_at: at, withdrawn_because: because }: StandingException) {
  return by === null || at === null || because === null ? null : { by, at: at.toISOString(), because };
}

/** The question that a request in this state asks next; `null` where it has come to its end. */
export function nextAction(state: ChangeState): 'schedule' | 'start' | 'step' | null {
  switch (state) {
    case 'draft':
    case 'unscheduled':
      return 'schedule';
    case 'scheduled':
      return 'start';
    case 'in-progress':
      return 'step';
    case 'complete':
    case 'aborted':
    case 'rejected':
    case 'cancelled':
      return null;
  }
}
