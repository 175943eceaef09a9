import { type MonitoringProof, monitoringSettings, type ProbeResult } from '../../src/contract/monitoring.ts';
import { createMonitoringProver, type MonitoringEndpoints } from '../../src/integrations/monitoring.ts';
import type { WatchdogHeard } from '../../src/app/ports/monitoring.ts';

/** What a test asks to be proven, where it differs from the usual. */
export interface ProofQuestion {
  readonly endpoints?: Partial<MonitoringEndpoints>;
  /** As they would be written in a policy. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly targets?: readonly string[] | null;
  readonly watchdogHeard?: WatchdogHeard;
}

/** Proves a platform with a single Alertmanager and without Thanos. */
export function proveMonitoring(
  usual: MonitoringEndpoints,
  { endpoints, settings, targets = null, watchdogHeard }: ProofQuestion,
): Promise<MonitoringProof> {
  const prover = createMonitoringProver({
    settings: monitoringSettings.parse({ alertmanagerAlone: true, ...settings }),
    endpoints: () => ({ ...usual, ...endpoints }),
    ...(watchdogHeard ? { watchdogHeard } : {}),
  });
  return prover.prove('shop.example', { targets, nowMs: Date.now() });
}

/** One probe of a proof, by its id, and by its part where two have the same. */
export function probeOf(proof: MonitoringProof, id: string, part?: string): ProbeResult {
  const found = proof.probes.find((one) => one.probe === id && (part === undefined || one.part === part));
  if (!found) throw new Error(`expected the probe ${id} in the proof, got none`);
  return found;
}
