import type { MonitoringProof } from '../../contract/monitoring.ts';

/** What is to be proven, and when it is asked. */
export interface MonitoringQuestion {
  /** Names of the plan's targets; `null` where no plan is in question. A plan that names none is `unknown`. */
  readonly targets: readonly string[] | null;
  /** The database's clock, in epoch milliseconds. */
  readonly nowMs: number;
}

/** Proves that the monitoring platform of an environment lives. */
export interface MonitoringProver {
  /**
   * Asks everything at once, within the settings' time limit. Never throws for what the outside does: what cannot be proven is
   * `fail` or `unknown`, with its reason and every raw answer.
   */
  prove(environment: string, question: MonitoringQuestion): Promise<MonitoringProof>;
}

/** Tells when the Watchdog's notification last reached our own webhook, in epoch milliseconds; `null` if it never did. */
export type WatchdogHeard = (environment: string) => Promise<number | null>;
