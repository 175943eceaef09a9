import type { ColumnType } from 'kysely';

interface ChangeIssues {
  change_id: string;
  connection: string;
  generation: number;
  signature: string;
  issue: string | null;
  kept: string | null;
  restored_at: Date | null;
  ended: boolean;
}

/** The table of `0086-moved-issues.sql`. */
interface MovedIssues {
  id: ColumnType<bigint, never, never>;
  change_id: string;
  connection: string;
  issue: string;
}

export interface ChangeIssueTables {
  change_issues: ChangeIssues;
  moved_issues: MovedIssues;
}
