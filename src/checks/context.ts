import type { Placed } from '../kernel/verify/inventory.ts';

/** What a check may use of the world. Everything comes in, so that a runner decides what a check can see. */
export interface CheckContext {
  /** Address of the environment's Prometheus; `null` where none is configured. */
  readonly prometheusUrl: string | null;
  /** Address of the environment's Alertmanager; `null` where none is configured. */
  readonly alertmanagerUrl: string | null;
  /** The plan's targets, each with its environment; a check may compare them with an inventory. */
  readonly targets?: readonly Placed[];
  /** The variables that a check may name. A command sees only PATH, HOME, LANG, LC_ALL, TZ, USER, LOGNAME and TMPDIR of them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the check: what is not measured by then is unknown. */
  readonly signal: AbortSignal;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** Longest time of one question to Prometheus; 10 s if not given. */
  readonly questionTimeoutMs?: number;
  /** Warnings of Prometheus that say nothing against an answer, word by word. */
  readonly allowedWarnings?: readonly string[];
}
