import type { ConsistencyProof, LedgerPage } from '../../../src/contract/ledger.ts';
import { fromBase64, toBase64 } from '../../../src/kernel/ledger/base64.ts';
import { canonicalJson } from '../../../src/kernel/ledger/canonical.ts';
import { openCheckpoint } from '../../../src/kernel/ledger/checkpoint.ts';
import { verifyConsistency } from '../../../src/kernel/ledger/consistency.ts';
import { parseVerifierKey, type VerifierKey } from '../../../src/kernel/ledger/key.ts';
import { verifyTlogProof } from '../../../src/kernel/ledger/tlog-proof.ts';
import { toUtf8 } from '../../../src/kernel/ledger/utf8.ts';
import { api, apiText } from '../server/api.ts';
import { inBrowser, type Platform } from './in-browser.ts';
import { keep, kept } from './kept.ts';

/** What this browser found by itself. `because`: what does not hold. */
export type Found =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly because: string };

/**
 * Whether the entry, byte by byte as it is shown, stands at its index in the log that the key signs. It is computed here: of the
 * server only the proof and the key are taken, and a key that is another than the one this browser kept is not believed (ADR 0117).
 */
export async function verifyEntry({ index, entry }: LedgerPage['entries'][number]): Promise<Found> {
  const vkey = await apiText('/ledger/log.vkey');
  // An entry of this very second may not be under a checkpoint yet.
  await signed();
  const proof = await apiText(`/ledger/entries/${index}/proof`);
  const shown = toUtf8(canonicalJson(entry));
  return inBrowser((platform) => {
    const key = keyOf(platform, vkey);
    if (!key.ok) return key;
    const proven = verifyTlogProof(toUtf8(proof), shown, { key: key.key, ...platform });
    if (!proven.ok) return proven;
    if (proven.index.toString() !== index)
      return { ok: false, because: `expected the proof of entry ${index}, got that of ${proven.index}` };
    return {
      ok: true,
      text: `Entry ${index} stands in the log of ${proven.checkpoint.size} entries that ${key.key.name} signed.`,
    };
  });
}

/**
 * Has everything signed, verifies the signature, and proves that the log of now continues the one that this browser verified
 * last; then keeps what it verified.
 */
export async function verifyLog(): Promise<Found> {
  const vkey = await apiText('/ledger/log.vkey');
  const note = await signed();
  const opened = await inBrowser((platform) => {
    const key = keyOf(platform, vkey);
    return key.ok ? openCheckpoint(toUtf8(note), key.key, platform.verify) : key;
  });
  if (!opened.ok) return opened;
  const { size, root } = opened.checkpoint;
  const before = kept();
  const now = { vkey: vkey.trim(), size: size.toString(), root: toBase64(root) };
  if (before === null) {
    keep(now);
    return {
      ok: true,
      text: `${size} entries are signed. This browser keeps that, and proves the next time that nothing before was changed.`,
    };
  }
  const continues = await continuesFrom(before, { size, root });
  if (!continues.ok) return continues;
  keep(now);
  return {
    ok: true,
    text: `${size} entries are signed, and the first ${before.size} are the very ones that this browser verified before.`,
  };
}

async function continuesFrom(
  before: { readonly size: string; readonly root: string },
  { size, root }: { readonly size: bigint; readonly root: Uint8Array },
): Promise<{ ok: true } | { ok: false; because: string }> {
  const oldSize = BigInt(before.size);
  if (oldSize > size)
    return {
      ok: false,
      because: `expected at least the ${oldSize} entries of before, got ${size}: the tail was cut`,
    };
  const { hashes } = await api<ConsistencyProof>(`/ledger/consistency?from=${oldSize}&to=${size}`);
  const claim = { oldSize, newSize: size, oldRoot: bytesOf(before.root), newRoot: root };
  return inBrowser(({ hash }) => verifyConsistency(hash, claim, hashes.map(bytesOf)));
}

/** A checkpoint of everything that is recorded by now. */
function signed(): Promise<string> {
  return apiText('/ledger/checkpoint', { method: 'POST' });
}

/** The log's key, where it is the one that this browser kept. */
function keyOf(
  { hash }: Platform,
  vkey: string,
): { ok: true; key: VerifierKey } | { ok: false; because: string } {
  const before = kept();
  if (before !== null && before.vkey !== vkey.trim())
    return {
      ok: false,
      because: `expected the key that this browser kept, \`${before.vkey}\`, got \`${vkey.trim()}\``,
    };
  return parseVerifierKey(hash, vkey.trim());
}

/** What is no base64 has no bytes, which no proof is made of. */
function bytesOf(text: string): Uint8Array {
  return fromBase64(text) ?? new Uint8Array(0);
}
