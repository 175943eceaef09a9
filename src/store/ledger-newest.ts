import type { LedgerVerdict } from '../contract/ledger.ts';
import { EMPTY_RANGE } from '../kernel/ledger/range.ts';
import type { Queries } from './database.ts';
import { readLastCheckpoint } from './ledger-checkpoints.ts';
import { ed25519Verifier } from './ledger-crypto.ts';
import { MissingHashes, readRange } from './ledger-hashes.ts';
import { addFault, openMark, readEntry, readHeadRow, readMark, startReading } from './ledger-reading.ts';
import type { Mark, Reading } from './ledger-reading.ts';
import { addNewestAhead, openAnchor, readBounds, readPage, verdictOf } from './ledger-verify.ts';
import type { LedgerTrust } from './ledger-verify.ts';

/** How many of the newest entries are read at a start. */
const NEWEST = 256n;
/** What is new is read every second beside everything else: whoever is being answered meanwhile waits for as long as a page takes. */
const PAGE = 200;

/** What was read at the end of the ledger. */
export interface NewestReading {
  readonly reading: Reading;
  /** The size of the checkpoint kept outside the database. */
  readonly anchored: bigint | null;
}

/**
 * Verifies the end of the ledger, in time that does not grow with it: the head, the newest entries, the newest
 * checkpoint and the one outside the database. For what is older it believes the stored hashes.
 */
export async function verifyNewest(db: Queries, trust: LedgerTrust): Promise<LedgerVerdict> {
  const { reading, anchored } = await readNewest(db, trust, NEWEST);
  return verdictOf(reading, { whole: false, anchored });
}

/** Reads what was appended since the newest checkpoint, and at least the `atLeast` newest entries. */
export async function readNewest(db: Queries, trust: LedgerTrust, atLeast: bigint): Promise<NewestReading> {
  const reading = startReading(EMPTY_RANGE);
  const marks = await readMarks(db, reading, trust);
  // Read after the marks: what they were signed for was committed by then.
  const bounds = await readBounds(db);
  const size = bounds.newest === null ? 0n : bounds.newest + 1n;
  const start = least(marks.at(-1)?.size ?? 0n, size > atLeast ? size - atLeast : 0n, size);
  await readFrom(db, reading, start);
  for (const mark of marks.filter((one) => one.size < start)) await readOldMark(db, reading, mark);
  await readUpTo(db, reading, size, marks);
  readHeadRow(reading, bounds.head);
  addNewestAhead(
    reading,
    marks.filter((mark) => mark.size > reading.next),
  );
  return { reading, anchored: marks.find((mark) => mark.kind === 'anchor')?.size ?? null };
}

/** The newest checkpoint of the database and the one outside it, the smaller first. */
async function readMarks(db: Queries, reading: Reading, trust: LedgerTrust): Promise<Mark[]> {
  const verify = ed25519Verifier();
  const anchor = await openAnchor(db, reading, trust);
  const last = await readLastCheckpoint(db);
  const note = last === null ? null : { size: last.size, bytes: Buffer.from(last.note, 'utf8') };
  const stored = note === null ? null : openMark(reading, 'checkpoint', note, { key: trust.key, verify });
  return [stored, anchor]
    .filter((mark) => mark !== null)
    .toSorted((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0));
}

/** Takes the stored hashes for the first `start` entries. */
async function readFrom(db: Queries, reading: Reading, start: bigint): Promise<void> {
  reading.next = start;
  reading.range = await orFault(reading, () => readRange(db, start));
}

async function readOldMark(db: Queries, reading: Reading, mark: Mark): Promise<void> {
  readMark(reading, mark, await orFault(reading, () => readRange(db, mark.size)));
}

async function readUpTo(db: Queries, reading: Reading, size: bigint, marks: readonly Mark[]): Promise<void> {
  const compare = () => {
    for (const mark of marks) if (mark.size === reading.next) readMark(reading, mark);
  };
  compare();
  while (reading.next < size) {
    const rows = await readPage(db, reading.next, size - 1n, PAGE);
    if (rows.length === 0) break;
    for (const row of rows) {
      readEntry(reading, row);
      compare();
    }
  }
}

async function orFault<T>(reading: Reading, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MissingHashes)) throw error;
    addFault(reading, 'node-wrong', error.span, error.message);
    return null;
  }
}

function least(...sizes: bigint[]): bigint {
  return sizes.reduce((smallest, size) => (size < smallest ? size : smallest));
}
