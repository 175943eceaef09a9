import { aloneAtProving, deadSince, newestProof, type ProofRow } from '../../store/monitoring.ts';
import type { AppContext } from '../context.ts';
import { repeat, type Repeated } from '../repeat.ts';
import { passes, proveNow } from './monitoring.ts';

const MINUTE_MS = 60_000;

export interface WatchOptions {
  readonly everyMs?: number;
  /** Called at every turn in which an environment's monitoring has been dead for the policy's time. */
  readonly onDead?: (environment: string, dead: Dead) => Promise<void>;
  /** Called at every turn in which an environment's monitoring is proven alive. */
  readonly onAlive?: (environment: string) => Promise<void>;
}

/** How long monitoring has been dead, from the first stored proof that did not pass. */
export interface Dead {
  readonly since: Date;
  readonly forMs: number;
}

/**
 * Proves the monitoring of every operational environment again and again, so that a gate finds a young proof and the screen
 * the present state. However many servers watch, one proves at a time, and a young proof of one is enough for all. Monitoring
 * that stays dead for the policy's time is told: it opens an incident.
 */
export function watchMonitoring(
  context: AppContext,
  { everyMs = 5_000, onDead = () => Promise.resolve(), onAlive = () => Promise.resolve() }: WatchOptions = {},
): Repeated {
  const environments = [...context.policy.policy.environments]
    .filter(([, { operational, monitoring }]) => operational && monitoring.length > 0)
    .map(([name]) => name);
  return repeat(context.log, {
    name: 'monitoring proof',
    everyMs,
    work: () =>
      Promise.all(environments.map((name) => watchOne(context, name, { everyMs, onDead, onAlive }))),
  });
}

async function watchOne(
  context: AppContext,
  environment: string,
  { everyMs, onDead, onAlive }: Required<WatchOptions>,
): Promise<void> {
  const proof = await aloneAtProving(context.db, environment, async (tx) => {
    const newest = await newestProof(tx, environment, null);
    // Another server's turn was a moment ago.
    if (newest && newest.age_ms < everyMs * 0.8) return newest;
    return proveNow(context, { environment, targets: null });
  });
  if (!proof) return;
  const dead = await deadFor(context, proof);
  if (dead === null && passes(context, proof)) await onAlive(environment);
  if (dead && dead.forMs >= context.policy.file.limits.monitoringDeadAfter) await onDead(environment, dead);
}

/** Read from the proofs that are stored: whichever server made them, and however often it was started since. */
async function deadFor(context: AppContext, proof: ProofRow): Promise<Dead | null> {
  if (passes(context, proof)) return null;
  const { environment } = proof;
  const parts = context.policy.policy.environments.get(environment)?.monitoring ?? [];
  // While nobody looked for as long as that, nobody knows what monitoring did.
  const silenceMs = Math.max(MINUTE_MS, context.policy.file.limits.monitoringDeadAfter);
  const since = await deadSince(context.db, environment, { parts, silenceMs });
  // Measured between instants of the database's clock.
  return since && { since, forMs: proof.proved_at.getTime() - since.getTime() };
}
