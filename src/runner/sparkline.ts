const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** How many measurements a sparkline shows. */
export const SPARK_WIDTH = 20;

/**
 * The newest values as a line of blocks, the oldest first, scaled between their own least and greatest; what could not be
 * measured is a gap. Values that are all the same lie on the ground.
 */
export function sparkline(values: readonly (number | null)[]): string {
  const shown = values.slice(-SPARK_WIDTH);
  const known = shown.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  return shown
    .map((value) => {
      if (value === null) return ' ';
      const level = span > 0 ? Math.round(((value - low) / span) * (LEVELS.length - 1)) : 0;
      return LEVELS[level] ?? LEVELS[0];
    })
    .join('');
}
