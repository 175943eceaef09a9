import type { LedgerFault } from '../contract/ledger.ts';
import { signCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { rootOf } from '../kernel/ledger/range.ts';
import { transact } from '../store/database.ts';
import { replaceFile } from '../store/durable-file.ts';
import { insertCheckpoint } from '../store/ledger-checkpoints.ts';
import { sha256 } from '../store/ledger-crypto.ts';
import { readNewest } from '../store/ledger-newest.ts';
import { trustOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';

/** A signed checkpoint of everything committed, or why the log must not sign: it would contradict what it signed before. */
export type Signed =
  | { readonly ok: true; readonly size: bigint; readonly note: string }
  | { readonly ok: false; readonly faults: readonly LedgerFault[] };

/**
 * Signs a checkpoint of what is committed now, after reading every entry since the newest checkpoint, and keeps it in the
 * database and outside of it.
 */
export async function signLedger(ledger: Ledger): Promise<Signed> {
  return ledger.inTurn(() => sign(ledger));
}

async function sign(ledger: Ledger): Promise<Signed> {
  const { reading, anchored } = await readNewest(ledger.db, trustOf(ledger), 0n);
  const { faults, range } = reading;
  if (faults.length > 0 || range === null) return { ok: false, faults };
  const tree = { size: range.size, root: rootOf(sha256, range) };
  // Ed25519 signs the same text with the same bytes, so a checkpoint made twice is the same checkpoint.
  const note = signCheckpoint(tree, ledger.key.verifier, ledger.key.signMessage);
  // INVARIANT: outside first. The entries are committed; where we stop between the two, nothing signed is forgotten.
  if (anchored === null || anchored < tree.size) await replaceFile(ledger.anchorFile, note);
  const stands = await transact(ledger.db, (tx) => insertCheckpoint(tx, { size: tree.size, note }));
  return stands === note ? { ok: true, size: tree.size, note } : { ok: false, faults: [forkAt(tree.size)] };
}

function forkAt(size: bigint): LedgerFault {
  return {
    code: 'checkpoint-root',
    first: null,
    last: null,
    message: `expected one checkpoint for size ${size}, got a second one that differs`,
  };
}
