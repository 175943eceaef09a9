import { openCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { parseTilePath, hasTile, tilePath, tilesOf } from '../kernel/ledger/tile.ts';
import { formatTlogProof } from '../kernel/ledger/tlog-proof.ts';
import { readHead } from '../store/ledger.ts';
import { readLastCheckpoint } from '../store/ledger-checkpoints.ts';
import { ed25519Verifier } from '../store/ledger-crypto.ts';
import { proveInclusion } from '../store/ledger-hashes.ts';
import { readTile } from '../store/ledger-tiles.ts';
import type { Ledger } from './ledger.ts';
import type { Signed } from './ledger-sign.ts';

/** One file of the log as other people's programs read it (c2sp.org/tlog-tiles). `path` is relative, with slashes. */
export interface LedgerFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The log could not be signed, so there is nothing that could be exported as proven. */
export class UnsoundLedger extends Error {
  override readonly name = 'UnsoundLedger';
}

/**
 * Every file of the log: `log.vkey`, the tiles, the entry bundles, and last the `checkpoint` that covers them all, so
 * that an export that was interrupted has none.
 */
export async function* ledgerFiles(ledger: Ledger, signed: Signed): AsyncGenerator<LedgerFile> {
  if (!signed.ok) {
    throw new UnsoundLedger(`expected a ledger that verifies, got: ${signed.faults[0]?.message ?? 'none'}`);
  }
  yield { path: 'log.vkey', bytes: Buffer.from(`${ledger.key.vkey}\n`) };
  for (const tile of tilesOf(signed.size))
    yield { path: tilePath(tile), bytes: await readTile(ledger.db, tile) };
  yield { path: 'checkpoint', bytes: Buffer.from(signed.note) };
}

/** The tile or bundle at a path below the log's prefix, or `null` if the log has none. Never changes once it is there. */
export async function readLedgerTile(ledger: Ledger, path: string): Promise<Uint8Array | null> {
  const tile = parseTilePath(path);
  const head = tile === null ? null : await readHead(ledger.db);
  if (tile === null || head === null || !hasTile(head.size, tile)) return null;
  return readTile(ledger.db, tile);
}

/** The newest checkpoint that was signed, as a signed note; `null` if none was. */
export async function readCheckpointNote(ledger: Ledger): Promise<string | null> {
  return (await readLastCheckpoint(ledger.db))?.note ?? null;
}

/** The `.tlog-proof` of one entry, to the newest signed checkpoint; `null` if that does not cover the entry yet. */
export async function proveEntry(ledger: Ledger, index: bigint): Promise<string | null> {
  const note = await readCheckpointNote(ledger);
  if (note === null) return null;
  const opened = openCheckpoint(Buffer.from(note), ledger.key.verifier, ed25519Verifier());
  if (!opened.ok) throw new UnsoundLedger(opened.because);
  const { size } = opened.checkpoint;
  if (index < 0n || index >= size) return null;
  return formatTlogProof({ index, hashes: await proveInclusion(ledger.db, index, size), checkpoint: note });
}
