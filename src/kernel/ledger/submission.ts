import { fromBase64, toBase64 } from './base64.ts';
import { parseDecimal } from './checkpoint.ts';
import { HASH_BYTES } from './hash.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';
import { fromUtf8 } from './utf8.ts';

/** What a log hands to a witness (c2sp.org/tlog-witness, `add-checkpoint`). */
export interface Submission {
  /** The size that the witness cosigned last, as far as the log knows. */
  readonly oldSize: bigint;
  /** That the new tree begins with the old one. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly checkpoint: string;
}

/** The longest proof that the protocol allows: a tree has no more levels. */
const MAX_PROOF = 63;

/** The body of the request. */
export function formatSubmission({ oldSize, proof, checkpoint }: Submission): string {
  return [`old ${oldSize}`, ...proof.map(toBase64), '', checkpoint].join('\n');
}

/** Reads the body of a request. Nothing in it is to be believed yet. */
export function parseSubmission(body: Uint8Array): { ok: true; submission: Submission } | Refused {
  const text = fromUtf8(body);
  const blank = text?.indexOf('\n\n') ?? -1;
  if (text === null || blank < 0) return refused('expected UTF-8 with an empty line before the checkpoint');
  const [first = '', ...lines] = text.slice(0, blank).split('\n');
  const oldSize = first.startsWith('old ') ? parseDecimal(first.slice('old '.length)) : null;
  if (oldSize === null) return refused(`expected a line \`old N\`, got \`${first}\``);
  if (lines.length > MAX_PROOF) {
    return refused(`expected at most ${MAX_PROOF} lines of proof, got ${lines.length}`);
  }
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) return refused(`expected a hash in base64, got \`${line}\``);
    proof.push(hash);
  }
  return { ok: true, submission: { oldSize, proof, checkpoint: text.slice(blank + 2) } };
}
