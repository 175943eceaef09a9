import type { MonitoringProof } from '../../contract/monitoring.ts';
import { databaseClockMs, insertProof, newestProof, type ProofRow } from '../../store/monitoring.ts';
import type { AppContext } from '../context.ts';
import type { MonitoringProver } from '../ports/monitoring.ts';

/** What proves that monitoring lives, and the proofs under way, so that many who ask at once get one. */
export interface Monitoring {
  /** `null` where no monitoring is configured: its proof is then unknown, which never passes. */
  readonly prover: MonitoringProver | null;
  readonly underWay: Map<string, Promise<ProofRow>>;
  /** What was proven for showing alone, and so never stored; nothing is decided on it. */
  readonly looked: Map<string, Look>;
}

/** A proof that was made to be looked at; `atMs` is on this process's monotonic clock. */
export interface Look {
  readonly atMs: number;
  readonly proof: Promise<MonitoringProof>;
}

export function monitoringOf(prover: MonitoringProver | null): Monitoring {
  return { prover, underWay: new Map(), looked: new Map() };
}

/** The environment whose monitoring is asked, and the plan's targets; `null` where no plan is in question. */
export interface ProofQuestion {
  readonly environment: string;
  readonly targets: readonly string[] | null;
}

/** A passing proof older than this is made anew before anything is decided on it. */
export const YOUNG_MS = 5_000;

/**
 * A proof that is young enough and passes, or else a new one. Asks the outside, so it is called before a transaction, never
 * inside; what is decided then reads the stored row. `null` where nothing can prove anything.
 */
export async function ensureProof(
  context: AppContext,
  question: ProofQuestion,
  maxAgeMs: number = youngMs(context),
): Promise<ProofRow | null> {
  const { environment, targets } = question;
  const newest = await newestProof(context.db, environment, targets);
  if (newest && newest.age_ms <= maxAgeMs && passes(context, newest)) return newest;
  return proveNow(context, question);
}

/** Whether `ensureProof` would make no new one beside this, the newest that is stored. */
export function sparesProving(context: AppContext, newest: ProofRow | undefined): boolean {
  if (!context.monitoring.prover) return true;
  return newest !== undefined && newest.age_ms <= youngMs(context) && passes(context, newest);
}

function youngMs({ policy }: AppContext): number {
  return Math.min(YOUNG_MS, policy.file.limits.monitoringProofAge / 2);
}

/** Proves anew and stores it; who asks while one is under way gets that one. `null` where nothing can prove anything. */
export async function proveNow(context: AppContext, question: ProofQuestion): Promise<ProofRow | null> {
  const { prover, underWay } = context.monitoring;
  if (!prover) return null;
  const key = keyOf(question);
  const already = underWay.get(key);
  if (already) return already;
  const proving = prove(context, prover, question).finally(() => underWay.delete(key));
  underWay.set(key, proving);
  return proving;
}

/** The same question has the same key. */
export function keyOf({ environment, targets }: ProofQuestion): string {
  return JSON.stringify([environment, targets]);
}

async function prove(
  context: AppContext,
  prover: MonitoringProver,
  { environment, targets }: ProofQuestion,
): Promise<ProofRow> {
  const nowMs = await databaseClockMs(context.db);
  const proof: MonitoringProof = await prover.prove(environment, { targets, nowMs });
  for (const part of ['prometheus', 'alertmanager', 'thanos'] as const) {
    context.metrics.count('interlock_monitoring_proofs_total', { environment, part, verdict: proof[part] });
  }
  return insertProof(context.db, environment, targets, proof);
}

/** Whether every part of the platform that the environment has was proven alive. */
export function passes(context: Pick<AppContext, 'policy'>, proof: ProofRow): boolean {
  const environment = context.policy.policy.environments.get(proof.environment);
  return environment !== undefined && environment.monitoring.every((part) => proof[part] === 'pass');
}
