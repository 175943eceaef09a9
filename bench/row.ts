/** One row of the benchmark table. Every field is text, with its unit. */
export interface Row {
  readonly what: string;
  /** The goal, as a ratio to the reference where one runs here. */
  readonly goal: string;
  readonly measured: string;
  /** What it is measured beside, and that one's figure in the same run. */
  readonly reference: string;
  /** Measured to reference, or `–` where the reference did not run here. */
  readonly ratio: string;
}

const COLUMNS = ['what', 'goal', 'measured', 'reference', 'ratio'] as const;

/** The rows as a table in plain text. */
export function tableOf(rows: readonly Row[]): string {
  const header: Row = {
    what: 'what',
    goal: 'goal',
    measured: 'measured',
    reference: 'reference',
    ratio: 'ratio',
  };
  const widths = COLUMNS.map((column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (row: Row) =>
    COLUMNS.map((column, index) => row[column].padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
