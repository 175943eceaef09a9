import { sql } from 'kysely';
import type { Finding } from '../contract/changes.ts';
import type { Plan } from '../contract/plan.ts';
import type { PlanFacts } from '../kernel/policy/facts.ts';
import type { ChangeState } from '../kernel/change/state.ts';
import type { Criticality, Kind, Severity } from '../kernel/policy/facts.ts';
import type { Queries, Transaction } from './database.ts';

/** A request with its newest revision, as the store knows it. */
export interface ChangeRow {
  readonly id: string;
  readonly state: ChangeState;
  readonly revision: number;
  readonly version: bigint;
  readonly author: string;
  readonly author_bot_of: string | null;
  readonly slot_start: Date | null;
  readonly slot_end: Date | null;
  /** Which of its slots this is: what was said of a former one does not count for it. */
  readonly slot_edition: number;
  readonly slot_accepted: boolean;
  readonly on_calendar: boolean;
  readonly retry_of: string | null;
  /** The request that it is a copy of. */
  readonly cloned_from: string | null;
  readonly opened_at: Date;
  readonly title: string;
  readonly environment: string;
  readonly services: string[];
  readonly criticality: Criticality;
  readonly severity: Severity;
  readonly kind: Kind;
  readonly executor: string;
  readonly digest: string;
}

/** One revision: the plan as it was sent, and what the server read in it. */
export interface RevisionRow {
  readonly revision: number;
  readonly plan_file: string;
  readonly plan_text: string;
  /** Text of each script by its path in the plan. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly plan: Plan;
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly summary: { readonly [K in keyof PlanFacts]-?: Exclude<PlanFacts[K], undefined> };
  readonly findings: readonly Finding[];
  readonly by: string;
  readonly at: Date;
}

/** The columns of `ChangeRow`, of `changes`. */
export const changeColumns = sql<ChangeRow>`
  id, state, revision, version, author, author_bot_of, lower(slot) as slot_start, upper(slot) as slot_end, slot_edition,
  slot_accepted, on_calendar, retry_of, cloned_from, opened_at, title, environment, services, criticality, severity, kind,
  executor, digest`;

/** What a plan says that lists are made of. */
export interface Outline {
  readonly title: string;
  readonly environment: string;
  readonly services: readonly string[];
  readonly criticality: Criticality;
  readonly severity: Severity;
  readonly kind: Kind;
  readonly executor: string;
  readonly digest: string;
  /** Words that it is found by beside its title and its environment. */
  readonly words: string;
}

export type NewRevision = Omit<RevisionRow, 'at'>;

async function insertRevision(tx: Transaction, changeId: string, revision: NewRevision): Promise<void> {
  await sql`
    /* prepared: revision_insert */ insert into change_revisions (change_id, revision, plan_file, plan_text, scripts, plan,
      digest, parts, summary, findings, by)
    values (${changeId}, ${revision.revision}, ${revision.plan_file}, ${revision.plan_text},
      ${JSON.stringify(revision.scripts)}, ${JSON.stringify(revision.plan)}, ${revision.digest}, ${JSON.stringify(revision.parts)},
      ${JSON.stringify(revision.summary)}, ${JSON.stringify(revision.findings)}, ${revision.by})`.execute(tx);
}

/** Adds a revision; the outline of the request follows it. */
export async function addRevision(
  tx: Transaction,
  changeId: string,
  outline: Outline,
  revision: NewRevision,
): Promise<void> {
  await insertRevision(tx, changeId, revision);
  await sql`
    update changes set revision = ${revision.revision}, version = version + 1, changed_at = now(), title = ${outline.title},
      environment = ${outline.environment}, services = ${outline.services}, criticality = ${outline.criticality},
      severity = ${outline.severity}, kind = ${outline.kind}, executor = ${outline.executor}, digest = ${outline.digest},
      words = ${outline.words}
    where id = ${changeId}`.execute(tx);
}

/** One request. */
export async function findChange(db: Queries, id: string): Promise<ChangeRow | undefined> {
  return (
    await sql<ChangeRow>`/* prepared: change_find */ select ${changeColumns} from changes where id = ${id}`.execute(
      db,
    )
  ).rows[0];
}

/** One request, held until the transaction ends: acts on one request happen one after the other. */
export async function lockChange(tx: Transaction, id: string): Promise<ChangeRow | undefined> {
  return (
    await sql<ChangeRow>`
      /* prepared: change_lock */ select ${changeColumns} from changes where id = ${id} for no key update`.execute(
      tx,
    )
  ).rows[0];
}

/** The requests that try one again, in their order. */
export async function retriesOf(db: Queries, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from changes where retry_of = ${id} order by number`.execute(db);
  return rows.map((row) => row.id);
}

/** One revision of a request. */
export async function findRevision(
  db: Queries,
  id: string,
  revision: number,
): Promise<RevisionRow | undefined> {
  return (
    await sql<RevisionRow>`
      /* prepared: revision_find */ select revision, plan_file, plan_text, scripts, plan, digest, parts, summary, findings, by, at
      from change_revisions where change_id = ${id} and revision = ${revision}`.execute(db)
  ).rows[0];
}

/** The newest revision that bears a digest: what somebody who approved it has seen. */
export async function revisionOfDigest(
  db: Queries,
  id: string,
  digest: string,
): Promise<RevisionRow | undefined> {
  return (
    await sql<RevisionRow>`
      select revision, plan_file, plan_text, scripts, plan, digest, parts, summary, findings, by, at from change_revisions
      where change_id = ${id} and digest = ${digest} order by revision desc limit 1`.execute(db)
  ).rows[0];
}

/** The agent that wrote the first text of a request; `undefined` where none did. */
export async function agentWhoOpened(db: Queries, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from change_revisions join people on people.name = by
    where change_id = ${id} and revision = 1 and agent`.execute(db);
  return rows[0]?.name;
}

/** Everybody who wrote a revision of a digest: none of them can be its reviewer. */
export async function writersOf(db: Queries, id: string, digest: string): Promise<string[]> {
  const { rows } = await sql<{ by: string }>`
    select distinct by from change_revisions where change_id = ${id} and digest = ${digest}`.execute(db);
  return rows.map(({ by }) => by);
}

/** Sets the state of a request. */
export async function setState(tx: Transaction, id: string, state: ChangeState): Promise<void> {
  await sql`
    /* prepared: change_state */ update changes set state = ${state}, version = version + 1, changed_at = now()
    where id = ${id}`.execute(tx);
}

export interface SlotOf {
  readonly slot: { readonly start: Date; readonly end: Date } | null;
  readonly accepted: boolean;
  readonly onCalendar: boolean;
  /** Where the request stands with it. */
  readonly state: ChangeState;
}

/** Sets the slot of a request, tentative or accepted, and the state that goes with it. */
export async function setSlot(
  tx: Transaction,
  id: string,
  { slot, accepted, onCalendar, state }: SlotOf,
): Promise<void> {
  const range = slot === null ? sql`null::tstzrange` : sql`tstzrange(${slot.start}, ${slot.end})`;
  await sql`
    update changes set slot = ${range}, slot_edition = slot_edition + (slot is distinct from ${range})::integer,
      slot_accepted = ${accepted}, on_calendar = ${onCalendar}, state = ${state},
      slot_set_at = now(), last_slot = coalesce(${range}, slot, last_slot), version = version + 1, changed_at = now()
    where id = ${id}`.execute(tx);
}

/** Whether somebody wrote, or executes, a change that runs now. */
export async function hasRunningChange(db: Queries, person: string): Promise<boolean> {
  const { rows } = await sql`
    select id from changes where state = 'in-progress' and (author = ${person} or executor = ${person}) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
