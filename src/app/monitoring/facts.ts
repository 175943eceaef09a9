import type { Transaction } from '../../store/database.ts';
import { newestProof, type ProofRow } from '../../store/monitoring.ts';
import type { AppContext } from '../context.ts';
import type { ProofQuestion } from './monitoring.ts';

type Verdict = 'pass' | 'fail' | 'unknown';

/** A stored proof as the ledger names it. */
export type NamedProof = Pick<ProofRow, 'id' | 'digest'>;

/** The facts' `monitoring`, and the proof it was read from. */
export interface MonitoringFacts {
  readonly monitoring: {
    readonly prometheus: Verdict;
    readonly thanos: Verdict;
    readonly alertmanager: Verdict;
    /** Environments in which monitoring sees each target; absent: not proven. */
    readonly places?: Readonly<Record<string, readonly string[]>>;
  };
  /** The stored proof, `null` where there is none that is young enough. */
  readonly proof: NamedProof | null;
}

const UNKNOWN = { prometheus: 'unknown', thanos: 'unknown', alertmanager: 'unknown' } as const;

/**
 * What is proven of monitoring as far as it counts in a decision: the newest stored proof, if it is no older than the policy
 * allows; unknown otherwise. Call `ensureProof` before the transaction; a grant keeps the proof that it rests on.
 */
export async function monitoringFacts(
  tx: Transaction,
  context: Pick<AppContext, 'policy'>,
  { environment, targets }: ProofQuestion,
): Promise<MonitoringFacts> {
  return factsOfProof(context, await newestProof(tx, environment, targets));
}

/** The same of the newest stored proof, where it was read already. */
export function factsOfProof(
  context: Pick<AppContext, 'policy'>,
  proof: ProofRow | undefined,
): MonitoringFacts {
  if (!proof || proof.age_ms > context.policy.file.limits.monitoringProofAge) {
    return { monitoring: UNKNOWN, proof: null };
  }
  const { prometheus, thanos, alertmanager, places } = proof;
  return {
    monitoring: { prometheus, thanos, alertmanager, places },
    proof: { id: proof.id, digest: proof.digest },
  };
}
