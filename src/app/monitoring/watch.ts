import type { AppContext } from '../context.ts';
import { repeat, type Repeated } from '../repeat.ts';
import { passes, proveNow } from './monitoring.ts';

export interface WatchOptions {
  readonly everyMs?: number;
  /** Called once each time that an environment's monitoring has been dead for the policy's time. */
  readonly onDead?: (environment: string, deadForMs: number) => Promise<void>;
}

/**
 * Proves the monitoring of every operational environment again and again, so that a gate finds a young proof and the screen
 * the present state. Monitoring that stays dead for the policy's time is told: it opens an incident.
 */
export function watchMonitoring(
  context: AppContext,
  { everyMs = 5_000, onDead = () => Promise.resolve() }: WatchOptions = {},
): Repeated {
  const environments = [...context.policy.policy.environments]
    .filter(([, { operational, monitoring }]) => operational && monitoring.length > 0)
    .map(([name]) => watched(context, name, onDead));
  return repeat(context.log, {
    name: 'monitoring proof',
    everyMs,
    work: () => Promise.all(environments.map((prove) => prove())),
  });
}

function watched(
  context: AppContext,
  environment: string,
  onDead: NonNullable<WatchOptions['onDead']>,
): () => Promise<void> {
  const deadAfterMs = context.policy.file.limits.monitoringDeadAfter;
  let deadSinceMs: number | null = null;
  let told = false;
  return async () => {
    const proof = await proveNow(context, { environment, targets: null });
    if (!proof || passes(context, proof)) {
      deadSinceMs = null;
      told = false;
      return;
    }
    // Measured between instants of the database's clock, from the first proof that failed.
    const nowMs = proof.proved_at.getTime();
    deadSinceMs ??= nowMs;
    if (told || nowMs - deadSinceMs < deadAfterMs) return;
    await onDead(environment, nowMs - deadSinceMs);
    told = true;
  };
}
