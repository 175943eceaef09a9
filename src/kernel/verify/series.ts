import type { Outcome } from './outcome.ts';

/** One series of an instant vector; a scalar is one without labels. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite; ask `isMeasured` before comparing. */
  readonly value: number;
}

/** An answer to an instant query. */
export interface QueryAnswer {
  readonly series: readonly Series[];
  /** When Prometheus evaluated it, by its own clock, in epoch milliseconds; `null` in an empty vector. */
  readonly evaluatedAtMs: number | null;
  readonly warnings: readonly string[];
}

export type QueryOutcome = Outcome<QueryAnswer>;

/** A text that two label sets share exactly if they are the same. */
export function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([name]) => name !== '__name__')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
