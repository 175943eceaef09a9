import { openCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { parseTilePath, hasTile, tilePath, tilesOf } from '../kernel/ledger/tile.ts';
import { formatTlogProof } from '../kernel/ledger/tlog-proof.ts';
import { toBase64 } from '../kernel/ledger/base64.ts';
import type { ConsistencyProof } from '../contract/ledger.ts';
import type { Queries } from '../store/database.ts';
import { readEntries, readEntriesOf, readHead } from '../store/ledger.ts';
import { readLastCheckpoint, type StoredCheckpoint } from '../store/ledger-checkpoints.ts';
import { readCosignatures } from '../store/ledger-cosignatures.ts';
import { ed25519Verifier } from '../store/ledger-crypto.ts';
import { proveConsistency, proveInclusion, readRoot } from '../store/ledger-hashes.ts';
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
  yield { path: 'checkpoint', bytes: Buffer.from(await withCosignatures(ledger.db, signed)) };
}

/** The tile or bundle at a path below the log's prefix, or `null` if the log has none. Never changes once it is there. */
export async function readLedgerTile(ledger: Ledger, path: string): Promise<Uint8Array | null> {
  const tile = parseTilePath(path);
  const head = tile === null ? null : await readHead(ledger.db);
  if (tile === null || head === null || !hasTile(head.size, tile)) return null;
  return readTile(ledger.db, tile);
}

/** The newest checkpoint that was signed, as a signed note with the cosignatures of it; `null` if none was. */
export async function readCheckpointNote(ledger: Pick<Ledger, 'db'>): Promise<string | null> {
  const last = await readLastCheckpoint(ledger.db);
  return last === null ? null : withCosignatures(ledger.db, last);
}

/** The signed note of a checkpoint, and below the log's signature those of the witnesses that it has. */
export async function withCosignatures(db: Queries, { size, note }: StoredCheckpoint): Promise<string> {
  return [note, ...(await readCosignatures(db, size)).map(({ line }) => line)].join('');
}

/**
 * The `.tlog-proof` of one entry, with the entry in it, to the newest signed checkpoint; `null` if that does not cover the
 * entry yet.
 */
export async function proveEntry(ledger: Ledger, index: bigint): Promise<string | null> {
  const note = await readCheckpointNote(ledger);
  if (note === null) return null;
  const opened = openCheckpoint(Buffer.from(note), ledger.key.verifier, ed25519Verifier());
  if (!opened.ok) throw new UnsoundLedger(opened.because);
  const { size } = opened.checkpoint;
  if (index < 0n || index >= size) return null;
  const [row] = await readEntries(ledger.db, index, 1);
  if (row?.index !== index) throw new UnsoundLedger(`expected the entry ${index}, got none`);
  const hashes = await proveInclusion(ledger.db, index, size);
  return formatTlogProof({ index, extra: Buffer.from(row.entry, 'utf8'), hashes, checkpoint: note });
}

/** Where the entries about an object (`change/CHG-12`) stand, in their order. */
export async function indexesOf({ db }: Pick<Ledger, 'db'>, object: string): Promise<bigint[]> {
  const rows = await readEntriesOf(db, object, { from: 0n, limit: MOST_ENTRIES });
  return rows.map(({ index }) => index);
}

/** Whose entries are proven at once: no request of a person has so many. */
const MOST_ENTRIES = 10_000;

/**
 * The proof that the tree of `from` entries is the beginning of the one of `to`; `null` where there are fewer entries.
 * From 0 there is none (ADR 0020): the caller refuses that.
 */
export async function proveContinues(
  { db }: Pick<Ledger, 'db'>,
  from: bigint,
  to: bigint | undefined,
): Promise<ConsistencyProof | null> {
  const size = (await readHead(db))?.size ?? 0n;
  const end = to ?? size;
  if (from < 1n || from > end || end > size) return null;
  return {
    from: from.toString(),
    to: end.toString(),
    fromRoot: toBase64(await readRoot(db, from)),
    toRoot: toBase64(await readRoot(db, end)),
    hashes: (await proveConsistency(db, from, end)).map(toBase64),
  };
}
