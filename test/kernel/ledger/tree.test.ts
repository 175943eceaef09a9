import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencySpans, verifyConsistency } from '../../../src/kernel/ledger/consistency.ts';
import { inclusionSpans, verifyInclusion } from '../../../src/kernel/ledger/inclusion.ts';
import { EMPTY_RANGE, appendLeaf, fold, rootOf } from '../../../src/kernel/ledger/range.ts';
import type { CompactRange } from '../../../src/kernel/ledger/range.ts';
import { nodesOf } from '../../../src/kernel/ledger/span.ts';
import type { Span } from '../../../src/kernel/ledger/span.ts';
import { bytesOf, sha256 } from './ed25519.ts';

/** The definition of RFC 6962 section 2.1, word for word, as slow as it is. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(bytesOf(''));
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.concat([Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))]));
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    sha256(Buffer.concat([Buffer.of(0), bytesOf(`entry ${i}`)])),
  );
}

function rangeOf(leaves: readonly Uint8Array[]): CompactRange {
  return leaves.reduce((range, leaf) => appendLeaf(sha256, range, leaf), EMPTY_RANGE);
}

const size = fc.integer({ min: 1, max: 300 });
const treeAndIndex = size.chain((count) =>
  fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count - 1 })),
);
const twoSizes = size.chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count })));
const ALL = leavesOf(300);

function hashSpan({ start, end }: Span): Uint8Array {
  return naiveRoot(ALL.slice(Number(start), Number(end)));
}

function flipped(hash: Uint8Array, bit: number): Uint8Array {
  return hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

describe('the tree', () => {
  test('the compact range tells the root that the definition tells, at every size', () => {
    let range = EMPTY_RANGE;
    for (let count = 0; count <= 130; count++) {
      expect(rootOf(sha256, range), `size ${count}`).toEqual(naiveRoot(ALL.slice(0, count)));
      const leaf = ALL[count];
      if (leaf !== undefined) range = appendLeaf(sha256, range, leaf);
    }
  });

  test('appending tells each complete subtree once, with its place and hash', () => {
    const told: string[] = [];
    let range = EMPTY_RANGE;
    for (const leaf of ALL.slice(0, 24)) {
      range = appendLeaf(sha256, range, leaf, (level, index, hash) => {
        told.push(`${level}/${index}`);
        const start = index << BigInt(level);
        expect(hash).toEqual(hashSpan({ start, end: start + (1n << BigInt(level)) }));
      });
    }
    const levels = [1, 2, 3, 4].flatMap((level) =>
      Array.from({ length: 24 >> level }, (_, index) => `${level}/${index}`),
    );
    expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual(
      levels.toSorted((a, b) => a.localeCompare(b)),
    );
  });

  test('a range that lost a subtree is an error, not a root', () => {
    const range = rangeOf(ALL.slice(0, 7));
    const broken = { ...range, peaks: range.peaks.slice(1) };
    expect(() => rootOf(sha256, broken)).toThrow('expected 3 subtrees for a tree of size 7, got 2');
    expect(() => appendLeaf(sha256, { size: 1n, peaks: [] }, naiveRoot([]))).toThrow('expected 1 subtrees');
  });

  test('a span is the fold of its complete subtrees', () => {
    fc.assert(
      fc.property(treeAndIndex, ([count, index]) => {
        for (const span of inclusionSpans(BigInt(index), BigInt(count))) {
          const nodes = nodesOf(span).map(({ level, index: at }) =>
            hashSpan({ start: at << BigInt(level), end: (at + 1n) << BigInt(level) }),
          );
          expect(fold(sha256, nodes)).toEqual(hashSpan(span));
        }
      }),
    );
  });
});

describe('inclusion', () => {
  test('every leaf is proven, and nothing else: not another leaf, place, size, root, hash or length', () => {
    fc.assert(
      fc.property(treeAndIndex, fc.nat({ max: 255 }), ([count, index], bit) => {
        const proof = inclusionSpans(BigInt(index), BigInt(count)).map(hashSpan);
        const leaf = hashSpan({ start: BigInt(index), end: BigInt(index) + 1n });
        const root = naiveRoot(ALL.slice(0, count));
        const claim = { index: BigInt(index), size: BigInt(count), leaf, root };
        expect(verifyInclusion(sha256, claim, proof)).toEqual({ ok: true });

        const wrong = [
          verifyInclusion(sha256, { ...claim, leaf: flipped(leaf, bit) }, proof),
          verifyInclusion(sha256, { ...claim, root: flipped(root, bit) }, proof),
          verifyInclusion(sha256, { ...claim, index: claim.index + 1n }, proof),
          verifyInclusion(sha256, { ...claim, index: claim.index - 1n }, proof),
          verifyInclusion(sha256, { ...claim, index: -1n }, proof),
          verifyInclusion(sha256, claim, [...proof, root]),
          verifyInclusion(sha256, claim, [leaf, ...proof]),
          ...proof.map((_, at) => verifyInclusion(sha256, claim, proof.toSpliced(at, 1))),
          ...proof.map((hash, at) => verifyInclusion(sha256, claim, proof.with(at, flipped(hash, bit)))),
          ...proof.map((hash, at) => verifyInclusion(sha256, claim, proof.with(at, hash.subarray(1)))),
        ];
        expect(wrong.filter((result) => result.ok)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('sizes past 2^53 keep every bit', () => {
    const index = 2n ** 60n + 1n;
    const spans = inclusionSpans(index, 2n ** 60n + 3n);
    expect(spans).toEqual([
      { start: 2n ** 60n, end: 2n ** 60n + 1n },
      { start: 2n ** 60n + 2n, end: 2n ** 60n + 3n },
      { start: 0n, end: 2n ** 60n },
    ]);
  });

  test('a leaf that the tree does not have cannot be proven', () => {
    expect(() => inclusionSpans(5n, 5n)).toThrow("expected an index below the tree's size 5, got `5`");
    expect(() => inclusionSpans(-1n, 5n)).toThrow(RangeError);
  });
});

describe('consistency', () => {
  test('every tree is proven to begin with each of its beginnings, and with nothing else', () => {
    fc.assert(
      fc.property(twoSizes, fc.nat({ max: 255 }), ([count, old], bit) => {
        const proof = consistencySpans(BigInt(old), BigInt(count)).map(hashSpan);
        const claim = {
          oldSize: BigInt(old),
          newSize: BigInt(count),
          oldRoot: naiveRoot(ALL.slice(0, old)),
          newRoot: naiveRoot(ALL.slice(0, count)),
        };
        expect(verifyConsistency(sha256, claim, proof)).toEqual({ ok: true });

        const wrong = [
          verifyConsistency(sha256, { ...claim, oldRoot: flipped(claim.oldRoot, bit) }, proof),
          verifyConsistency(sha256, { ...claim, newRoot: flipped(claim.newRoot, bit) }, proof),
          verifyConsistency(sha256, { ...claim, oldSize: claim.newSize + 1n }, proof),
          verifyConsistency(sha256, claim, [...proof, claim.newRoot]),
          verifyConsistency(sha256, claim, [claim.oldRoot, ...proof]),
          ...proof.map((_, at) => verifyConsistency(sha256, claim, proof.toSpliced(at, 1))),
          ...proof.map((hash, at) => verifyConsistency(sha256, claim, proof.with(at, flipped(hash, bit)))),
        ];
        expect(wrong.filter((result) => result.ok)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('nothing is consistent with the empty tree: neither made nor believed (ADR 0020)', () => {
    const empty = naiveRoot([]);
    const root = naiveRoot(ALL.slice(0, 3));
    expect(() => consistencySpans(0n, 3n)).toThrow('expected an old size from 1 to 3, got `0`');
    expect(() => consistencySpans(0n, 0n)).toThrow(RangeError);
    const claim = { oldSize: 0n, newSize: 3n, oldRoot: empty, newRoot: root };
    const because = expect.stringContaining('expected an old size from 1');
    expect(verifyConsistency(sha256, claim, [])).toEqual({ ok: false, because });
    expect(verifyConsistency(sha256, claim, [root])).toEqual({ ok: false, because });
    expect(verifyConsistency(sha256, { ...claim, newSize: 0n, newRoot: empty }, [])).toEqual({
      ok: false,
      because,
    });
  });
});
