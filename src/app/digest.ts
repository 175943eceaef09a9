import { canonicalJson } from '../kernel/ledger/canonical.ts';
import type { AppContext } from './context.ts';

/** `sha256:<hex>` of a value's canonical JSON. @throws {NotCanonical} where it has none. */
export function digestOf(context: Pick<AppContext, 'hash'>, value: unknown): string {
  const bytes = context.hash(new TextEncoder().encode(canonicalJson(value)));
  return `sha256:${Buffer.from(bytes).toString('hex')}`;
}
