import { HASH_BYTES, nodeHash, sameHash } from './hash.ts';
import type { Hash } from './hash.ts';
import { HOLDS, refused } from './refusal.ts';
import type { Holds, Refused } from './refusal.ts';
import { splitAt } from './span.ts';
import type { Span } from './span.ts';

/** That the tree of `newSize` leaves begins with exactly the `oldSize` leaves of the old tree. */
export interface ConsistencyClaim {
  readonly oldSize: bigint;
  readonly newSize: bigint;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
}

/**
 * The spans whose hashes prove that a tree of `oldSize` leaves is the beginning of one of `newSize` leaves
 * (RFC 6962 section 2.1.2), in the order of the proof.
 *
 * @throws {RangeError} when `oldSize` is 0 (there is nothing to be consistent with, ADR 0020) or above `newSize`.
 */
export function consistencySpans(oldSize: bigint, newSize: bigint): Span[] {
  if (oldSize < 1n || oldSize > newSize) {
    throw new RangeError(`expected an old size from 1 to ${newSize}, got \`${oldSize}\``);
  }
  const spans: Span[] = [];
  let [start, end] = [0n, newSize];
  while (end !== oldSize) {
    const middle = start + splitAt(end - start);
    if (oldSize <= middle) {
      spans.push({ start: middle, end });
      end = middle;
    } else {
      spans.push({ start, end: middle });
      start = middle;
    }
  }
  // The subtree that ends where the old tree ends: the verifier knows it already if it is the whole old tree.
  if (start !== 0n) spans.push({ start, end });
  return spans.toReversed();
}

/**
 * Whether the proof shows what is claimed (RFC 9162 section 2.1.4.2). Nothing is ever consistent with the empty
 * tree: every tree begins with it, so such a proof would say nothing and yet look like an answer (ADR 0020).
 */
export function verifyConsistency(
  hash: Hash,
  claim: ConsistencyClaim,
  proof: readonly Uint8Array[],
): Holds | Refused {
  const { oldSize, newSize, oldRoot, newRoot } = claim;
  if (oldSize < 1n || oldSize > newSize) {
    return refused(`expected an old size from 1 to ${newSize}, got \`${oldSize}\``);
  }
  if (oldSize === newSize) {
    if (proof.length > 0)
      return refused(`expected an empty proof for equal sizes, got ${proof.length} hashes`);
    return sameHash(oldRoot, newRoot)
      ? HOLDS
      : refused('expected equal roots for equal sizes, got two roots');
  }
  if ([oldRoot, newRoot, ...proof].some((bytes) => bytes.length !== HASH_BYTES)) {
    return refused(`expected hashes of ${HASH_BYTES} bytes, got one of another length`);
  }
  const climbed = climb(hash, claim, proof);
  if (climbed === null) return refused(`expected another length of proof than ${proof.length} hashes`);
  if (!sameHash(climbed.oldRoot, oldRoot)) {
    return refused('expected the proof to lead to the old root, got another root');
  }
  return sameHash(climbed.newRoot, newRoot)
    ? HOLDS
    : refused('expected the proof to lead to the new root, got another root');
}

/** Both roots that the proof leads to, or `null` if it is too short or too long for the claim. */
function climb(
  hash: Hash,
  { oldSize, newSize, oldRoot }: ConsistencyClaim,
  proof: readonly Uint8Array[],
): { oldRoot: Uint8Array; newRoot: Uint8Array } | null {
  let here = oldSize - 1n;
  let last = newSize - 1n;
  while (here % 2n === 1n) {
    here /= 2n;
    last /= 2n;
  }
  // Nothing left of the climb: the old tree is one complete subtree, and its root is what the proof starts from.
  const [seed, ...rest] = here === 0n ? [oldRoot, ...proof] : proof;
  if (seed === undefined) return null;
  let [left, right] = [seed, seed];
  for (const sibling of rest) {
    if (last === 0n) return null;
    if (here % 2n === 1n || here === last) {
      left = nodeHash(hash, sibling, left);
      right = nodeHash(hash, sibling, right);
      while (here % 2n === 0n && here !== 0n) {
        here /= 2n;
        last /= 2n;
      }
    } else {
      right = nodeHash(hash, right, sibling);
    }
    here /= 2n;
    last /= 2n;
  }
  return last === 0n ? { oldRoot: left, newRoot: right } : null;
}
