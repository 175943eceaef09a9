import { openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistency.ts';
import { emptyRoot, sameHash } from './hash.ts';
import type { Hash } from './hash.ts';
import type { VerifierKey } from './key.ts';
import { parseNote } from './note.ts';
import type { VerifySignature } from './note.ts';
import type { Submission } from './submission.ts';
import { toUtf8 } from './utf8.ts';

/** The newest tree of a log that a witness has cosigned. */
export type WitnessedTree = Pick<Checkpoint, 'size' | 'root'>;

/** What a witness knows when it judges. */
export interface WitnessKnowledge {
  /** The keys of the logs that it watches; a key's name is the log's origin. */
  readonly logs: readonly VerifierKey[];
  /** The newest tree of the submission's log that it cosigned, `null` before the first. */
  readonly last: WitnessedTree | null;
  readonly hash: Hash;
  readonly verify: VerifySignature;
}

/** What a witness says to a submission; each refusal is one status of the protocol. */
export type WitnessVerdict =
  | { readonly verdict: 'cosign'; readonly checkpoint: Checkpoint; readonly text: string }
  | {
      readonly verdict: 'malformed' | 'unknown-log' | 'not-signed' | 'inconsistent';
      readonly because: string;
    }
  /** It cosigned another size than the log says, or another tree of this size: `size` is what it cosigned last. */
  | { readonly verdict: 'conflict'; readonly size: bigint; readonly because: string };

/** The log that a submission says it comes from, or `null` where there is no checkpoint in it. Not proven yet. */
export function originOf({ checkpoint }: Submission): string | null {
  const note = parseNote(toUtf8(checkpoint));
  const parsed = note.ok ? parseCheckpoint(note.text) : note;
  return parsed.ok ? parsed.checkpoint.origin : null;
}

/** Judges a submission in the order of c2sp.org/tlog-witness: whose it is, whether it is signed, whether it continues. */
export function judgeSubmission(submission: Submission, known: WitnessKnowledge): WitnessVerdict {
  const note = toUtf8(submission.checkpoint);
  const parsed = parseNote(note);
  if (!parsed.ok) return { verdict: 'malformed', because: parsed.because };
  const claimed = parseCheckpoint(parsed.text);
  if (!claimed.ok) return { verdict: 'malformed', because: claimed.because };
  const { origin } = claimed.checkpoint;
  const key = known.logs.find((one) => one.name === origin);
  if (key === undefined) {
    return { verdict: 'unknown-log', because: `expected a log that is watched here, got \`${origin}\`` };
  }
  const opened = openCheckpoint(note, key, known.verify);
  if (!opened.ok) return { verdict: 'not-signed', because: opened.because };
  return judgeTree(submission, opened.checkpoint, parsed.text, known);
}

function judgeTree(
  { oldSize, proof }: Submission,
  checkpoint: Checkpoint,
  text: string,
  { last, hash }: WitnessKnowledge,
): WitnessVerdict {
  const { size, root } = checkpoint;
  if (oldSize > size) {
    return { verdict: 'malformed', because: `expected an old size up to ${size}, got \`${oldSize}\`` };
  }
  const known = last ?? { size: 0n, root: emptyRoot(hash) };
  const conflict = (because: string) => ({ verdict: 'conflict', size: known.size, because }) as const;
  if (oldSize !== known.size) return conflict(`expected the old size ${known.size}, got \`${oldSize}\``);
  if (size === known.size && !sameHash(root, known.root)) {
    return conflict(`expected the one root of size ${size}, got a second one`);
  }
  // INVARIANT: nothing is consistent with nothing. What is seen for the first time stands on its signature alone (ADR 0020).
  const continues =
    oldSize === 0n
      ? proof.length === 0
      : verifyConsistency(hash, { oldSize, newSize: size, oldRoot: known.root, newRoot: root }, proof).ok;
  if (!continues) {
    return {
      verdict: 'inconsistent',
      because: `expected a proof from size ${oldSize} to ${size} that holds, got another`,
    };
  }
  return { verdict: 'cosign', checkpoint, text };
}
