import { sql } from 'kysely';
import type { GuardedEnd, GuardedTarget } from '../contract/guarded-commands.ts';
import type { Queries, Transaction } from './database.ts';

/** A command that was guarded on a bastion. */
export interface GuardedCommandRow {
  readonly number: bigint;
  readonly id: string;
  readonly person: string;
  readonly bastion: string;
  readonly incident_id: string | null;
  readonly targets: readonly GuardedTarget[];
  readonly argv: readonly string[];
  readonly observer: string | null;
  readonly started_at: Date;
  readonly heard_at: Date;
  readonly ended: GuardedEnd | null;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly review: string | null;
}

const columns = sql`
  number, id, person, bastion, incident_id, targets, argv, observer, started_at, heard_at, ended, reviewed_by, reviewed_at, review`;

export interface NewGuardedCommand {
  readonly key: string;
  readonly person: string;
  readonly bastion: string;
  readonly incidentSaid: string | null;
  readonly incident: string | null;
  readonly targets: readonly GuardedTarget[];
  readonly argv: readonly string[];
  readonly observer: string | null;
  readonly startedAt: Date;
}

/** Keeps a command that was not heard of before; `null` where its key was. */
export async function insertGuardedCommand(
  tx: Transaction,
  command: NewGuardedCommand,
): Promise<GuardedCommandRow | null> {
  const { rows } = await sql<GuardedCommandRow>`
    insert into guarded_commands (key, person, bastion, incident_said, incident_id, targets, argv, observer, started_at)
    values (${command.key}, ${command.person}, ${command.bastion}, ${command.incidentSaid}, ${command.incident},
      ${JSON.stringify(command.targets)}, ${JSON.stringify(command.argv)}, ${command.observer}, ${command.startedAt})
    on conflict (key) do nothing returning ${columns}`.execute(tx);
  return rows[0] ?? null;
}

/** A command by the key of the bastion, held until the transaction ends. */
export async function lockGuardedByKey(tx: Transaction, key: string): Promise<GuardedCommandRow | null> {
  const { rows } = await sql<GuardedCommandRow>`
    select ${columns} from guarded_commands where key = ${key} for no key update`.execute(tx);
  return rows[0] ?? null;
}

/** The same by its id. */
export async function lockGuarded(tx: Transaction, id: string): Promise<GuardedCommandRow | null> {
  const { rows } = await sql<GuardedCommandRow>`
    select ${columns} from guarded_commands where id = ${id} for no key update`.execute(tx);
  return rows[0] ?? null;
}

/** Adds how a command ended. */
export async function endGuarded(tx: Transaction, id: string, ended: GuardedEnd): Promise<GuardedCommandRow> {
  return one(
    await sql<GuardedCommandRow>`
      update guarded_commands set ended = ${JSON.stringify(ended)}, end_heard_at = clock_timestamp()
      where id = ${id} returning ${columns}`.execute(tx),
  );
}

/** Adds who reviewed it, and what came of that. */
export async function reviewGuarded(
  tx: Transaction,
  id: string,
  { by, text }: { readonly by: string; readonly text: string },
): Promise<GuardedCommandRow> {
  return one(
    await sql<GuardedCommandRow>`
      update guarded_commands set reviewed_by = ${by}, reviewed_at = clock_timestamp(), review = ${text}
      where id = ${id} returning ${columns}`.execute(tx),
  );
}

function one({ rows }: { readonly rows: readonly GuardedCommandRow[] }): GuardedCommandRow {
  const [row] = rows;
  if (row === undefined) throw new Error('expected the guarded command that is held, got none');
  return row;
}

export interface GuardedFilter {
  readonly open: boolean;
  readonly incident: string | null;
  readonly before: bigint | null;
  readonly limit: number;
}

/** A page of guarded commands, the newest first. */
export async function listGuarded(db: Queries, filter: GuardedFilter): Promise<GuardedCommandRow[]> {
  const { open, incident, before, limit } = filter;
  return (
    await sql<GuardedCommandRow>`
      select ${columns} from guarded_commands
      where (${!open} or reviewed_at is null) and (${incident}::text is null or incident_id = ${incident})
        and (${before}::bigint is null or number < ${before})
      order by number desc limit ${limit}`.execute(db)
  ).rows;
}
