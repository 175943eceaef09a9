import type { LedgerFault, LedgerFaultCode } from '../contract/ledger.ts';
import { openCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { leafHash, sameHash } from '../kernel/ledger/hash.ts';
import type { VerifierKey } from '../kernel/ledger/key.ts';
import type { VerifySignature } from '../kernel/ledger/note.ts';
import { appendLeaf, rootOf } from '../kernel/ledger/range.ts';
import type { CompactRange, OnNode } from '../kernel/ledger/range.ts';
import { nodesOf } from '../kernel/ledger/span.ts';
import type { Span } from '../kernel/ledger/span.ts';
import { differencesBeside, type Beside } from './ledger-beside.ts';
import { sha256 } from './ledger-crypto.ts';

/** Enough to see what happened; a ledger that is wrong everywhere is not listed whole. */
export const MAX_FAULTS = 100;

/** An entry with the hash that is stored beside it, and with what it is found by. */
export interface EntryRow extends Beside {
  readonly index: bigint;
  readonly entry: string;
  readonly leaf_hash: Uint8Array;
}

/** A checkpoint that somebody kept: the database itself, or the file outside of it, the anchor. */
export interface Mark {
  readonly kind: 'checkpoint' | 'anchor';
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** How far a verification has come: what it has read, and what it found wrong. */
export interface Reading {
  readonly faults: LedgerFault[];
  /** The tree of what was read; `null` once an entry is missing, for then no root can be told. */
  range: CompactRange | null;
  /** The index that the next entry must have. */
  next: bigint;
  /** The size of the newest checkpoint that agreed with the entries: up to there they are as they were signed. */
  agreed: bigint;
  /** How many checkpoints were compared. */
  compared: number;
}

export function startReading(range: CompactRange): Reading {
  return { faults: [], range, next: range.size, agreed: 0n, compared: 0 };
}

/** Records a fault that concerns the entries of `span`, or none of them. */
export function addFault(reading: Reading, code: LedgerFaultCode, span: Span | null, message: string): void {
  if (reading.faults.length >= MAX_FAULTS) return;
  const [first, last] = span === null ? [null, null] : [span.start.toString(), (span.end - 1n).toString()];
  reading.faults.push({ code, first, last, message });
}

/** Reads the next entry: its index must be the next, its bytes must give its leaf hash, and what it is found by must be its own. */
export function readEntry(reading: Reading, row: EntryRow, onNode?: OnNode): void {
  if (row.index !== reading.next) {
    const span = { start: reading.next, end: row.index };
    addFault(
      reading,
      'entry-missing',
      span,
      `expected the entry ${reading.next}, got the entry ${row.index} next`,
    );
    reading.range = null;
  }
  readContent(reading, row);
  reading.next = row.index + 1n;
  // The stored hash goes on into the tree: whether it is the original one is told by what is above it.
  if (reading.range !== null) reading.range = appendLeaf(sha256, reading.range, row.leaf_hash, onNode);
}

function readContent(reading: Reading, row: EntryRow): void {
  const span = { start: row.index, end: row.index + 1n };
  if (!sameHash(leafHash(sha256, Buffer.from(row.entry, 'utf8')), row.leaf_hash)) {
    const message = `expected the entry ${row.index} to give its leaf hash, got other bytes`;
    addFault(reading, 'entry-altered', span, message);
    return;
  }
  for (const difference of differencesBeside(row.entry, row)) {
    addFault(reading, 'column-altered', span, `${difference} beside the entry ${row.index}`);
  }
}

/** Compares a checkpoint with the tree of exactly its size: what was read so far, or what is given. */
export function readMark(reading: Reading, mark: Mark, range: CompactRange | null = reading.range): void {
  if (range === null) return;
  reading.compared += 1;
  if (sameHash(rootOf(sha256, range), mark.root)) {
    if (mark.size > reading.agreed) reading.agreed = mark.size;
    return;
  }
  // One is enough: every later checkpoint holds the same entries.
  const code = mark.kind === 'anchor' ? 'anchor-root' : 'checkpoint-root';
  if (reading.faults.some((fault) => fault.code === code)) return;
  const span = mark.size === 0n ? null : { start: reading.agreed, end: mark.size };
  addFault(reading, code, span, `expected the entries that the ${nameOf(mark)} was signed for, got others`);
}

/** Records that a checkpoint was signed for entries that are not there. */
export function addAhead(reading: Reading, mark: Mark): void {
  const span = { start: reading.next, end: mark.size };
  addFault(
    reading,
    mark.kind === 'anchor' ? 'anchor-ahead' : 'checkpoint-ahead',
    span,
    `expected the ${mark.size} entries that the ${nameOf(mark)} was signed for, got ${reading.next}`,
  );
}

/** Compares the row that counts the tree with the entries read. */
export function readHeadRow(reading: Reading, head: CompactRange | null): void {
  if (head === null) {
    addFault(reading, 'head-missing', null, 'expected the row with size and peaks of the tree, got none');
    return;
  }
  if (head.size !== reading.next) {
    const [start, end] = head.size < reading.next ? [head.size, reading.next] : [reading.next, head.size];
    addFault(
      reading,
      'head-size',
      { start, end },
      `expected ${head.size} entries as the head counts, got ${reading.next}`,
    );
    return;
  }
  if (reading.range === null) return;
  for (const [i, node] of nodesOf({ start: 0n, end: head.size }).entries()) {
    const [ours, theirs] = [reading.range.peaks[i], head.peaks[i]];
    if (ours !== undefined && theirs !== undefined && sameHash(ours, theirs)) continue;
    const height = BigInt(node.level);
    const span = { start: node.index << height, end: (node.index + 1n) << height };
    addFault(
      reading,
      'head-root',
      span,
      `expected the head's hash ${node.level}/${node.index} from the entries, got another`,
    );
  }
}

/** The checkpoint of a signed note as a mark, or a fault if it is not good. */
export function openMark(
  reading: Reading,
  kind: Mark['kind'],
  note: { readonly bytes: Uint8Array; readonly size: bigint | null },
  trust: { readonly key: VerifierKey; readonly verify: VerifySignature },
): Mark | null {
  const opened = openCheckpoint(note.bytes, trust.key, trust.verify);
  const where = kind === 'anchor' ? 'outside the database' : `for size ${note.size}`;
  if (!opened.ok) {
    addFault(reading, `${kind}-invalid`, null, `${opened.because} in the checkpoint ${where}`);
    return null;
  }
  const { size, root } = opened.checkpoint;
  if (note.size !== null && note.size !== size) {
    addFault(reading, `${kind}-invalid`, null, `expected a checkpoint ${where}, got one for size ${size}`);
    return null;
  }
  return { kind, size, root };
}

function nameOf(mark: Mark): string {
  return mark.kind === 'anchor' ? 'checkpoint outside the database' : `checkpoint of size ${mark.size}`;
}
