import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** A registered host without what proves it. */
export interface BastionRow {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly role: 'bastion' | 'deployer';
  readonly privileged: boolean;
  readonly registered_at: Date;
  readonly registered_by: string;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
}

const columns = sql<BastionRow>`
  id, name, environment, role, privileged, registered_at, registered_by, expires_at, revoked_at`;

export interface NewBastion {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly role: 'bastion' | 'deployer';
  readonly privileged: boolean;
  /** SHA-256 of the key. */
  readonly keyHash: Uint8Array;
  readonly days: number;
  readonly by: string;
}

/** Registers a host; undefined where one of that name is registered and not revoked. */
export async function insertBastion(tx: Transaction, bastion: NewBastion): Promise<BastionRow | undefined> {
  const { rows } = await sql<BastionRow>`
    insert into bastions (id, name, environment, role, privileged, key_hash, registered_by, expires_at)
    values (${bastion.id}, ${bastion.name}, ${bastion.environment}, ${bastion.role}, ${bastion.privileged},
      ${bastion.keyHash}, ${bastion.by}, now() + make_interval(days => ${bastion.days}))
    on conflict (name) where revoked_at is null do nothing
    returning ${columns}`.execute(tx);
  return rows[0];
}

/** The host that presents this key, if its registration stands. */
export async function bastionByKey(db: Queries, keyHash: Uint8Array): Promise<BastionRow | undefined> {
  const { rows } = await sql<BastionRow>`/* prepared: bastion_by_key */
    select ${columns} from bastions
    where key_hash = ${keyHash} and revoked_at is null and expires_at > now()`.execute(db);
  return rows[0];
}

/** Whether a host whose key was proven is registered so at this statement. */
export async function bastionStands(
  db: Queries,
  { name, environment, role }: Pick<BastionRow, 'name' | 'environment' | 'role'>,
): Promise<boolean> {
  const { rows } = await sql`/* prepared: bastion_stands */
    select from bastions where name = ${name} and environment = ${environment} and role = ${role}
      and revoked_at is null and expires_at > clock_timestamp()`.execute(db);
  return rows.length > 0;
}

/** All registrations, newest first, revoked ones too. */
export async function listBastions(db: Queries): Promise<BastionRow[]> {
  return (await sql<BastionRow>`select ${columns} from bastions order by registered_at desc, id`.execute(db))
    .rows;
}

/** Revokes the registration in force; undefined where there is none. */
export async function revokeBastion(
  tx: Transaction,
  name: string,
  by: string,
): Promise<BastionRow | undefined> {
  const { rows } = await sql<BastionRow>`
    update bastions set revoked_at = now(), revoked_by = ${by}
    where name = ${name} and revoked_at is null returning ${columns}`.execute(tx);
  return rows[0];
}
