import { TILE_WIDTH, encodeBundle, tilePath } from '../kernel/ledger/tile.ts';
import type { Tile } from '../kernel/ledger/tile.ts';
import type { Queries } from './database.ts';
import { readTileHashes } from './ledger-hashes.ts';

/** The bytes of a tile or an entry bundle that the tree has. Throws where rows of it are gone. */
export async function readTile(db: Queries, tile: Tile): Promise<Uint8Array> {
  const start = tile.index * BigInt(TILE_WIDTH);
  const span = { start, end: start + BigInt(tile.width) };
  if (tile.level === 'entries') {
    const rows = await db
      .selectFrom('ledger_entries')
      .select('entry')
      .where('index', '>=', span.start)
      .where('index', '<', span.end)
      .orderBy('index')
      .execute();
    expectAll(tile, rows.length);
    return encodeBundle(rows.map((row) => Buffer.from(row.entry, 'utf8')));
  }
  const rows = await readTileHashes(db, tile.level, span);
  expectAll(tile, rows.length);
  return Buffer.concat(rows.map((row) => row.hash));
}

function expectAll(tile: Tile, rows: number): void {
  if (rows !== tile.width) {
    throw new Error(`expected ${tile.width} rows for \`${tilePath(tile)}\`, got ${rows}`);
  }
}
