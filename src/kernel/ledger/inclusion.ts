import { HASH_BYTES, nodeHash, sameHash } from './hash.ts';
import type { Hash } from './hash.ts';
import { HOLDS, refused } from './refusal.ts';
import type { Holds, Refused } from './refusal.ts';
import { splitAt } from './span.ts';
import type { Span } from './span.ts';

/** That the leaf `leaf` stands at `index` in the tree of `size` leaves with this `root`. */
export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
}

/**
 * The spans whose hashes prove the leaf at `index` in a tree of `size` leaves, from the leaf's sibling up to the
 * child of the root (RFC 6962 section 2.1.1).
 *
 * @throws {RangeError} when the tree has no such leaf.
 */
export function inclusionSpans(index: bigint, size: bigint): Span[] {
  if (index < 0n || index >= size) {
    throw new RangeError(`expected an index below the tree's size ${size}, got \`${index}\``);
  }
  const spans: Span[] = [];
  let [start, end] = [0n, size];
  while (end - start > 1n) {
    const middle = start + splitAt(end - start);
    if (index < middle) {
      spans.push({ start: middle, end });
      end = middle;
    } else {
      spans.push({ start, end: middle });
      start = middle;
    }
  }
  return spans.toReversed();
}

/** Whether the proof shows what is claimed (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  hash: Hash,
  claim: InclusionClaim,
  proof: readonly Uint8Array[],
): Holds | Refused {
  const { index, size, leaf, root } = claim;
  if (index < 0n || index >= size) {
    return refused(`expected an index below the tree's size ${size}, got \`${index}\``);
  }
  if ([leaf, root, ...proof].some((bytes) => bytes.length !== HASH_BYTES)) {
    return refused(`expected hashes of ${HASH_BYTES} bytes, got one of another length`);
  }
  const climbed = climb(hash, claim, proof);
  if (climbed === null) return refused(`expected another length of proof than ${proof.length} hashes`);
  return sameHash(climbed, root)
    ? HOLDS
    : refused('expected the proof to lead to the root, got another root');
}

/** The root that the proof leads to, or `null` if it is too short or too long for the claim. */
function climb(hash: Hash, claim: InclusionClaim, proof: readonly Uint8Array[]): Uint8Array | null {
  let here = claim.index;
  let last = claim.size - 1n;
  let climbed = claim.leaf;
  for (const sibling of proof) {
    if (last === 0n) return null;
    if (here % 2n === 1n || here === last) {
      climbed = nodeHash(hash, sibling, climbed);
      // A node at the right edge without a sibling moves up as it is.
      while (here % 2n === 0n && here !== 0n) {
        here /= 2n;
        last /= 2n;
      }
    } else {
      climbed = nodeHash(hash, climbed, sibling);
    }
    here /= 2n;
    last /= 2n;
  }
  return last === 0n ? climbed : null;
}
