import { sql } from 'kysely';
import type { ApproverRole, Door } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';

/** One word given for a request. */
export interface ApprovalRow {
  readonly id: bigint;
  readonly person: string;
  readonly capacity: ApproverRole;
  /** `plan`, `start`, `emergency` or `lock:<id>`. */
  readonly subject: string;
  readonly via: Door;
  readonly digest: string;
  readonly at: Date;
  readonly expires_at: Date | null;
  readonly withdrawn_at: Date | null;
  /** Why, of an exemption from a lock. */
  readonly reason: string | null;
}

export type NewApproval = Omit<ApprovalRow, 'id' | 'at' | 'withdrawn_at'>;

const columns = sql`id, person, capacity, subject, via, digest, at, expires_at, withdrawn_at, reason`;

/** Records an approval and gives its number. */
export async function insertApproval(
  tx: Transaction,
  changeId: string,
  approval: NewApproval,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    insert into approvals (change_id, person, capacity, subject, via, digest, at, expires_at, reason)
    values (${changeId}, ${approval.person}, ${approval.capacity}, ${approval.subject}, ${approval.via},
      ${approval.digest}, clock_timestamp(), ${approval.expires_at}, ${approval.reason})
    returning id`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the number of the new approval, got no row');
  return row.id;
}

/** Every approval of a request, withdrawn ones too, in the order they came. */
export async function approvalsOf(db: Queries, changeId: string): Promise<ApprovalRow[]> {
  return (
    await sql<ApprovalRow>`
      /* prepared: approvals_of */ select ${columns} from approvals where change_id = ${changeId} order by id`.execute(
      db,
    )
  ).rows;
}

/** Takes an approval back; false where it is not that person's or was taken back before. */
export async function withdrawApproval(
  tx: Transaction,
  changeId: string,
  id: bigint,
  person: string,
): Promise<boolean> {
  const { rows } = await sql`
    update approvals set withdrawn_at = clock_timestamp()
    where id = ${id} and change_id = ${changeId} and person = ${person} and withdrawn_at is null
    returning id`.execute(tx);
  return rows.length === 1;
}
