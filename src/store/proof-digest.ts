import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { sha256 } from './ledger-crypto.ts';

/** All that is kept of a proof of monitoring: what it was asked, what it found, and the raw answers. */
export interface KeptProof {
  readonly environment: string;
  readonly targets: readonly string[];
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly thanos: string;
  /** As they are read again, not as they were heard: `jsonb` holds no NUL. */
  readonly probes: unknown;
  readonly places: unknown;
  readonly proved_at: Date;
}

/**
 * `sha256:<hex>` of the canonical JSON of a kept proof: the same when it is made and whenever it is read again.
 *
 * @throws {NotCanonical | RangeError | TypeError} of what no prover stores
 */
export function digestOfProof(proof: KeptProof): string {
  const { environment, targets, prometheus, alertmanager, thanos, probes, places, proved_at } = proof;
  const provedAt = proved_at.toISOString();
  const text = canonicalJson({
    environment,
    targets,
    prometheus,
    alertmanager,
    thanos,
    probes,
    places,
    provedAt,
  });
  return `sha256:${Buffer.from(sha256(Buffer.from(text, 'utf8'))).toString('hex')}`;
}
