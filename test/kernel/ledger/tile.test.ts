import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeBundle,
  encodeBundle,
  hasTile,
  parseTilePath,
  tilePath,
  tilesOf,
} from '../../../src/kernel/ledger/tile.ts';

describe('tile paths', () => {
  test.each([
    [{ level: 0, index: 0n, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1234067n, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 1, index: 999n, width: 17 }, 'tile/1/999.p/17'],
    [{ level: 'entries', index: 1000n, width: 1 }, 'tile/entries/x001/000.p/1'],
    [{ level: 63, index: 2n ** 60n, width: 255 }, 'tile/63/x001/x152/x921/x504/x606/x846/976.p/255'],
  ] as const)('%o is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  test.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/../000',
    'tile/entries/000\n',
    'tile/data/000',
    'tile/0/x١٢٣/000',
  ])('`%s` is no tile', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });
});

describe('the tiles of a tree', () => {
  test('the example of the specification: 70,000 leaves', () => {
    expect(count(70_000n, 'entries')).toEqual({ full: 273, partial: 112 });
    expect(count(70_000n, 0)).toEqual({ full: 273, partial: 112 });
    expect(count(70_000n, 1)).toEqual({ full: 1, partial: 17 });
    expect(count(70_000n, 2)).toEqual({ full: 0, partial: 1 });
    expect(count(70_000n, 3)).toEqual({ full: 0, partial: 0 });
  });

  test('256 leaves: one full tile and one of width 1 above; none for no leaf', () => {
    expect(count(256n, 0)).toEqual({ full: 1, partial: 0 });
    expect(count(256n, 1)).toEqual({ full: 0, partial: 1 });
    expect([...tilesOf(0n)]).toEqual([]);
  });

  test('a tree has the tiles it lists, and no wider one at its edge', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 140_000n }), (size) => {
        for (const tile of tilesOf(size)) {
          expect(hasTile(size, tile)).toBe(true);
          if (tile.width < 256) expect(hasTile(size, { ...tile, width: tile.width + 1 })).toBe(false);
        }
        expect(hasTile(size, { level: 0, index: size / 256n + 1n, width: 1 })).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe('entry bundles', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (entries) => {
        const decoded = decodeBundle(encodeBundle(entries));
        expect(decoded).toEqual({ ok: true, entries });
      }),
    );
  });

  test('an entry of 65,535 bytes fits, one more does not', () => {
    expect(encodeBundle([new Uint8Array(65_535)]).subarray(0, 2)).toEqual(Uint8Array.of(255, 255));
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow('at most 65535 bytes, got 65536');
  });

  test.each([
    ['half a length', Uint8Array.of(0, 1, 7, 0), 3],
    ['an entry cut short', Uint8Array.of(0, 1, 7, 0, 3, 1, 2), 3],
  ])('%s is refused', (_name, bytes, at) => {
    expect(decodeBundle(bytes)).toEqual({
      ok: false,
      because: `expected a whole entry at byte ${at}, got the end of the bundle`,
    });
  });
});

/** How many full tiles a level has, and how wide its partial one is. */
function count(size: bigint, level: number | 'entries') {
  const tiles = [...tilesOf(size)].filter((tile) => tile.level === level);
  const partial = tiles.find((tile) => tile.width < 256);
  return { full: tiles.filter((tile) => tile.width === 256).length, partial: partial?.width ?? 0 };
}
