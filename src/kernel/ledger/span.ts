/** The leaves from `start` up to, not including, `end`: one side of a split of the tree. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

/** A complete subtree: the leaves from `index` · 2^`level` up to (`index` + 1) · 2^`level`. */
export interface Node {
  readonly level: number;
  readonly index: bigint;
}

/** The largest power of two below `count`, where RFC 6962 splits `count` ≥ 2 leaves. */
export function splitAt(count: bigint): bigint {
  return 1n << BigInt((count - 1n).toString(2).length - 1);
}

/**
 * The complete subtrees that make up a span, the largest first; folding their hashes from the right gives the
 * span's own. `start` must be a multiple of a power of two not smaller than the span, as every split leaves it.
 */
export function nodesOf(span: Span): Node[] {
  const nodes: Node[] = [];
  let start = span.start;
  while (start < span.end) {
    const level = (span.end - start).toString(2).length - 1;
    nodes.push({ level, index: start >> BigInt(level) });
    start += 1n << BigInt(level);
  }
  return nodes;
}
