import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../src/kernel/ledger/checkpoint.ts';
import type { Checkpoint } from '../../../src/kernel/ledger/checkpoint.ts';
import { consistencySpans, verifyConsistency } from '../../../src/kernel/ledger/consistency.ts';
import { leafHash } from '../../../src/kernel/ledger/hash.ts';
import { inclusionSpans, verifyInclusion } from '../../../src/kernel/ledger/inclusion.ts';
import { parseVerifierKey } from '../../../src/kernel/ledger/key.ts';
import { EMPTY_RANGE, appendLeaf, rootOf } from '../../../src/kernel/ledger/range.ts';
import type { Span } from '../../../src/kernel/ledger/span.ts';
import { decodeBundle, encodeBundle, tilePath, tilesOf } from '../../../src/kernel/ledger/tile.ts';
import { sha256, verifyEd25519 } from './ed25519.ts';

// A log that another program wrote: every checkpoint from 0 to 15 leaves, with its tiles and bundles.
const VKEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const SIZES = Array.from({ length: 16 }, (_, size) => size);

function file(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/ledger/tessera-log/${path}`, import.meta.url)));
}

function checkpoint(name: string): Checkpoint {
  const parsed = parseVerifierKey(sha256, VKEY);
  if (!parsed.ok) throw new Error(parsed.because);
  const opened = openCheckpoint(file(name), parsed.key, verifyEd25519);
  if (!opened.ok) throw new Error(opened.because);
  return opened.checkpoint;
}

function entriesAt(size: number): Uint8Array[] {
  if (size === 0) return [];
  const decoded = decodeBundle(file(`tile/entries/000.p/${size}`));
  if (!decoded.ok) throw new Error(decoded.because);
  return decoded.entries;
}

const LEAVES = entriesAt(15).map((entry) => leafHash(sha256, entry));

function hashSpan({ start, end }: Span): Uint8Array {
  const leaves = LEAVES.slice(Number(start), Number(end));
  return rootOf(
    sha256,
    leaves.reduce((range, leaf) => appendLeaf(sha256, range, leaf), EMPTY_RANGE),
  );
}

test.each(SIZES)('the checkpoint, tile and bundle of size %i agree with our tree', (size) => {
  const { root, ...rest } = checkpoint(`checkpoint.${size}`);
  expect(rest).toEqual({ origin: 'example.com/log/testdata', size: BigInt(size) });
  expect(hashSpan({ start: 0n, end: BigInt(size) })).toEqual(root);
  expect(entriesAt(size)).toHaveLength(size);

  for (const tile of tilesOf(BigInt(size))) {
    const bytes =
      tile.level === 'entries' ? encodeBundle(entriesAt(size)) : Buffer.concat(LEAVES.slice(0, size));
    expect(Buffer.from(file(tilePath(tile))), tilePath(tile)).toEqual(Buffer.from(bytes));
  }
});

test('every leaf is proven in every checkpoint, and every checkpoint from every earlier one', () => {
  const all = SIZES.slice(1).map((size) => checkpoint(`checkpoint.${size}`));
  for (const { size, root } of all) {
    for (let index = 0n; index < size; index++) {
      const leaf = hashSpan({ start: index, end: index + 1n });
      const proof = inclusionSpans(index, size).map(hashSpan);
      expect(verifyInclusion(sha256, { index, size, leaf, root }, proof)).toEqual({ ok: true });
    }
    for (const old of all.filter((one) => one.size <= size)) {
      const claim = { oldSize: old.size, newSize: size, oldRoot: old.root, newRoot: root };
      const proof = consistencySpans(old.size, size).map(hashSpan);
      expect(verifyConsistency(sha256, claim, proof)).toEqual({ ok: true });
    }
  }
});

test('the newest checkpoint is the one of 15 leaves', () => {
  expect(checkpoint('checkpoint')).toEqual(checkpoint('checkpoint.15'));
});
