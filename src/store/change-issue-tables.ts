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

export interface ChangeIssueTables {
  change_issues: ChangeIssues;
}
