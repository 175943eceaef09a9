import { sql } from 'kysely';
import type { HandOffFacts } from '../contract/hand-offs.ts';
import type { HandOff } from '../contract/runs.ts';
import type { Queries, Transaction } from './database.ts';

/** A note with what became of it. */
export interface HandOffRow {
  readonly change_id: string;
  readonly state: string;
  readonly silences: string[];
  readonly graphs: string[];
  readonly person: string;
  readonly at: Date;
  /** As they were when it was written; `null` of one from before facts were kept. */
  readonly facts: HandOffFacts | null;
  readonly sent_to: string | null;
  /** Whose it is to accept: whom it was sent to, or passed on to since. It gives no right by itself. */
  readonly owner: string | null;
  readonly accepted_by: string | null;
  readonly accepted_at: Date | null;
}

/** The kind of the task that acceptance alone ends. */
export const ACCEPT_HAND_OFF = 'accept-hand-off';

export function acceptKey(changeId: string): string {
  return `${ACCEPT_HAND_OFF}:${changeId}`;
}

const owner = sql`
  coalesce((select t.owner from tasks t where t.key = ${acceptKey('')} || h.change_id), s.sent_to) as owner`;

/** The note that was written for a run. */
export async function findHandOff(db: Queries, runId: string): Promise<HandOffRow | undefined> {
  return (
    await sql<HandOffRow>`
      select h.change_id, state, silences, graphs, h.person, h.at, s.facts, s.sent_to, ${owner},
        a.person as accepted_by, a.at as accepted_at
      from hand_offs h left join hand_off_sendings s on s.change_id = h.change_id
        left join hand_off_acceptances a on a.change_id = h.change_id
      where h.run_id = ${runId}`.execute(db)
  ).rows[0];
}

/** Who wrote the note of a change. */
export async function writerOfHandOff(db: Queries, changeId: string): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select person from hand_offs where change_id = ${changeId}`.execute(db);
  return rows.map(({ person }) => person);
}

/** A note that was sent and that nobody has accepted, with its run. */
export type WaitingHandOff = HandOffRow & { readonly run_id: string };

const MOST_WAITING = 100;

/** Every note that waits, the oldest first; no more than there is use in showing. */
export async function waitingHandOffs(db: Queries): Promise<WaitingHandOff[]> {
  const { rows } = await sql<WaitingHandOff>`
    select h.change_id, h.run_id, state, silences, graphs, h.person, h.at, s.facts, s.sent_to, ${owner},
      null as accepted_by, null as accepted_at
    from hand_offs h join hand_off_sendings s on s.change_id = h.change_id
    where not exists (select from hand_off_acceptances a where a.change_id = h.change_id)
    order by h.at limit ${MOST_WAITING}`.execute(db);
  return rows;
}

/** Keeps the facts that a note was written on, and whom it was sent to. */
export async function insertSending(
  tx: Transaction,
  sending: { readonly changeId: string; readonly facts: HandOffFacts; readonly sentTo: string | null },
): Promise<void> {
  await sql`
    insert into hand_off_sendings (change_id, facts, sent_to)
    values (${sending.changeId}, ${JSON.stringify(sending.facts)}, ${sending.sentTo})`.execute(tx);
}

/** Keeps who accepted a note; the first one stands. */
export async function insertAcceptance(tx: Transaction, changeId: string, person: string): Promise<boolean> {
  const { rows } = await sql`
    insert into hand_off_acceptances (change_id, person) values (${changeId}, ${person})
    on conflict (change_id) do nothing returning change_id`.execute(tx);
  return rows.length > 0;
}

/** Keeps the hand-off note of a change; the first one stands. */
export async function insertHandOff(
  tx: Transaction,
  note: HandOff & { readonly changeId: string; readonly runId: string; readonly person: string },
): Promise<boolean> {
  const kept = await tx
    .insertInto('hand_offs')
    .values({
      change_id: note.changeId,
      run_id: note.runId,
      state: note.state,
      silences: note.silences,
      graphs: note.graphs,
      person: note.person,
    })
    .onConflict((conflict) => conflict.column('change_id').doNothing())
    .returning('change_id')
    .executeTakeFirst();
  return kept !== undefined;
}

/** Writes down which running changes a starter says to know of. */
export async function acknowledge(
  tx: Transaction,
  changeId: string,
  person: string,
  running: readonly string[],
): Promise<void> {
  if (running.length === 0) return;
  await tx
    .insertInto('start_acknowledgements')
    .values(running.map((running_change) => ({ change_id: changeId, running_change, person })))
    .onConflict((conflict) => conflict.columns(['change_id', 'running_change']).doNothing())
    .execute();
}
