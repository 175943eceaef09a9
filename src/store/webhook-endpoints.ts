import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** Where somebody wants to hear of what is recorded. */
export interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly created_by: string;
  readonly created_at: Date;
  readonly generation: number;
  readonly rotated_at: Date | null;
  readonly cursor: bigint;
  readonly disabled_at: Date | null;
  readonly disabled_because: string | null;
}

const columns = sql`id, url, description, types, created_by, created_at, generation, rotated_at, cursor, disabled_at,
  disabled_because`;

export interface NewEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly by: string;
}

/** Adds an endpoint that hears of what is recorded from now on. */
export async function insertEndpoint(tx: Transaction, endpoint: NewEndpoint): Promise<EndpointRow> {
  const { id, url, description, types, by } = endpoint;
  await sql`
    insert into webhook_endpoints (id, url, description, types, created_by, cursor)
    select ${id}, ${url}, ${description}, ${types}, ${by}, size from ledger_head`.execute(tx);
  const { rows } = await sql<EndpointRow>`
    select ${columns} from webhook_endpoints where id = ${id}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('expected the endpoint that was just written, got none');
  return row;
}

/** Every endpoint, the newest first. */
export async function listEndpoints(db: Queries): Promise<EndpointRow[]> {
  return (
    await sql<EndpointRow>`select ${columns} from webhook_endpoints order by created_at desc, id`.execute(db)
  ).rows;
}

export async function findEndpoint(db: Queries, id: string): Promise<EndpointRow | undefined> {
  return (await sql<EndpointRow>`select ${columns} from webhook_endpoints where id = ${id}`.execute(db))
    .rows[0];
}

/** One endpoint, held until the transaction ends. */
export async function lockEndpoint(tx: Transaction, id: string): Promise<EndpointRow | undefined> {
  return (
    await sql<EndpointRow>`select ${columns} from webhook_endpoints where id = ${id} for update`.execute(tx)
  ).rows[0];
}

/** An endpoint behind the end of the ledger, held; what another server holds is skipped. */
export async function takeEndpointBehind(tx: Transaction): Promise<EndpointRow | undefined> {
  return (
    await sql<EndpointRow>`
      select ${columns} from webhook_endpoints
      where disabled_at is null and cursor < (select size from ledger_head)
      order by cursor limit 1 for update skip locked`.execute(tx)
  ).rows[0];
}

export async function moveCursor(tx: Transaction, id: string, cursor: bigint): Promise<void> {
  await sql`update webhook_endpoints set cursor = ${cursor} where id = ${id}`.execute(tx);
}

/** Gives an endpoint its next secret; the one before is good beside it for a while. */
export async function nextGeneration(tx: Transaction, id: string): Promise<void> {
  await sql`
    update webhook_endpoints set generation = generation + 1, rotated_at = clock_timestamp() where id = ${id}`.execute(
    tx,
  );
}

/** Disables an endpoint. Gives whether it was not. */
export async function disableEndpoint(tx: Transaction, id: string, because: string): Promise<boolean> {
  const { rows } = await sql`
    update webhook_endpoints set disabled_at = clock_timestamp(), disabled_because = ${because}
    where id = ${id} and disabled_at is null returning id`.execute(tx);
  return rows.length > 0;
}
