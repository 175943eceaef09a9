import { databaseClockMs, newestProof } from '../../store/monitoring.ts';
import type { AppContext } from '../context.ts';
import type { MonitoringFacts } from './facts.ts';
import { keyOf, YOUNG_MS, type ProofQuestion } from './monitoring.ts';

/**
 * What is proven of monitoring, for a page that only shows: the newest stored proof where one is young enough, else one that is
 * made and not stored. `undefined` where nothing can prove anything. Many who look within seconds get one.
 */
export async function lookAtMonitoring(
  context: AppContext,
  question: ProofQuestion,
): Promise<MonitoringFacts | undefined> {
  const { prover, looked } = context.monitoring;
  const { environment, targets } = question;
  const stored = await newestProof(context.db, environment, targets);
  if (!prover || (stored && stored.age_ms <= context.policy.file.limits.monitoringProofAge)) return undefined;
  const nowMs = performance.now();
  for (const [key, { atMs }] of looked) if (nowMs - atMs > YOUNG_MS) looked.delete(key);
  const key = keyOf(question);
  const proving =
    looked.get(key)?.proof ??
    databaseClockMs(context.db).then((clockMs) => prover.prove(environment, { targets, nowMs: clockMs }));
  if (!looked.has(key)) looked.set(key, { atMs: nowMs, proof: proving });
  proving.catch(() => looked.delete(key));
  const { prometheus, thanos, alertmanager, places } = await proving;
  return { monitoring: { prometheus, thanos, alertmanager, places }, proof: null };
}
