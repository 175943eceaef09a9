import type { PartChange } from '../../contract/word-fates.ts';
import type { Part } from '../../kernel/change/part.ts';
import type { Word } from '../../kernel/change/word-scope.ts';
import type { RuleId } from '../../kernel/policy/rule.ts';
import { approvalsOf, type ApprovalRow } from '../../store/approvals.ts';
import type { Queries } from '../../store/database.ts';
import { exceptionsOf, type ExceptionRow } from '../../store/exceptions.ts';
import { fatesOf, type FateRow, type WordKey } from '../../store/word-fates.ts';

/** Where a word stands: the digest it counts for, and what it went through to get there. */
export interface Standing {
  /** The digest of the plan that it counts for. */
  readonly digest: string;
  /** When and by which changes it was voided; `null` where it was not. */
  readonly voided: PartChange | null;
  /** The last time that an edit left it standing; `null` where none did. */
  readonly carried: PartChange | null;
}

export type StandingApproval = ApprovalRow & { readonly standing: Standing };
export type StandingException = ExceptionRow & { readonly standing: Standing };

/** Everything that was said about a request, with where each word stands. */
export interface Said {
  readonly approvals: readonly StandingApproval[];
  readonly exceptions: readonly StandingException[];
}

/** Reads the words of a request, withdrawn and voided ones too, in the order they came. */
export async function wordsOf(db: Queries, changeId: string): Promise<Said> {
  const approvals = await approvalsOf(db, changeId);
  const exceptions = await exceptionsOf(db, changeId);
  if (approvals.length === 0 && exceptions.length === 0) return { approvals: [], exceptions: [] };
  const fates = await fatesOf(db, changeId);
  return {
    approvals: approvals.map((row) => ({
      ...row,
      standing: standingOf(
        row.digest,
        fates.filter(({ approval }) => approval === row.id),
      ),
    })),
    exceptions: exceptions.map((row) => ({
      ...row,
      standing: standingOf(
        row.digest,
        fates.filter(({ exception }) => exception === row.id),
      ),
    })),
  };
}

function standingOf(digest: string, fates: readonly FateRow[]): Standing {
  const carried = fates.findLast(({ fate }) => fate === 'carried');
  const voided = fates.find(({ fate }) => fate === 'voided');
  return {
    digest: carried?.to_digest ?? digest,
    voided: voided ? partChange(voided) : null,
    carried: carried ? partChange(carried) : null,
  };
}

function partChange({ revision, parts, by, at, from_digest }: FateRow): PartChange {
  return { revision, parts: [...parts], by, at: at.toISOString(), from: from_digest };
}

/** Whether a word counts for the plan of a digest: given for it or carried to it, and neither voided nor taken back. */
export function counts(
  { standing, withdrawn_at }: StandingApproval | StandingException,
  digest: string,
): boolean {
  return standing.digest === digest && standing.voided === null && withdrawn_at === null;
}

/** What a word is, for the table of what each looks at. */
export function wordOf(row: ApprovalRow | ExceptionRow): Word {
  // A rule was compared with the list of rules when an exception to it was asked for.
  return 'rule' in row ? { rule: row.rule as RuleId } : { as: row.capacity, for: row.subject };
}

export function keyOf(row: ApprovalRow | ExceptionRow): WordKey {
  return 'rule' in row ? { exception: row.id } : { approval: row.id };
}

/** Whose word it is: who approved, or who asked for an exception and who granted it. */
export function peopleOf(row: ApprovalRow | ExceptionRow): readonly string[] {
  if (!('rule' in row)) return [row.person];
  return row.approved_by === null ? [row.by] : [row.by, row.approved_by];
}

/** `approval of the plan as reviewer`, `exception to allowed-hours`. */
export function nameOf(row: ApprovalRow | ExceptionRow): string {
  return 'rule' in row ? `exception to ${row.rule}` : `approval of ${row.subject} as ${row.capacity}`;
}

/** `steps and rollback` */
export function partsText(parts: readonly Part[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
