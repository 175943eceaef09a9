import { sql } from 'kysely';
import type { StandingRole } from '../contract/people.ts';
import type { Queries, Transaction } from './database.ts';

interface Grant {
  readonly person: string;
  readonly role: StandingRole;
  /** Account name of who grants or revokes. */
  readonly by: string;
}

/** Grants a role by hand; false where the person holds it by hand already. */
export async function grantRole(tx: Transaction, grant: Grant): Promise<boolean> {
  const { rows } = await sql`
    insert into standing_roles (person, role, granted_by)
    values (${grant.person}, ${grant.role}, ${grant.by})
    on conflict (person, role, source) where revoked_at is null do nothing
    returning id`.execute(tx);
  return rows.length > 0;
}

/** Takes away a role that was granted by hand; false where the person does not hold it so. */
export async function revokeRole(tx: Transaction, grant: Grant): Promise<boolean> {
  const { rows } = await sql`
    update standing_roles set revoked_at = now(), revoked_by = ${grant.by}
    where person = ${grant.person} and role = ${grant.role} and source = 'hand' and revoked_at is null
    returning id`.execute(tx);
  return rows.length > 0;
}

/** Takes every role of a person away. */
export async function revokeRolesOf(tx: Transaction, person: string, by: string): Promise<void> {
  await sql`
    update standing_roles set revoked_at = now(), revoked_by = ${by}
    where person = ${person} and revoked_at is null`.execute(tx);
}

/** The roles that every person holds now, of those who may sign in. A person without any is absent. */
export async function heldRoles(db: Queries): Promise<Map<string, StandingRole[]>> {
  const { rows } = await sql<{ person: string; roles: StandingRole[] }>`
    select r.person, array_agg(distinct r.role order by r.role) as roles
    from standing_roles r join people p on p.name = r.person
    where r.revoked_at is null and p.disabled_at is null
    group by r.person order by r.person`.execute(db);
  return new Map(rows.map((row) => [row.person, row.roles]));
}

/** People who hold one of these roles now and may sign in, in the order of the roles. */
export async function holdersOf(db: Queries, roles: readonly StandingRole[]): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select r.person from standing_roles r join people p on p.name = r.person
    where r.role = any(${roles}::text[]) and r.revoked_at is null and p.disabled_at is null and p.kind = 'person'
    group by r.person order by min(array_position(${roles}::text[], r.role)), r.person`.execute(db);
  return rows.map(({ person }) => person);
}

/** How many administrators could sign in. Their rows are held, so that two cannot remove each other at once. */
export async function lockAdmins(tx: Transaction): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select r.person from standing_roles r join people p on p.name = r.person
    where r.role = 'admin' and r.revoked_at is null and p.disabled_at is null
    order by r.person for update of r, p`.execute(tx);
  return [...new Set(rows.map((row) => row.person))];
}
