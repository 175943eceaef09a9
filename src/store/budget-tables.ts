import type { ColumnType } from 'kysely';

interface ErrorBudgetReadings {
  id: ColumnType<bigint, never, never>;
  service: string;
  query: string;
  remaining: number | null;
  because: string;
  /** The raw answers; written as JSON text, read parsed. */
  raw: ColumnType<unknown, string, never>;
  read_at: ColumnType<Date, never, never>;
}

/** The table of `0024-error-budgets.sql`. */
export interface BudgetTables {
  error_budget_readings: ErrorBudgetReadings;
}
