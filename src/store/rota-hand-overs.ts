import { sql } from 'kysely';
import type { RotaName } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

/** The rest of a shift, offered to somebody. */
export interface HandOverRow {
  readonly id: string;
  readonly rota: RotaName;
  readonly giver: string;
  readonly receiver: string;
  readonly until: Date;
  readonly offered_at: Date;
  readonly answered_at: Date | null;
  readonly answer: 'accepted' | 'declined' | 'withdrawn' | null;
}

const columns = sql`id, rota, giver, receiver, until, offered_at, answered_at, answer`;

export async function insertHandOver(
  tx: Transaction,
  { rota, giver, receiver, until }: Pick<HandOverRow, 'rota' | 'giver' | 'receiver' | 'until'>,
): Promise<HandOverRow> {
  const { rows } = await sql<HandOverRow>`
    insert into rota_hand_overs (rota, giver, receiver, until)
    values (${rota}, ${giver}, ${receiver}, ${until}) returning ${columns}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the new hand-over, got no row');
  return row;
}

/** One hand-over, held until the transaction ends. */
export async function lockHandOver(tx: Transaction, id: string): Promise<HandOverRow | undefined> {
  return (
    await sql<HandOverRow>`select ${columns} from rota_hand_overs where id = ${id} for update`.execute(tx)
  ).rows[0];
}

/** The offers of one person of one rota that nobody has answered. */
export async function openHandOvers(tx: Transaction, rota: RotaName, giver: string): Promise<HandOverRow[]> {
  return (
    await sql<HandOverRow>`
      select ${columns} from rota_hand_overs
      where rota = ${rota} and giver = ${giver} and answered_at is null for update`.execute(tx)
  ).rows;
}

export async function answerHandOver(
  tx: Transaction,
  id: string,
  answer: NonNullable<HandOverRow['answer']>,
): Promise<void> {
  await sql`
    update rota_hand_overs set answered_at = clock_timestamp(), answer = ${answer} where id = ${id}`.execute(
    tx,
  );
}

/** The hand-overs of the last month, the newest first. */
export async function listHandOvers(db: Queries): Promise<HandOverRow[]> {
  return (
    await sql<HandOverRow>`
      select ${columns} from rota_hand_overs where offered_at > now() - interval '31 days'
      order by number desc limit 200`.execute(db)
  ).rows;
}
