import type { RawAnswer } from '../../contract/monitoring.ts';

/** A query that tells how much of an error budget is left. */
export interface BudgetQuestion {
  readonly query: string;
  /** The metrics that it looks at: each has to have fresh samples. */
  readonly selectors: readonly string[];
  /** The database's clock, in epoch milliseconds. */
  readonly nowMs: number;
}

export interface BudgetReading {
  /** Share that is left, at most 1; `null` where it cannot be told. */
  readonly remaining: number | null;
  readonly because: string;
  readonly raw: readonly RawAnswer[];
}

/** What knows the error budgets: Prometheus. */
export interface BudgetReader {
  /** Never throws for what the outside does. */
  read(question: BudgetQuestion): Promise<BudgetReading>;
}
