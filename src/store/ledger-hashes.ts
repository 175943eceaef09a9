import { consistencySpans } from '../kernel/ledger/consistency.ts';
import { emptyRoot } from '../kernel/ledger/hash.ts';
import { inclusionSpans } from '../kernel/ledger/inclusion.ts';
import { EMPTY_RANGE, appendLeaf, fold, rootOf } from '../kernel/ledger/range.ts';
import type { CompactRange } from '../kernel/ledger/range.ts';
import { nodesOf } from '../kernel/ledger/span.ts';
import type { Node, Span } from '../kernel/ledger/span.ts';
import { TILE_HEIGHT } from '../kernel/ledger/tile.ts';
import type { Queries } from './database.ts';
import { sha256 } from './ledger-crypto.ts';

/** Hashes of the tree are gone from the database. */
export class MissingHashes extends Error {
  override readonly name = 'MissingHashes';
  /** The first and last entry below the missing hashes. */
  readonly span: Span;

  constructor(level: number, index: bigint, span: Span) {
    super(`expected the hash ${level}/${index} of the tree, got none`);
    this.span = span;
  }
}

/** The hashes number `from` up to, not including, `to` of a level of tiles; fewer where the tree has fewer. */
export async function readTileHashes(
  db: Queries,
  level: number,
  { start, end }: Span,
): Promise<{ index: bigint; hash: Uint8Array }[]> {
  if (level === 0) {
    return db
      .selectFrom('ledger_entries')
      .select(['index', 'leaf_hash as hash'])
      .where('index', '>=', start)
      .where('index', '<', end)
      .orderBy('index')
      .execute();
  }
  return db
    .selectFrom('ledger_nodes')
    .select(['index', 'hash'])
    .where('level', '=', level)
    .where('index', '>=', start)
    .where('index', '<', end)
    .orderBy('index')
    .execute();
}

/** The tree of the first `size` entries, from the stored hashes. @throws {MissingHashes} */
export async function readRange(db: Queries, size: bigint): Promise<CompactRange> {
  const peaks: Uint8Array[] = [];
  for (const node of nodesOf({ start: 0n, end: size })) peaks.push(await readNode(db, node));
  return { size, peaks };
}

/** The root of the first `size` entries, from the stored hashes. @throws {MissingHashes} */
export async function readRoot(db: Queries, size: bigint): Promise<Uint8Array> {
  return size === 0n ? emptyRoot(sha256) : rootOf(sha256, await readRange(db, size));
}

/** The proof that the entry at `index` stands in the tree of `size` entries. @throws {MissingHashes} @throws {RangeError} */
export async function proveInclusion(db: Queries, index: bigint, size: bigint): Promise<Uint8Array[]> {
  return readSpans(db, inclusionSpans(index, size));
}

/** The proof that a tree of `oldSize` is the beginning of one of `newSize`. @throws {MissingHashes} @throws {RangeError} */
export async function proveConsistency(db: Queries, oldSize: bigint, newSize: bigint): Promise<Uint8Array[]> {
  return readSpans(db, consistencySpans(oldSize, newSize));
}

async function readSpans(db: Queries, spans: readonly Span[]): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const span of spans) {
    const nodes: Uint8Array[] = [];
    for (const node of nodesOf(span)) nodes.push(await readNode(db, node));
    hashes.push(fold(sha256, nodes));
  }
  return hashes;
}

/** A subtree's hash from the hashes of the tile it lies in: every eighth level is stored. */
async function readNode(db: Queries, { level, index }: Node): Promise<Uint8Array> {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const below = BigInt(level % TILE_HEIGHT);
  const [start, end] = [index << below, (index + 1n) << below];
  const hashes = await readTileHashes(db, tileLevel, { start, end });
  let range = EMPTY_RANGE;
  for (let at = start; at < end; at++) {
    const row = hashes[Number(at - start)];
    if (row?.index !== at) throw missing(tileLevel, at);
    range = appendLeaf(sha256, range, row.hash);
  }
  return rootOf(sha256, range);
}

function missing(level: number, index: bigint): MissingHashes {
  const height = BigInt(level * TILE_HEIGHT);
  return new MissingHashes(level, index, { start: index << height, end: (index + 1n) << height });
}
