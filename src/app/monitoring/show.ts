import type { MonitoringAnswer } from '../../contract/monitoring.ts';
import { transact } from '../../store/database.ts';
import { newestProof, probesOf } from '../../store/monitoring.ts';
import type { AppContext } from '../context.ts';

/** What was proven of each environment's monitoring last, with the raw answers; nothing is asked anew by looking. */
export async function showMonitoring(context: AppContext): Promise<MonitoringAnswer> {
  const { policy, file } = context.policy;
  return transact(
    context.db,
    async (tx) => {
      const environments: MonitoringAnswer['environments'] = [];
      for (const [name, { operational, monitoring }] of policy.environments) {
        if (!operational) continue;
        const row = await newestProof(tx, name, null);
        const proof = row && {
          provedAt: row.proved_at.toISOString(),
          counts: row.age_ms <= file.limits.monitoringProofAge,
          probes: [...(await probesOf(tx, row.id))],
        };
        environments.push({ name, parts: [...monitoring], proof: proof ?? null });
      }
      return { configured: context.monitoring.prover !== null, environments };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}
