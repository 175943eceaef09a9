import { sql } from 'kysely';
import type { Queries, Transaction } from './database.ts';

/** The terminal of one runner of a run. */
export interface TerminalOf {
  readonly runId: string;
  readonly epoch: number;
}

/** Bytes of it, from one on; whole lines. */
export interface TerminalPart {
  readonly from: number;
  readonly bytes: Buffer;
}

/** How far something of it is held, and when the last of that came; epoch milliseconds. */
export interface TerminalEnd {
  readonly bytes: number;
  readonly at: number | null;
}

/** What a terminal may have here that no recording holds yet. */
const MOST_BYTES = 4 * 1_048_576;

/** Keeps what a terminal showed a moment ago; false where too much of it waits for its recording. */
export async function keepTerminalPart(
  tx: Transaction,
  { runId, epoch }: TerminalOf,
  { from, bytes }: TerminalPart,
): Promise<boolean> {
  const { rows } = await sql`
    /* prepared: run_terminal_keep */ insert into run_terminals (run_id, epoch, from_byte, bytes)
    select ${runId}, ${epoch}, ${from}, ${bytes}::bytea where (
      select coalesce(sum(octet_length(bytes)), 0) from run_terminals where run_id = ${runId} and epoch = ${epoch}
    ) < ${MOST_BYTES}
    on conflict (run_id, epoch, from_byte) do update set bytes = excluded.bytes
      where octet_length(excluded.bytes) > octet_length(run_terminals.bytes)
    returning 1`.execute(tx);
  return rows.length > 0;
}

/** Takes away what the recording holds by now. */
export async function dropTerminalParts(tx: Transaction, { runId, epoch }: TerminalOf): Promise<void> {
  const { bytes } = await recordedEnd(tx, { runId, epoch });
  await sql`
    delete from run_terminals where run_id = ${runId} and epoch = ${epoch}
      and from_byte + octet_length(bytes) <= ${bytes}`.execute(tx);
}

/** The newest runner whose terminal is known. */
export async function newestTerminal(db: Queries, runId: string): Promise<number | null> {
  const { rows } = await sql<{ epoch: number | null }>`
    /* prepared: run_terminal_newest */ select greatest(
      (select max(epoch) from run_terminals where run_id = ${runId}),
      (select max(substring(name from ${CHUNK})::int) from run_files
        where run_id = ${runId} and kind = 'recording' and name ~ ${CHUNK})
    ) as epoch`.execute(db);
  return rows[0]?.epoch ?? null;
}

/** How far the recording goes. */
export async function recordedEnd(db: Queries, terminal: TerminalOf): Promise<TerminalEnd> {
  const { rows } = await sql<{ bytes: bigint | null; at: Date | null }>`
    /* prepared: run_recorded_end */ with ${chunksOf(terminal)}
    select sum(length) as bytes, max(received_at) as at from chunks`.execute(db);
  return { bytes: Number(rows[0]?.bytes ?? 0), at: rows[0]?.at?.getTime() ?? null };
}

/** What is recorded from a byte on, and no more than so much of the first two chunks of it. */
export async function recordedFrom(
  db: Queries,
  terminal: TerminalOf,
  { from, most }: { readonly from: number; readonly most: number },
): Promise<TerminalPart[]> {
  const { rows } = await sql<{ from: bigint; bytes: Buffer }>`
    /* prepared: run_recorded_from */ with ${chunksOf(terminal)}, placed as (
      select id, length, sum(length) over (order by name) - length as begins from chunks
    )
    select greatest(begins, ${from})::bigint as "from",
      substring(bytes from (greatest(${from} - begins, 0) + 1)::int for ${most}) as bytes
    from placed join run_files using (id) where begins + length > ${from} order by begins limit 2`.execute(
    db,
  );
  return rows.map((row) => ({ from: Number(row.from), bytes: row.bytes }));
}

/** Where the chunk begins that was still open at an instant; 0 where none was. */
export async function recordedAt(db: Queries, terminal: TerminalOf, at: number): Promise<number> {
  const { rows } = await sql<{ bytes: bigint | null }>`
    /* prepared: run_recorded_at */ with ${chunksOf(terminal)}
    select sum(length) as bytes from chunks where received_at < ${new Date(at)}`.execute(db);
  return Number(rows[0]?.bytes ?? 0);
}

/** What it showed a moment ago, from a byte on, in its order. */
export async function terminalParts(
  db: Queries,
  { runId, epoch }: TerminalOf,
  from: number,
): Promise<(TerminalPart & { readonly at: number })[]> {
  const { rows } = await sql<{ from_byte: bigint; bytes: Buffer; received_at: Date }>`
    /* prepared: run_terminal_parts */ select from_byte, bytes, received_at from run_terminals
    where run_id = ${runId} and epoch = ${epoch} and from_byte + octet_length(bytes) > ${from}
    order by from_byte`.execute(db);
  return rows.map((row) => ({
    from: Number(row.from_byte),
    bytes: row.bytes,
    at: row.received_at.getTime(),
  }));
}

/** How a runner names the chunks of a recording: the epoch, and the place in it. */
const CHUNK = '^terminal-(\\d{1,9})-\\d{5}\\.cast$';

/** Of a chunk that was handed in twice under one name the newest, as it goes on where the other ended. */
function chunksOf({ runId, epoch }: TerminalOf) {
  return sql`chunks as (
    select distinct on (name) name, id, octet_length(bytes) as length, received_at from run_files
    where run_id = ${runId} and kind = 'recording' and name ~ ${`^terminal-${epoch}-\\d{5}\\.cast$`}
    order by name, id desc
  )`;
}
