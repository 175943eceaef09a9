import { sql, type RawBuilder } from 'kysely';
import type { AccountKind, StandingRole } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';
import type { Given } from './rows-in-json.ts';

/** An account as the store knows it, without what proves it. */
export interface PersonRow {
  readonly name: string;
  readonly kind: AccountKind;
  readonly issuer: string;
  readonly subject: string;
  readonly display_name: string;
  readonly bot_of: string | null;
  readonly agent: boolean;
  readonly same_human_as: string | null;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
  readonly roles: StandingRole[];
}

const columns = sql<PersonRow>`
  p.name, p.kind, p.issuer, p.subject, p.display_name, p.bot_of, p.agent, p.same_human_as, p.created_at, p.disabled_at,
  array(select distinct r.role from standing_roles r where r.person = p.name and r.revoked_at is null order by 1) as roles`;

/** All accounts, by name. */
export async function listPeople(db: Queries): Promise<PersonRow[]> {
  return (await sql<PersonRow>`select ${columns} from people p order by p.name`.execute(db)).rows;
}

/** One account, disabled or not. */
export async function findPerson(db: Queries, name: string): Promise<PersonRow | undefined> {
  return (await sql<PersonRow>`select ${columns} from people p where p.name = ${name}`.execute(db)).rows[0];
}

/** One account, held until the transaction ends: acts on one account happen one after the other. */
export async function lockPerson(tx: Transaction, name: string): Promise<PersonRow | undefined> {
  await sql`select 1 from people where name = ${name} for update`.execute(tx);
  return findPerson(tx, name);
}

export interface NewPerson {
  readonly name: string;
  readonly kind: AccountKind;
  readonly displayName: string;
  readonly botOf: string | null;
  /** Whether it is the agent of that human. */
  readonly agent?: boolean;
  /** `scrypt$…`, or `null` where the account signs in by token alone. */
  readonly password: string | null;
}

/** Inserts a local account; false where the name is taken. */
export async function insertPerson(tx: Transaction, person: NewPerson): Promise<boolean> {
  const inserted = await tx
    .insertInto('people')
    .values({
      name: person.name,
      kind: person.kind,
      issuer: 'local',
      subject: person.name,
      display_name: person.displayName,
      bot_of: person.botOf,
      agent: person.agent ?? false,
      password: person.password,
    })
    // Without naming one: two at once may meet at any of the table's keys first.
    .onConflict((conflict) => conflict.doNothing())
    .returning('name')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function setDisplayName(tx: Transaction, name: string, displayName: string): Promise<void> {
  await tx.updateTable('people').set({ display_name: displayName }).where('name', '=', name).execute();
}

export async function setPassword(tx: Transaction, name: string, password: string): Promise<void> {
  await tx.updateTable('people').set({ password }).where('name', '=', name).execute();
}

/** The stored form of a password, for an account that may sign in. */
export async function passwordOf(db: Queries, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('people')
    .select('password')
    .where('name', '=', name)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return row?.password ?? undefined;
}

/** Disables an account, or lets it in again. */
export async function setDisabled(tx: Transaction, name: string, disabled: boolean): Promise<void> {
  await sql`update people set disabled_at = ${disabled ? sql`now()` : null} where name = ${name}`.execute(tx);
}

/** Whether there is any account at all. */
export async function anyPerson(db: Queries): Promise<boolean> {
  return (await db.selectFrom('people').select('name').limit(1).executeTakeFirst()) !== undefined;
}

/** Nobody else makes or changes an account until the transaction ends. */
export async function lockPeople(tx: Transaction): Promise<void> {
  await sql`lock table people in share row exclusive mode`.execute(tx);
}

/** The roles that each of these accounts holds and a decision asks for; none where an account is disabled or unknown. */
export async function rolesOf(
  db: Queries,
  names: readonly string[],
): Promise<Record<string, RolesRow['roles']>> {
  const { rows } = await rolesHeld(names).execute(db);
  return Object.fromEntries(rows.map(({ name, roles }) => [name, roles]));
}

/** An account with the roles that it holds and a decision asks for. */
export interface RolesRow {
  readonly name: string;
  readonly roles: ('reviewer' | 'management' | 'director' | 'vpe')[];
}

/** The same as a query. */
export function rolesHeld(names: Given<readonly string[]>): RawBuilder<RolesRow> {
  return sql`
    select asked.name, coalesce(array_agg(distinct r.role order by r.role) filter (where r.role is not null), '{}') as roles
    from unnest(${names}::text[]) as asked (name)
    left join people p on p.name = asked.name and p.disabled_at is null
    left join standing_roles r on r.person = p.name and r.revoked_at is null and r.role <> 'admin'
    group by asked.name order by asked.name`;
}
