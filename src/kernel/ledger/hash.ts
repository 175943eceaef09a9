/** The hash function of the log: SHA-256 for every log of ours. Pure, gives `HASH_BYTES` bytes. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** The hash of a leaf: H(0x00 ‖ entry), RFC 6962 section 2.1. */
export function leafHash(hash: Hash, entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1);
  bytes[0] = LEAF_PREFIX;
  bytes.set(entry, 1);
  return hash(bytes);
}

/** The hash of an inner node: H(0x01 ‖ left ‖ right). The prefix keeps a node from passing for a leaf. */
export function nodeHash(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = NODE_PREFIX;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return hash(bytes);
}

/** The root of the tree without leaves: H(""). */
export function emptyRoot(hash: Hash): Uint8Array {
  return hash(new Uint8Array(0));
}

/** Whether two hashes are the same bytes. Hashes are public here: no constant time is needed. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
