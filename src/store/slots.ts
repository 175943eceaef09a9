import { sql } from 'kysely';
import type { ChangeState } from '../kernel/change/state.ts';
import type { Criticality } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';

/** A request that has, or had, a slot. */
export interface SlotRow {
  readonly id: string;
  readonly title: string;
  readonly state: ChangeState;
  readonly environment: string;
  readonly services: string[];
  readonly criticality: Criticality;
  readonly executor: string;
  readonly start: Date;
  readonly end: Date;
  readonly accepted: boolean;
  /** Whether it still has this slot. */
  readonly held: boolean;
  readonly version: bigint;
  readonly changed_at: Date;
}

const columns = sql`id, title, state, environment, services, criticality, executor, lower(last_slot) as start,
  upper(last_slot) as "end", slot_accepted as accepted, slot is not null as held, version, changed_at`;

/** Requests whose slot touches `[from, to)`, in one environment or all, by start. */
export async function slotsBetween(
  db: Queries,
  {
    from,
    to,
    environment = null,
  }: { readonly from: Date; readonly to: Date; readonly environment?: string | null },
): Promise<SlotRow[]> {
  const { rows } = await sql<SlotRow>`
    select ${columns} from changes
    where slot && tstzrange(${from}, ${to}) and state not in ('draft', 'rejected', 'cancelled')
      and (${environment}::text is null or environment = ${environment})
    order by lower(slot), number`.execute(db);
  return rows;
}

/** Requests whose newest slot touches `[from, to)`, given up ones too if that was after `since`. */
export async function publishedSlots(
  db: Queries,
  span: { readonly from: Date; readonly to: Date; readonly since: Date; readonly environment: string | null },
): Promise<SlotRow[]> {
  const { rows } = await sql<SlotRow>`
    select ${columns} from changes
    where last_slot && tstzrange(${span.from}, ${span.to}) and state <> 'draft'
      and (${span.environment}::text is null or environment = ${span.environment})
      and ((slot is not null and state not in ('rejected', 'cancelled')) or changed_at > ${span.since})
    order by lower(last_slot), number limit 5000`.execute(db);
  return rows;
}

/** A slot that ran out, with whom that concerns. */
export interface ExpiredSlot {
  readonly id: string;
  readonly state: ChangeState;
  readonly digest: string;
  readonly revision: number;
  readonly slot_edition: number;
  readonly accepted: boolean;
  readonly start: Date;
  readonly end: Date;
  readonly people: string[];
}

/**
 * A slot that was pencilled in too long ago or whose start has passed, or that was accepted and has passed unused; held until the
 * transaction ends, others who look for the same skip it.
 */
export async function takeExpiredSlot(
  tx: Transaction,
  tentativeMs: number,
): Promise<ExpiredSlot | undefined> {
  const { rows } = await sql<ExpiredSlot>`
    select id, state, digest, revision, slot_edition, slot_accepted as accepted, lower(slot) as start, upper(slot) as "end",
      array_remove(array[author, author_bot_of, executor], null) as people
    from changes
    where slot is not null and (
      (state = 'scheduled' and upper(slot) <= now())
      or (state = 'unscheduled' and (
        lower(slot) <= now() or slot_set_at <= now() - make_interval(secs => ${tentativeMs / 1_000})
      ))
    )
    order by number limit 1 for update skip locked`.execute(tx);
  return rows[0];
}

/** Slots are given out by one transaction at a time: two that overlap are never accepted without either seeing the other. */
export async function lockCalendar(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('interlock calendar'))`.execute(tx);
}
