import { sql } from 'kysely';
import type { LedgerVerdict } from '../contract/ledger.ts';
import { toBase64 } from '../kernel/ledger/base64.ts';
import { sameHash } from '../kernel/ledger/hash.ts';
import type { VerifierKey } from '../kernel/ledger/key.ts';
import { EMPTY_RANGE, rootOf } from '../kernel/ledger/range.ts';
import type { CompactRange } from '../kernel/ledger/range.ts';
import { TILE_HEIGHT } from '../kernel/ledger/tile.ts';
import type { Queries } from './database.ts';
import { readCheckpoints, readLastCheckpoint } from './ledger-checkpoints.ts';
import { ed25519Verifier, sha256 } from './ledger-crypto.ts';
import {
  addAhead,
  addFault,
  openMark,
  readEntry,
  readHeadRow,
  readMark,
  startReading,
} from './ledger-reading.ts';
import type { EntryRow, Mark, Reading } from './ledger-reading.ts';

/** What a verification believes without the database. */
export interface LedgerTrust {
  /** The key of the log. */
  readonly key: VerifierKey;
  /** Reads the newest signed checkpoint as it is kept outside the database; `null` if none is there. */
  readonly readAnchor: () => Promise<Uint8Array | null>;
  /** Whether its absence is a fault as soon as the database holds a checkpoint. */
  readonly anchorRequired: boolean;
}

/** What stands in the database at one moment. Nothing up to there may change any more. */
export interface Bounds {
  readonly head: CompactRange | null;
  readonly newest: bigint | null;
  readonly nodes: bigint;
  readonly lastCheckpoint: bigint | null;
}

interface NodeHash {
  readonly level: number;
  readonly index: bigint;
  readonly hash: Uint8Array;
}

/** Small enough to let other work of the process in between, large enough not to be slowed down by the round trips. */
const PAGE = 1_000;

/**
 * Verifies the whole ledger: every leaf hash from the entry's bytes, the columns by which entries are found, contiguous
 * indexes, every stored subtree hash, the head, signature and root of every checkpoint, and the checkpoint kept outside
 * the database. Reads what was committed when it began; appending goes on meanwhile.
 */
export async function verifyLedger(db: Queries, trust: LedgerTrust): Promise<LedgerVerdict> {
  const reading = startReading(EMPTY_RANGE);
  const verify = ed25519Verifier();
  // Before the bounds: what it was signed for was committed by then, so the entries must be there.
  const anchor = await openAnchor(db, reading, trust);
  const bounds = await readBounds(db);
  const signed = { key: trust.key, verify };
  const marksUpTo = async (after: bigint, upTo: bigint) => {
    const stored = await readCheckpoints(db, after, least(upTo, bounds.lastCheckpoint ?? -1n));
    const notes = stored.map(({ size, note }) => ({ size, bytes: Buffer.from(note, 'utf8') }));
    const marks = notes.map((note) => openMark(reading, 'checkpoint', note, signed));
    return [...marks, anchor].filter(
      (mark) => mark !== null && mark.size > after && mark.size <= upTo,
    ) as Mark[];
  };
  for (const mark of await marksUpTo(-1n, 0n)) readMark(reading, mark);

  let nodes = 0n;
  for await (const { rows, from, next } of pagesUpTo(db, bounds.newest ?? -1n)) {
    const marks = Map.groupBy(await marksUpTo(from, next), (mark) => mark.size);
    const computed = readPageOf(reading, rows, marks);
    await compareNodes(db, reading, computed);
    nodes += BigInt(computed.length);
  }
  if (reading.range !== null && bounds.nodes !== nodes) {
    addFault(reading, 'node-wrong', null, `expected ${nodes} stored subtree hashes, got ${bounds.nodes}`);
  }
  readHeadRow(reading, bounds.head);
  const ahead = await marksUpTo(reading.next, greatest(bounds.lastCheckpoint, anchor?.size));
  addNewestAhead(reading, ahead);
  return verdictOf(reading, { whole: true, anchored: anchor?.size ?? null });
}

/**
 * The checkpoint outside the database, if there is one and it is good. Where it must be there and is not, that is a fault:
 * without it a restored backup goes unseen.
 */
export async function openAnchor(db: Queries, reading: Reading, trust: LedgerTrust): Promise<Mark | null> {
  // In this order, because each checkpoint is kept outside before it is kept in the database.
  const last = await readLastCheckpoint(db);
  const bytes = await trust.readAnchor();
  if (bytes !== null) {
    return openMark(reading, 'anchor', { bytes, size: null }, { key: trust.key, verify: ed25519Verifier() });
  }
  if (trust.anchorRequired && last !== null) {
    const message = `expected the checkpoint kept outside the database, as size ${last.size} was signed, got none`;
    addFault(reading, 'anchor-missing', null, message);
  }
  return null;
}

export async function readBounds(db: Queries): Promise<Bounds> {
  // One statement, so one snapshot.
  const { rows } = await sql<{
    size: bigint | null;
    peaks: Buffer[] | null;
    newest: bigint | null;
    nodes: bigint;
    last_checkpoint: bigint | null;
  }>`
    select (select max(index) from ledger_entries) as newest,
           (select count(*) from ledger_nodes) as nodes,
           (select max(size) from ledger_checkpoints) as last_checkpoint,
           head.size, head.peaks
      from (select) as one left join ledger_head as head on true`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('expected one row of bounds, got none');
  const head = row.size === null || row.peaks === null ? null : { size: row.size, peaks: row.peaks };
  return { head, newest: row.newest, nodes: row.nodes, lastCheckpoint: row.last_checkpoint };
}

export function verdictOf(
  reading: Reading,
  { whole, anchored }: { whole: boolean; anchored: bigint | null },
): LedgerVerdict {
  return {
    sound: reading.faults.length === 0,
    whole,
    size: reading.next.toString(),
    root: reading.range === null ? null : toBase64(rootOf(sha256, reading.range)),
    checkpoints: reading.compared,
    anchored: anchored?.toString() ?? null,
    faults: [...reading.faults],
  };
}

/** Of the checkpoints that are ahead of the entries the newest tells all: one stored, and the one outside. */
export function addNewestAhead(reading: Reading, marks: readonly Mark[]): void {
  for (const kind of ['checkpoint', 'anchor'] as const) {
    const mark = marks.findLast((one) => one.kind === kind);
    if (mark !== undefined) addAhead(reading, mark);
  }
}

interface Page {
  readonly rows: readonly EntryRow[];
  /** The index that was asked for, and the one behind the last of the page. */
  readonly from: bigint;
  readonly next: bigint;
}

/** All entries up to one, page by page. The database reads a page while the one before it is hashed here. */
async function* pagesUpTo(db: Queries, newest: bigint): AsyncGenerator<Page> {
  const ask = (from: bigint) => (from <= newest ? readPage(db, from, newest) : null);
  let from = 0n;
  let asked = ask(from);
  while (asked !== null) {
    const rows = await asked;
    const last = rows.at(-1);
    if (last === undefined) return;
    const next = last.index + 1n;
    asked = ask(next);
    // Whoever goes on hears of a failure; whoever stops in between need not.
    asked?.catch(() => undefined);
    yield { rows, from, next };
    from = next;
  }
}

/** The entries from one index up to another, a page at most. */
export async function readPage(
  db: Queries,
  from: bigint,
  upTo: bigint,
  most: number = PAGE,
): Promise<EntryRow[]> {
  // Without an upper bound in the query: with one the planner, which knows little of a young table, sorts it all.
  const { rows } = await sql<EntryRow>`
    /* prepared: ledger_page */ select index, entry, leaf_hash, object, type, subject, outcome
    from ledger_entries where index >= ${from} order by index limit ${most}::int`.execute(db);
  return rows.filter((row) => row.index <= upTo);
}

/** Reads a page, and gives the hashes of the subtrees that it completed and that are stored. */
function readPageOf(
  reading: Reading,
  rows: readonly EntryRow[],
  marks: ReadonlyMap<bigint, readonly Mark[]>,
): NodeHash[] {
  const nodes: NodeHash[] = [];
  for (const row of rows) {
    readEntry(reading, row, (level, index, hash) => {
      if (level % TILE_HEIGHT === 0) nodes.push({ level: level / TILE_HEIGHT, index, hash });
    });
    for (const mark of marks.get(reading.next) ?? []) readMark(reading, mark);
  }
  return nodes;
}

async function compareNodes(db: Queries, reading: Reading, nodes: readonly NodeHash[]): Promise<void> {
  if (nodes.length === 0) return;
  const { rows } = await sql<{ level: number; index: bigint; hash: Buffer }>`
    select level, index, hash from ledger_nodes
     where (level, index) in (select * from unnest(
       ${nodes.map((node) => node.level)}::smallint[], ${nodes.map((node) => node.index)}::bigint[]))`.execute(
    db,
  );
  const stored = new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hash]));
  for (const { level, index, hash } of nodes) {
    const found = stored.get(`${level}/${index}`);
    if (found !== undefined && sameHash(found, hash)) continue;
    const height = BigInt(level * TILE_HEIGHT);
    const span = { start: index << height, end: (index + 1n) << height };
    const got = found === undefined ? 'none' : 'another';
    addFault(
      reading,
      'node-wrong',
      span,
      `expected the stored hash ${level}/${index} from the entries, got ${got}`,
    );
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function greatest(...sizes: (bigint | null | undefined)[]): bigint {
  return sizes.reduce<bigint>((most, size) => (size != null && size > most ? size : most), -1n);
}
