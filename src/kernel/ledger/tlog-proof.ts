import { fromBase64, toBase64 } from './base64.ts';
import { openCheckpoint, parseDecimal } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { HASH_BYTES, leafHash } from './hash.ts';
import type { Hash } from './hash.ts';
import { verifyInclusion } from './inclusion.ts';
import type { VerifierKey } from './key.ts';
import type { VerifySignature } from './note.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

/** A proof that one entry stands in the log, good without the log (c2sp.org/tlog-proof). */
export interface TlogProof {
  readonly index: bigint;
  /** The entry itself, so that nothing else is needed. Nobody signs it: it is believed once it is proven to be the leaf. */
  readonly extra: Uint8Array | null;
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, as the log issued it. */
  readonly checkpoint: string;
}

/** Whom and what a reader trusts: the log's key, and the functions that hash and verify. */
export interface Trust {
  readonly key: VerifierKey;
  readonly hash: Hash;
  readonly verify: VerifySignature;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

/** The text of a `.tlog-proof` file. */
export function formatTlogProof({ index, extra, hashes, checkpoint }: TlogProof): string {
  const extraLine = extra === null ? [] : [`extra ${toBase64(extra)}`];
  return [FIRST_LINE, ...extraLine, `index ${index}`, ...hashes.map(toBase64), '', checkpoint].join('\n');
}

/** Reads a `.tlog-proof` file. Nothing in it is to be believed before `verifyTlogProof`. */
export function parseTlogProof(bytes: Uint8Array): { ok: true; proof: TlogProof } | Refused {
  const text = fromUtf8(bytes);
  const blank = text?.indexOf('\n\n') ?? -1;
  if (text === null || blank < 0) return refused('expected a proof in UTF-8 with an empty line, got none');
  const [first, ...lines] = text.slice(0, blank).split('\n');
  if (first !== FIRST_LINE) return refused(`expected a first line \`${FIRST_LINE}\`, got \`${first}\``);
  const extraLine = lines[0]?.startsWith('extra ') ? lines.shift() : undefined;
  const extra = extraLine === undefined ? null : fromBase64(extraLine.slice('extra '.length));
  if (extraLine !== undefined && extra === null) {
    return refused(`expected extra data in base64, got \`${extraLine}\``);
  }
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice('index '.length)) : null;
  if (index === null) return refused(`expected a line \`index N\`, got \`${indexLine}\``);
  const hashes: Uint8Array[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) return refused(`expected a hash in base64, got \`${line}\``);
    hashes.push(hash);
  }
  return { ok: true, proof: { index, extra, hashes, checkpoint: text.slice(blank + 2) } };
}

/** Whether the file proves that this entry stands in the log that the key signs. */
export function verifyTlogProof(
  file: Uint8Array,
  entry: Uint8Array,
  { key, hash, verify }: Trust,
): { ok: true; index: bigint; checkpoint: Checkpoint } | Refused {
  const parsed = parseTlogProof(file);
  if (!parsed.ok) return parsed;
  const opened = openCheckpoint(toUtf8(parsed.proof.checkpoint), key, verify);
  if (!opened.ok) return opened;
  const { index, hashes } = parsed.proof;
  const { size, root } = opened.checkpoint;
  const included = verifyInclusion(hash, { index, size, root, leaf: leafHash(hash, entry) }, hashes);
  return included.ok ? { ok: true, index, checkpoint: opened.checkpoint } : included;
}
