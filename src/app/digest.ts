import { canonicalJson } from '../kernel/ledger/canonical.ts';
import type { AppContext } from './context.ts';

/** `sha256:<hex>` of a value's canonical JSON. @throws {NotCanonical} where it has none. */
export function digestOf(context: Pick<AppContext, 'hash'>, value: unknown): string {
  return digestOfBytes(context, new TextEncoder().encode(canonicalJson(value)));
}

/** `sha256:<hex>` of bytes as they are. */
export function digestOfBytes(context: Pick<AppContext, 'hash'>, bytes: Uint8Array): string {
  return `sha256:${Buffer.from(context.hash(bytes)).toString('hex')}`;
}
