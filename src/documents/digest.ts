import { canonicalJson } from '../kernel/ledger/canonical.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import { toUtf8 } from '../kernel/ledger/utf8.ts';

/** `sha256:<hex>` over the canonical JSON (RFC 8785) of a document as it was written, defaults not filled in. */
export function documentDigest(written: unknown, hash: Hash): string {
  const bytes = hash(toUtf8(canonicalJson(written)));
  return `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
