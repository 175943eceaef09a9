import { emptyRoot, nodeHash } from './hash.ts';
import type { Hash } from './hash.ts';

/**
 * A whole tree in the fewest hashes: the roots of its complete subtrees, the largest first, one for each bit set in
 * `size`. Enough to append the next leaf and to tell the root.
 */
export interface CompactRange {
  readonly size: bigint;
  readonly peaks: readonly Uint8Array[];
}

export const EMPTY_RANGE: CompactRange = { size: 0n, peaks: [] };

/** Told of each complete subtree of height `level` ≥ 1, the `index`-th of its height, as soon as it is complete. */
export type OnNode = (level: number, index: bigint, hash: Uint8Array) => void;

/** The tree with one more leaf. */
export function appendLeaf(hash: Hash, range: CompactRange, leaf: Uint8Array, onNode?: OnNode): CompactRange {
  const peaks = [...range.peaks];
  let node = leaf;
  let level = 0;
  for (let rest = range.size; rest % 2n === 1n; rest /= 2n) {
    const left = peaks.pop();
    if (left === undefined) throw new Error(brokenRange(range));
    node = nodeHash(hash, left, node);
    level += 1;
    onNode?.(level, rest / 2n, node);
  }
  peaks.push(node);
  return { size: range.size + 1n, peaks };
}

/** The root of the tree. */
export function rootOf(hash: Hash, range: CompactRange): Uint8Array {
  if (bitsSet(range.size) !== range.peaks.length) throw new Error(brokenRange(range));
  return range.peaks.length === 0 ? emptyRoot(hash) : fold(hash, range.peaks);
}

/** The root above neighbouring complete subtrees, given from the largest, on the left, to the smallest. */
export function fold(hash: Hash, peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.reduceRight((right, left) => nodeHash(hash, left, right));
}

/** How many complete subtrees a tree of this size has. */
export function bitsSet(size: bigint): number {
  let bits = 0;
  for (let rest = size; rest > 0n; rest /= 2n) bits += Number(rest % 2n);
  return bits;
}

function brokenRange(range: CompactRange): string {
  return `expected ${bitsSet(range.size)} subtrees for a tree of size ${range.size}, got ${range.peaks.length}`;
}
