import { fromBase64, toBase64 } from './base64.ts';
import { HASH_BYTES, sameHash } from './hash.ts';
import type { VerifierKey } from './key.ts';
import { openNote, signNote } from './note.ts';
import type { SignMessage, VerifySignature } from './note.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';

/** What a log says of itself at one moment (c2sp.org/tlog-checkpoint): this many leaves, this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** The signed note of a checkpoint, by the log's own key; the key's name is the log's origin. */
export function signCheckpoint(
  tree: { readonly size: bigint; readonly root: Uint8Array },
  key: VerifierKey,
  sign: SignMessage,
): string {
  return signNote(formatCheckpoint({ origin: key.name, ...tree }), key, sign);
}

/** The text of a checkpoint, which is what gets signed. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Opens a signed checkpoint of the log whose key this is: signature, form and origin must all be right. */
export function openCheckpoint(
  note: Uint8Array,
  key: VerifierKey,
  verify: VerifySignature,
): { ok: true; checkpoint: Checkpoint } | Refused {
  const opened = openNote(note, [key], verify);
  if (!opened.ok) return opened;
  const parsed = parseCheckpoint(opened.text);
  if (!parsed.ok) return parsed;
  if (parsed.checkpoint.origin !== key.name) {
    return refused(`expected the origin \`${key.name}\`, got \`${parsed.checkpoint.origin}\``);
  }
  return parsed;
}

/** Reads the text of a checkpoint. Extension lines are allowed by the format and not looked at. */
export function parseCheckpoint(text: string): { ok: true; checkpoint: Checkpoint } | Refused {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  const end = rest.pop();
  if (end !== '' || origin === '' || rest.includes('')) {
    return refused('expected a checkpoint of at least three lines: origin, size, root');
  }
  const leaves = parseDecimal(size);
  if (leaves === null) return refused(`expected a decimal size without leading zeros, got \`${size}\``);
  const bytes = fromBase64(root);
  if (bytes === null || bytes.length !== HASH_BYTES) {
    return refused(`expected a root hash of ${HASH_BYTES} bytes in base64, got \`${root}\``);
  }
  return { ok: true, checkpoint: { origin, size: leaves, root: bytes } };
}

/** A decimal of ASCII digits without leading zeros, or `null`. */
export function parseDecimal(text: string): bigint | null {
  return /^(?:0|[1-9][0-9]*)$/.test(text) ? BigInt(text) : null;
}

/** Whether two checkpoints of one log cannot both be true: one size, two roots. A log that signed both has forked. */
export function isFork(a: Checkpoint, b: Checkpoint): boolean {
  return a.size === b.size && !sameHash(a.root, b.root);
}
