import type { ChangeRecord, ChangeSummary, ChangeView } from '../../contract/changes.ts';
import { labelOf, type ChangeState } from '../../kernel/change/state.ts';
import { approvalsOf, type ApprovalRow } from '../../store/approvals.ts';
import { findChange, findRevision, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import { exceptionsOf, type ExceptionRow } from '../../store/exceptions.ts';
import { AppError } from '../../contract/errors.ts';
import { isCurrentException } from './exception-scope.ts';

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
  const said = { approvals: await approvalsOf(db, row.id), exceptions: await exceptionsOf(db, row.id) };
  return changeRecord(row, revision, said);
}

/** What was said about a request. */
interface Said {
  readonly approvals: readonly ApprovalRow[];
  readonly exceptions: readonly ExceptionRow[];
}

/** The same of what has been read already. */
export function changeRecord(
  row: ChangeRow,
  revision: Omit<RevisionRow, 'at'>,
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
    planFile: revision.plan_file,
    planText: revision.plan_text,
    scripts: { ...revision.scripts },
    findings: [...revision.findings],
    approvals: approvals.map((approval) => approvalView(approval, row.digest)),
    exceptions: exceptions.map((exception) => exceptionView(exception, row)),
  };
}

export function approvalView(row: ApprovalRow, digest: string): ChangeView['approvals'][number] {
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
    current: row.digest === digest && row.withdrawn_at === null,
  };
}

export function exceptionView(row: ExceptionRow, change: ChangeRow): ChangeView['exceptions'][number] {
  return {
    id: row.id.toString(),
    rule: row.rule,
    reason: row.reason,
    by: row.by,
    askedAt: row.asked_at.toISOString(),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.toISOString() ?? null,
    current: isCurrentException(row, change),
  };
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
