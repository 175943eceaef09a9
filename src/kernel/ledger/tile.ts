import { parseDecimal } from './checkpoint.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';

/** How many hashes a full tile holds, and entries a full bundle. */
export const TILE_WIDTH = 256;
/** How many levels of the tree one level of tiles spans. */
export const TILE_HEIGHT = 8;
const MAX_LEVEL = 63;
const MAX_ENTRY_BYTES = 0xffff;

/**
 * One resource of a tiled log (c2sp.org/tlog-tiles): the hashes, or with level `entries` the entries themselves, from
 * `index` · 256 on. `width` of them: 256, or fewer at the right edge.
 */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: bigint;
  readonly width: number;
}

/** Every tile and bundle that a tree of this size is made of, bundles first, then from the leaves up. */
export function* tilesOf(size: bigint): Generator<Tile> {
  yield* tilesOfLevel('entries', size);
  for (let level = 0, count = size; count > 0n; level++, count /= BigInt(TILE_WIDTH)) {
    yield* tilesOfLevel(level, count);
  }
}

/** The path of a tile below the log's prefix, such as `tile/0/x001/x234/067` or `tile/entries/000.p/7`. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/.{3}/g) ?? [];
  const name = parts.map((part, i) => (i === parts.length - 1 ? part : `x${part}`)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile that a path names, or `null`: only the one spelling that `tilePath` writes is taken. */
export function parseTilePath(path: string): Tile | null {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (!match) return null;
  const [, levelText = '', name = '', widthText] = match;
  const level: Tile['level'] = levelText === 'entries' ? levelText : Number(levelText);
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if ((level !== 'entries' && level > MAX_LEVEL) || width < 1 || width > TILE_WIDTH) return null;
  const index = parseDecimal(name.replaceAll(/[x/]/g, '').replace(/^0+(?=[0-9])/, ''));
  const tile = index === null ? null : { level, index, width };
  return tile !== null && tilePath(tile) === path ? tile : null;
}

/** Whether a tree of this size has the tile, with this width or a larger one. */
export function hasTile(size: bigint, { level, index, width }: Tile): boolean {
  const count = level === 'entries' ? size : size / BigInt(TILE_WIDTH) ** BigInt(level);
  return index * BigInt(TILE_WIDTH) + BigInt(width) <= count;
}

/** The bytes of an entry bundle: each entry after its length as two bytes, big end first. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new RangeError(`expected an entry of at most ${MAX_ENTRY_BYTES} bytes, got ${entry.length}`);
    }
    bytes[at] = entry.length >> 8;
    bytes[at + 1] = entry.length & 0xff;
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** The entries of a bundle. */
export function decodeBundle(bytes: Uint8Array): { ok: true; entries: Uint8Array[] } | Refused {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [high, low] = bytes.subarray(at, at + 2);
    const end = high === undefined || low === undefined ? Infinity : at + 2 + high * 256 + low;
    if (end > bytes.length) return refused(`expected a whole entry at byte ${at}, got the end of the bundle`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { ok: true, entries };
}

function* tilesOfLevel(level: number | 'entries', count: bigint): Generator<Tile> {
  const full = count / BigInt(TILE_WIDTH);
  for (let index = 0n; index < full; index++) yield { level, index, width: TILE_WIDTH };
  const width = Number(count % BigInt(TILE_WIDTH));
  if (width > 0) yield { level, index: full, width };
}
