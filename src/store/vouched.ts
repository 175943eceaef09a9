import { sql } from 'kysely';
import type { StandingRole } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

/** Who gives a role beside an administrator. */
export type RoleSource = 'claims' | 'directory';

/** The account of a subject of an issuer. Nothing else says whose it is: no name, no e-mail. */
export async function accountOf(
  db: Queries,
  issuer: string,
  subject: string,
): Promise<{ readonly name: string; readonly disabled: boolean } | undefined> {
  const row = await db
    .selectFrom('people')
    .select(['name', 'disabled_at'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row && { name: row.name, disabled: row.disabled_at !== null };
}

/** Makes an account that a provider vouches for; false where the name is taken. */
export async function insertVouched(
  tx: Transaction,
  person: {
    readonly name: string;
    readonly displayName: string;
    readonly issuer: string;
    readonly subject: string;
  },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('people')
    .values({
      name: person.name,
      kind: 'person',
      issuer: person.issuer,
      subject: person.subject,
      display_name: person.displayName,
      bot_of: null,
      password: null,
      same_human_as: null,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Notes that the provider vouched for an account just now. */
export async function noteVouched(tx: Transaction, name: string): Promise<void> {
  await sql`update people set vouched_at = now() where name = ${name}`.execute(tx);
}

/** Makes the roles that a source gives a person these, whatever others give; answers what was given and what ended. */
export async function setRolesBy(
  tx: Transaction,
  source: RoleSource,
  person: string,
  roles: readonly StandingRole[],
): Promise<{ readonly given: StandingRole[]; readonly ended: StandingRole[] }> {
  const ended = await sql<{ role: StandingRole }>`
    update standing_roles set revoked_at = now(), revoked_by = ${source}
    where person = ${person} and source = ${source} and revoked_at is null and role <> all(${[...roles]}::text[])
    returning role`.execute(tx);
  const given = await sql<{ role: StandingRole }>`
    insert into standing_roles (person, role, granted_by, source)
    select ${person}, role, ${source}, ${source} from unnest(${[...roles]}::text[]) as role
    on conflict (person, role, source) where revoked_at is null do nothing
    returning role`.execute(tx);
  return { given: given.rows.map(({ role }) => role), ended: ended.rows.map(({ role }) => role) };
}

/** Everybody to whom a source gives a role now. */
export async function peopleGivenBy(db: Queries, source: RoleSource): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select distinct person from standing_roles where source = ${source} and revoked_at is null order by 1`.execute(
    db,
  );
  return rows.map(({ person }) => person);
}

/** Who holds roles by claims that were made longer ago than so many days. */
export async function peopleNotVouchedFor(db: Queries, days: number): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select distinct r.person from standing_roles r join people p on p.name = r.person
    where r.source = 'claims' and r.revoked_at is null
      and (p.vouched_at is null or p.vouched_at < now() - make_interval(days => ${days}))
    order by 1`.execute(db);
  return rows.map(({ person }) => person);
}
